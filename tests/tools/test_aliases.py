import pytest

from pymolcode_plugin.tools.aliases import translated


async def test_the_older_names_still_work_with_their_own_arguments(call, hiv_protease):
    hiv_protease.copy("twin", "1hpv")
    shown = await call("pymol_show", selection="organic", representation="spheres", color="orange")
    assert shown.text.endswith("spheres shown on 70 of 70 atoms.")
    assert hiv_protease.count_atoms("organic and color orange") == 70
    assert (await call("pymol_color", selection="organic", color="red")).ok
    assert (await call("pymol_zoom", selection="organic")).text == "The view is on 70 atoms."
    assert "1hpv" in (await call("pymol_list")).text
    aligned = await call("pymol_align", mobile="1hpv and chain A", target="twin and chain B", cutoff=1.0, cycles=0)
    assert aligned.text.startswith("cealign moved 1hpv onto twin")
    measured = await call("pymol.measure_distance", atom1="1hpv and name N1 and organic", atom2="twin and resi 25")
    assert "Å between the nearest atoms" in measured.text


@pytest.mark.parametrize(
    ("name", "given", "tool", "arguments"),
    [
        ("pymol_load", {"source": "1hpv", "name": "p"}, "fetch", {"id": "1hpv", "name": "p"}),
        ("pymol_load", {"source": "a/1hpv.pdb", "name": None}, "load", {"file": "a/1hpv.pdb"}),
        ("pymol.zoom", {"buffer": 2.0, "complete": True}, "view", {"action": "zoom", "amount": 2.0}),
        ("pymol.select_atoms", {"name": "s", "selection": "all"}, "select", {"name": "s", "selection": "all"}),
        ("python_exec", {"code": "1"}, "run_python", {"code": "1"}),
        ("color", {"color": "red"}, "color", {"color": "red"}),
    ],
)
def test_arguments_are_put_in_the_terms_of_today(name, given, tool, arguments):
    assert translated(name, given) == (tool, arguments)
