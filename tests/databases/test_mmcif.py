import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pymolcode_plugin.core.errors import ToolFailed
from pymolcode_plugin.databases.mmcif import count_atoms, is_mmcif

_HEAD = """loop_
_atom_site.group_PDB
_atom_site.id
_atom_site.type_symbol
_atom_site.label_atom_id
_atom_site.label_alt_id
_atom_site.label_comp_id
_atom_site.label_asym_id
_atom_site.label_entity_id
_atom_site.label_seq_id
_atom_site.pdbx_PDB_ins_code
_atom_site.Cartn_x
_atom_site.Cartn_y
_atom_site.Cartn_z
_atom_site.occupancy
_atom_site.B_iso_or_equiv
_atom_site.auth_seq_id
_atom_site.auth_asym_id
_atom_site.pdbx_PDB_model_num
"""


def row(number, *, name="CA", resi=1, chain="A", model=1, alt="."):
    return f"ATOM {number} C {name} {alt} ALA {chain} 1 {resi} ? {number}.0 0.0 0.0 1.0 10.0 {resi} {chain} {model}"


def written(tmp_path, text):
    path = tmp_path / "x.cif"
    path.write_text(text)
    return path


def count(tmp_path, text):
    return count_atoms(written(tmp_path, text))


def atoms(*rows):
    return _HEAD + "".join(f"{item}\n" for item in rows) + "#\n"


@pytest.mark.parametrize("name", ["tut/1hpv.pdb", "demo/1tii.pdb", "demo/pept.pdb", "demo/il2.pdb"])
def test_the_count_of_a_file_of_pymols_is_pymols_count(cmd, shipped, tmp_path, name):
    cmd.load(str(shipped / name), "made", quiet=1)
    n_atoms = cmd.count_atoms("made")
    assert count(tmp_path, cmd.get_str("cif", "made")).possible == range(n_atoms, n_atoms + 1)


@pytest.mark.parametrize(
    "text",
    [
        atoms(row(1), row(2)),
        "_x.y 'loop_'\n" + atoms(row(1), row(2)),
        "_x.text\n;\nloop_\n_atom_site.id\n1\n2\n3\n;\n" + atoms(row(1), row(2)),
        "# a comment\n\n" + atoms(row(1), "# between", row(2)) + "loop_\n_other.id\n1\n2\n",
        atoms(row(1).replace(" CA ", ' "C A" '), row(2).replace(" CA ", " 'O5'' ")),
        atoms(row(1).replace(" CA ", " O5' "), row(2).replace(" CA ", ' "O5\'" ')),
        atoms(row(1).replace(" CA ", "\n;CA\n; "), row(2).replace(" CA ", "\n_x\n".replace("_x", "CA"))),
        atoms(row(1).replace(" ", "\n"), row(2).replace(" 1 ", "\n1\t")),
        atoms(row(1) + " " + row(2)),
        atoms(row(1).replace(" CA ", " '_atom_site.x' "), row(2).replace(" CA ", " 'loop_' ")),
        " ".join(_HEAD.split()) + " " + row(1) + "\n" + row(2) + "\n",
        atoms(row(1), row(2)).replace("#\n", "_after.x 1\n"),
        atoms(row(1), row(2)).replace("\n", "\r\n"),
        atoms(row(1), row(2)) + "data_second\n" + atoms(row(1), row(2), row(3)),
    ],
)
def test_the_format_is_read_as_it_is_written(tmp_path, text):
    assert count(tmp_path, "data_x\n" + text).possible == range(2, 3)


def test_a_single_atom_may_come_without_a_loop(tmp_path):
    pairs = "".join(f"{name} {value}\n" for name, value in zip(_HEAD.split()[1:], row(1).split(), strict=True))
    assert count(tmp_path, "data_x\n" + pairs + "_after.x 1\n").possible == range(1, 2)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<!DOCTYPE html><html>data_x</html>", "not an mmCIF file"),
        ("", "not an mmCIF file"),
        ("data_x\n_entry.id x\n", "no atoms"),
        ("data_x\n" + _HEAD + "#\n", "no atoms"),
        ("data_x\n" + atoms(row(1), row(2))[:-12], "in the middle of an atom"),
        ("data_x\n_x.text\n;\nand so on\n", "in the middle of a text"),
    ],
)
def test_what_is_not_whole_is_refused(tmp_path, text, words):
    with pytest.raises(ToolFailed, match=words):
        count(tmp_path, text)


def test_the_beginning_tells_an_mmcif_file():
    assert is_mmcif(b"\xef\xbb\xbf\n# comment\n  \ndata_1ABC\n")
    assert not is_mmcif(b"HEADER    HYDROLASE\n")


numbers = st.integers(1, 4)
one_model = st.sets(st.tuples(numbers, st.sampled_from("AB"), st.sampled_from(["CA", "CB"])), min_size=1, max_size=6)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(one_model, min_size=1, max_size=3))
def test_of_several_models_that_differ_the_count_is_pymols(cmd, tmp_path, models):
    every = [(model, *atom) for model, found in enumerate(models, 1) for atom in sorted(found)]
    rows = [
        row(number, resi=resi, chain=chain, name=name, model=model)
        for number, (model, resi, chain, name) in enumerate(every, 1)
    ]
    path = written(tmp_path, "data_x\n" + atoms(*rows))
    cmd.delete("all")
    cmd.load(str(path), "made", quiet=1)
    n_atoms = cmd.count_atoms("made")
    counts = count_atoms(path)
    assert counts.possible == range(n_atoms, n_atoms + 1)
    assert counts.n_models == len(models) == cmd.count_states("made")


def test_atoms_that_models_do_not_tell_apart_leave_room(cmd, tmp_path):
    path = written(tmp_path, "data_x\n" + atoms(row(1), row(2), row(3), row(4, model=2), row(5, resi=2, model=2)))
    cmd.load(str(path), "made", quiet=1)
    possible = count_atoms(path).possible
    assert (possible[0], possible[-1]) == (2, 5)
    assert cmd.count_atoms("made") in possible
