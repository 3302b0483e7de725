import pytest

from pymolcode_plugin.scene import commands


@pytest.mark.parametrize(
    ("text", "names", "selections"),
    [
        ("color red, chain A; zoo all", ["color", "zoom"], ["chain A", "all"]),
        ("label name CA, resi; system ls", ["label"], ["name CA"]),
        ("select chain A", ["select"], ["chain A"]),
        ("select foo, chain A", ["select"], ["chain A"]),
        ("distance d, a, b", ["distance"], ["a", "b"]),
        ("align mob, tar, object=x", ["align"], ["mob", "tar"]),
        ("delete a b", ["delete"], []),
        ("pair_fit a, b", ["pair_fit"], ["a", "b"]),
        ("zoom \\\n chain A", ["zoom"], ["chain A"]),
    ],
)
def test_commands_and_their_selections_are_read_as_pymol_reads_them(cmd, text, names, selections):
    found = commands.parse(cmd, text)
    assert [item.name for item in found] == names
    assert [value for item in found for value in item.selections] == selections
