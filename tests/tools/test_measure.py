import re

import pytest

ASP25 = [f"chain A and resi 25 and name {name}" for name in ("N", "CA", "CB", "CG")]


async def measure(call, what, *selections, **more):
    result = await call("measure", what=what, selections=list(selections), **more)
    return result.error or result.text


async def test_a_distance_is_pymols_own(call, hiv_protease):
    one, other = "chain A and resi 25 and name CG", "chain B and resi 25 and name CG"
    expected = hiv_protease.get_distance(one, other)
    assert (await measure(call, "distance", one, other)).startswith(f"{expected:.2f} Å")


async def test_an_angle_and_a_dihedral_are_pymols_own(call, hiv_protease):
    assert await measure(call, "angle", *ASP25[:3]) == f"{hiv_protease.get_angle(*ASP25[:3]):.1f}°."
    assert await measure(call, "dihedral", *ASP25) == f"{hiv_protease.get_dihedral(*ASP25):.1f}°."


async def test_the_nearest_pair_is_the_nearest_of_all_pairs(call, hiv_protease):
    text = await measure(call, "distance", "chain A and polymer", "organic")
    nearest = float(text.split(" ")[0])
    assert hiv_protease.count_atoms(f"(chain A and polymer) within {nearest + 0.01} of organic") >= 1
    assert hiv_protease.count_atoms(f"(chain A and polymer) within {nearest - 0.01} of organic") == 0
    pair = re.search(r"atoms, (\S+) to (\S+);", text)
    assert abs(hiv_protease.get_distance(pair[1], pair[2]) - nearest) < 0.01


@pytest.mark.parametrize(("what", "n"), [("distance", 2), ("angle", 3), ("dihedral", 4)])
async def test_what_is_drawn_is_an_object_of_the_name_asked_for_and_can_be_undone(call, hiv_protease, what, n):
    result = await call("measure", what=what, selections=ASP25[:n], draw="chi")
    assert result.text.endswith("Drawn as chi.")
    assert "added chi (measurement of 1 value)" in result.diff.text
    await call.undo()
    assert "chi" not in hiv_protease.get_names()


async def test_between_groups_the_nearest_pair_is_drawn_and_an_angle_is_not(call, hiv_protease):
    drawn = await call("measure", what="distance", selections=["resi 25", "organic"], draw="d")
    assert "added d (measurement of 1 value)" in drawn.diff.text
    angle = await call("measure", what="angle", selections=["resi 24", "resi 25", "resi 26"], draw="a")
    assert "every selection must be one atom" in angle.error
    assert "a" not in hiv_protease.get_names()


async def test_a_measurement_alone_changes_nothing(call, person, hiv_protease):
    for what, n in (("distance", 2), ("angle", 3), ("dihedral", 4), ("area", 1)):
        result = await call("measure", what=what, selections=ASP25[:n])
        assert result.ok
        assert not result.diff
    assert person.asked == []


async def test_rmsd_matches_by_name_and_else_in_order_and_moves_nothing(call, hiv_protease):
    hiv_protease.copy("twin", "1hpv")
    hiv_protease.translate([0, 3, 0], "twin", camera=0)
    by_name = await call("measure", what="rmsd", selections=["1hpv and name CA", "twin and name CA"])
    assert by_name.text == "RMSD 3.000 Å over 198 atoms, nothing moved."
    chains = ["1hpv and chain A and name CA", "1hpv and chain B and name CA"]
    assert "over 99 atoms, nothing moved, matched in their order" in await measure(call, "rmsd", *chains)
    assert not by_name.diff
    text = await measure(call, "rmsd", "1hpv and chain A and name CA", "organic")
    assert "have no atom in common" in text


async def test_nothing_to_measure_is_an_error_and_so_is_a_missing_selection(call, hiv_protease):
    assert "matches no atom" in await measure(call, "area", "chain Q")
    assert "distance needs 2" in await measure(call, "distance", "chain A")
    assert "can be drawn, not area" in await measure(call, "area", "chain A", draw="x1")
    assert "already an object" in await measure(call, "distance", *ASP25[:2], draw="1hpv")


@pytest.mark.parametrize("what", ["angle", "dihedral"])
async def test_points_that_fall_together_have_no_angle(call, hiv_protease, what):
    one = "chain A and resi 25 and name CA"
    assert "no such angle" in await measure(call, what, *[one] * (3 if what == "angle" else 4))


async def test_an_angle_between_more_than_single_atoms_says_so(call, hiv_protease):
    groups = [f"resi {number} and name CA" for number in (24, 25, 26)]
    assert "between the centroids of 2, 2, 2 atoms" in await measure(call, "angle", *groups)


async def test_every_atom_counts_however_many_there_are(call, cmd, shipped):
    cmd.load(str(shipped / "demo" / "1tii.pdb"), quiet=1)
    assert cmd.count_atoms("1tii") == 5684
    text = await measure(call, "distance", "1tii", "last 1tii")
    assert text.startswith("0.00 Å between the nearest atoms")
    centre = (await call("query_atoms", what="center", selections=["1tii"])).text
    xyz = cmd.get_coords("1tii").mean(axis=0)
    assert centre == f"Centroid at ({xyz[0]:.2f}, {xyz[1]:.2f}, {xyz[2]:.2f}) Å."
