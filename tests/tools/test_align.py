import pytest


@pytest.fixture
def twin(hiv_protease):
    hiv_protease.copy("twin", "1hpv")
    return hiv_protease


@pytest.mark.parametrize("method", ["align", "super"])
async def test_the_complete_numbers_are_pymols_own(call, twin, method):
    expected = getattr(twin, method)("1hpv and chain A", "twin and chain B", transform=0)
    result = await call("align", mobile="1hpv and chain A", target="twin and chain B", method=method)
    assert result.text.startswith(f"{method} moved 1hpv onto twin: RMSD {expected[0]:.3f} Å over {expected[1]} atoms")
    assert f"after {expected[2]} cycles" in result.text
    assert f"({expected[3]:.3f} Å over {expected[4]} atoms before)" in result.text
    assert f"raw score {expected[5]:.1f}; {expected[6]} residues aligned" in result.text
    assert "moved the coordinates of 1hpv" in result.diff.text
    moved = twin.get_coords("1hpv and chain A and name CA")
    await call.undo()
    assert abs(twin.get_coords("1hpv and chain A and name CA") - moved).max() > 1


async def test_cealign_says_rmsd_and_length(call, twin):
    result = await call("align", mobile="1hpv and chain A", target="twin and chain B", method="cealign")
    assert result.text == "cealign moved 1hpv onto twin: RMSD 0.233 Å over 96 residues."


async def test_the_alignment_can_be_kept_as_an_object(call, twin):
    result = await call("align", mobile="1hpv and chain A", target="twin and chain B", object="aln")
    assert result.text.endswith("Alignment object aln.")
    assert twin.get_type("aln") == "object:alignment"


async def test_what_cannot_be_aligned_is_an_error_in_words(call, twin):
    empty = await call("align", mobile="chain Q", target="twin")
    assert "matches no atom" in empty.error
    several = await call("align", mobile="organic", target="twin")
    assert "mobile selection must derive from one object only" in several.error
    short = await call("align", mobile="1hpv and organic", target="twin", method="cealign")
    assert "too short" in short.error
    assert "'align', 'super' or 'cealign'" in (await call("align", mobile="1hpv", target="twin", method="tm")).error
