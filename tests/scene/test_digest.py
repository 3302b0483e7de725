import pytest

from pymolcode_plugin.scene import digest
from pymolcode_plugin.scene.history import History


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("color red, chain A", "recoloured 758 atoms of 1hpv"),
        ("show spheres, organic", "showed spheres on 35 atoms of 1hpv"),
        ("select pocket, byres organic", "selection pocket: 35 atoms"),
        ("disable 1hpv", "disabled 1hpv"),
        ("bg_color white", "set bg_rgb to white (was black)"),
        ("turn y, 30", "moved the view"),
        ("remove solvent", "1hpv lost"),
        ("delete 1hpv", "removed 1hpv (1,631 atoms)"),
        ("translate [1,0,0], chain A", "moved the coordinates of 1hpv"),
        ("alter chain A, chain='C'", "altered"),
        ("distance d, organic, polymer.protein, mode=2", "added d (measurement of 6 values)"),
        ("distance d, organic, chain Z, mode=2", "added d (measurement of nothing: no pair was found)"),
        ("angle a, A/24/CA, A/25/CA, A/26/CA", "added a (measurement of 1 value)"),
        ("dihedral d, A/25/N, A/25/CA, A/25/CB, A/25/CG", "added d (measurement of 1 value)"),
        ("label name CA, resi", "changed 198 labels of 1hpv"),
    ],
)
def test_a_change_is_said_in_words_and_undone_by_a_checkpoint(hiv_protease, command, expected):
    history = History(hiv_protease)
    before = digest.read(hiv_protease)
    number = history.keep().number
    hiv_protease.do(command)
    diff = digest.compare(before, digest.read(hiv_protease))
    assert expected in diff.text
    history.restore(number)
    assert not digest.compare(before, digest.read(hiv_protease))


def test_reading_changes_nothing(hiv_protease):
    before = digest.read(hiv_protease)
    hiv_protease.do("count_atoms all")
    hiv_protease.do("iterate all, name")
    assert digest.compare(before, digest.read(hiv_protease)).text == ""


def test_a_change_of_many_objects_is_said_in_few_lines(cmd):
    for number in range(60):
        cmd.pseudoatom(f"p{number}")
    before = digest.read(cmd)
    cmd.color("red", "all")
    diff = digest.compare(before, digest.read(cmd))
    assert len(diff.lines) == 21
    assert diff.lines[-1] == "and 40 more changes"
