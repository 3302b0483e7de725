import pytest

from pymolcode_plugin.scene import pointed_at


def clicked(cmd, expression):
    """As PyMOL names an atom that was clicked."""
    (index,) = [index for _model, index in cmd.index(f"first ({expression})")]
    return f"(1hpv`{index})"


def test_an_atom_is_its_residue_first_then_itself_its_chain_and_its_object(hiv_protease):
    found = pointed_at.at_atom(hiv_protease, clicked(hiv_protease, "A/25/CG"))
    assert [(target.kind, target.label) for target in found] == [
        ("residue", "1hpv/A/ASP`25"),
        ("atom", "1hpv/A/ASP`25/CG"),
        ("chain", "1hpv/A"),
        ("object", "1hpv"),
    ]
    counts = [hiv_protease.count_atoms(target.expression) for target in found]
    assert counts == [8, 1, 758, 1631]


def test_expressions_outlive_an_atom_that_is_removed(hiv_protease):
    residue = pointed_at.at_atom(hiv_protease, clicked(hiv_protease, "A/25/CG"))[0]
    hiv_protease.remove("A/1/")
    assert hiv_protease.count_atoms(f"{residue.expression} and resn ASP and resi 25 and chain A") == 8


@pytest.mark.parametrize(("atom", "kind"), [("organic", "ligand"), ("solvent", "water"), ("A/25/CG", "residue")])
def test_a_drug_a_water_and_a_residue_are_told_apart(hiv_protease, atom, kind):
    assert pointed_at.at_atom(hiv_protease, clicked(hiv_protease, atom))[0].kind == kind


def test_a_metal_is_an_ion(cmd):
    cmd.pseudoatom("m", resn="ZN", resi="1", name="ZN", elem="Zn", hetatm=1, chain="A")
    assert pointed_at.at_atom(cmd, "m")[0].kind == "ion"


@pytest.mark.parametrize("name", ["O5*", "H1+", "C#", "a,b"])
def test_a_name_that_a_macro_reads_otherwise_keeps_the_exact_atom(cmd, name):
    cmd.pseudoatom("m", resn="LIG", resi="1", name=name, chain="A", elem="C")
    cmd.pseudoatom("m", resn="LIG", resi="1", name="O5", chain="A", elem="O")
    cmd.pseudoatom("m", resn="LIG", resi="1", name="H1", chain="A", elem="H")
    atom = pointed_at.at_atom(cmd, "(m`1)")[1]
    names = []
    cmd.iterate(atom.expression, "names.append(name)", space={"names": names})
    assert names == [cmd.get_model("m").atom[0].name]


def test_an_alternate_location_is_the_one_that_was_clicked(cmd):
    for alt in "AB":
        cmd.pseudoatom("m", resn="SER", resi="1", name="OG", chain="A", elem="O")
        cmd.alter("m and alt ''", f"alt='{alt}'")
    atom = pointed_at.at_atom(cmd, "(m and alt B)")[1]
    assert cmd.count_atoms(atom.expression) == cmd.count_atoms(f"{atom.expression} and alt B") == 1


@pytest.mark.parametrize(
    ("what", "kind", "label"),
    [
        ("1hpv", "object", "1hpv"),
        ("site", "selection", "site"),
        ("A/25/", "residue", "1hpv/A/ASP`25"),
        ("A/25/CG", "atom", "1hpv/A/ASP`25/CG"),
        ("chain A and name CA", "selection", "99 atoms of 1hpv"),
        ("/1hpv//A", "chain", "1hpv/A"),
        ("resi 25+50", "selection", "32 atoms of 1hpv"),
        ("organic", "ligand", "1hpv/478`200"),
        ("visible", "scene", "what is shown"),
        ("(all)", "scene", "everything loaded"),
        ("dist", "drawing", "dist"),
        ("density", "map", "density"),
        ("bundle", "group", "bundle"),
    ],
)
def test_names_and_expressions_get_words_for_a_person(hiv_protease, what, kind, label):
    hiv_protease.select("site", "resi 25")
    hiv_protease.distance("dist", "A/25/CG", "B/25/CG")
    hiv_protease.map_new("density", "gaussian", 3.0, "organic")
    hiv_protease.group("bundle", "dist")
    assert pointed_at.named(hiv_protease, what)[:2] == (kind, label)


def test_what_matches_nothing_and_what_is_no_selection_are_told_apart(hiv_protease):
    import pymol

    with pytest.raises(LookupError, match="resn XYZ"):
        pointed_at.named(hiv_protease, "resn XYZ")
    with pytest.raises(pymol.CmdException):
        pointed_at.named(hiv_protease, "nosuchthing")
