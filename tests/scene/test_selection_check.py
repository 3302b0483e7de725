import time

import pytest

from pymolcode_plugin.core.errors import CommandFailed, SelectionEmpty
from pymolcode_plugin.scene.selection_check import check

_EVERYDAY = [
    "chain A and polymer", "byres (polymer within 4 of organic)", "resi 50-60", "%sele", "1hpv and chain B",
    "///A/25/CA", "/1hpv//A/25/CA", "A/25/", "organic", "all", "*", "polymer", "solvent", "chain A",
    "chain A or chain B", "chain A+B", "chain A and resi 25 and name CG", "resi 25 and polymer",
    "polymer and not chain A", "not (chain A or chain B)", "not solvent", "not solvent and not organic",
    "resn ASP+GLU", "resn LEU+ILE+VAL+PHE+MET", "ss H", "ss H and elem C", "organic and elem C", "name CA",
    "polymer and name CA", "polymer and resi 50 and sidechain", "backbone", "solvent within 4 of organic",
    "byres all within 5 of organic", "(byres all within 5 of organic) and not organic",
    "byres polymer within 5 of organic", "byres organic around 5", "organic around 5", "organic expand 5", "elem N+O",
    "byres chain A and resi 25", "chain A & resi 25", "b > 50", "b>50 and chain A", "resi 10-50 and elem C", "hetatm",
    "resi 1-10+20-30", "name C*", "i. 25", "chain B and resi 80", "1hpv", "%1hpv", "enabled", "visible",
    "rep cartoon", "first polymer", "bychain organic", "resi 25+50", "index 1-20", "chain ''", "q = 1 and chain A",
    "resn HIS and chain A", "polymer and not hydro", "byres (resn ASP and name CG)", "polymer.protein",
    "all and not solvent", "(chain A)", "chain A and not (resi 1-10)", "metals or organic", "sidechain and resi 25",
    "resn 478", "r. ASP and c. A",
]  # fmt: skip


def refusal(cmd, selection):
    with pytest.raises((SelectionEmpty, CommandFailed)) as caught:
        check(cmd, selection)
    return caught.value.message


def warned(cmd, selection):
    return " ".join(check(cmd, selection).warnings)


@pytest.mark.parametrize("selection", _EVERYDAY)
def test_everyday_selections_pass_without_a_warning(hiv_protease, selection):
    hiv_protease.select("sele", "chain B and resi 30", quiet=1)
    found = check(hiv_protease, selection)
    assert found.n_atoms == hiv_protease.count_atoms(selection) > 0
    assert found.warnings == ()


def test_a_summary_counts_atoms_residues_chains_and_objects(hiv_protease):
    found = check(hiv_protease, "chain A+B and resi 25")
    assert (found.n_atoms, found.n_residues, found.objects, found.chains) == (16, 2, ("1hpv",), ("A", "B"))


def test_the_check_leaves_the_scene_as_it_was(hiv_protease):
    hiv_protease.select("sele", "chain A", quiet=1)
    before = hiv_protease.get_names("all", 0), hiv_protease.get_names("all", 1)
    check(hiv_protease, "chain A")
    refusal(hiv_protease, "chain Q")
    refusal(hiv_protease, "((")
    assert (hiv_protease.get_names("all", 0), hiv_protease.get_names("all", 1)) == before


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        ("chain Q", "1hpv has chains '' (blank), A, B"),
        ("chain a", "case-sensitive: there is a `chain A`"),
        ("chain A and resi 500", "`resi 500` matches nothing in `chain A`. The residues are 1hpv chain A 1-99"),
        ("resi 50-10", "`resi 10-50`"),
        ("resi 50..60", "`resi 50-60`"),
        ("resi 25A", "without that insertion code: `resi 25`"),
        ("resi ASP", "`resn ASP` (64 atoms)"),
        ("resi D25", "takes only the number: `resi 25`"),
        ("resi A", "`chain A`"),
        ("resn 25", "`resi 25` (16 atoms)"),
        ("resn LIG", "The ligands are 478 (resi 200); `organic` selects them"),
        ("resn aspartate", "`resn ASP`"),
        ("resn WAT", "`resn HOH` (80 atoms)"),
        ("resn ASN and resi 25", "`resi 25` is ASP"),
        ("chain A and chain B", "write `chain A+B` (1516 atoms)"),
        ("resi 25 and resi 26", "write `resi 25+26` (30 atoms)"),
        ("polymer and organic", "write `polymer or organic` (1551 atoms)"),
        ("organic and chain A", "`organic` is in chain '' (blank)"),
        ("segi A", "`chain A` has 758 atoms"),
        ("elem Ca", "`name Ca` has 198 atoms"),
        ("//A/25/CA", "`///A/25/CA` has 1 atoms"),
        ("A", "`chain A`"),
        ("ss helix", "`ss H`"),
        ("hydro", "`h_add`"),
        ("b > 1000", "b runs from 7.69 to 128.18"),
        ("index 5000", "1hpv has 1631 atoms"),
        ("alt B", "no alternate conformations"),
        ("chain A and resi 25 and name XX", "Its atoms are N, CA, C, O, CB, CG, OD1, OD2"),
        ("organic around 5 and organic", "`expand` keeps it"),
        ("organic around 0.5", "with 4 Å it would be 50 atoms"),
        ("all within 5 of organic and polymer", "`(all within 5 of organic) and polymer` has 100 atoms"),
        ("color red", "The colours are carbon"),
        ("rep surface", "Shown are cartoon"),
        ("not all", "`all` is everything there is"),
    ],
)
def test_an_empty_selection_says_what_is_there_instead(hiv_protease, selection, said):
    assert said in refusal(hiv_protease, selection)


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        ("chain A, B", "`chain A+B`"),
        ("resi 25, 26", "`resi 25+26`"),
        ("chain A B", "`chain A+B`"),
        ("chains A", "write `chain A`"),
        ("atom CA", "write `name CA`"),
        ("resi 50 to 60", "`resi 50-60`"),
        ("resi > 50", "write `resi 50-`"),
        ("ligand", "write `organic`"),
        ("water", "write `solvent`"),
        ("protein", "write `polymer.protein`"),
        ("helix", "write `ss H`"),
        ("HOH", "`resn HOH` (80 atoms)"),
        ("chain A && chain B", "Write `and` or `&`"),
        ("within 5 of organic", "before `within`"),
        ("all within 5 organic", "SELECTION within 5 of SELECTION"),
        ("resi 25 and", "missing after `and`"),
        ("((chain A)", "2 open, 1 close"),
        ("formal_charge 1", "`formal_charge = 1`"),
        ("chain", "needs a value"),
        ("B", "for the chain write `chain B`"),
        ("1hvp", "Did you mean `1hpv`?"),
        ("orgnic", "Did you mean `organic`"),
        ("nosuch", "the objects and selections are 1hpv"),
    ],
)
def test_nonsense_is_refused_with_what_was_probably_meant(hiv_protease, selection, said):
    message = refusal(hiv_protease, selection)
    assert message.startswith(f"PyMOL cannot read the selection `{selection}`: ")
    assert said in message


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        ("resi -5", "up to 5 (78 atoms); for residue -5 alone write `resi \\-5` (0 atoms)"),
        ("byres organic and name C1", "(35 atoms); `(byres organic) and name C1` would be 1 atom"),
        ("byres chain A and name CA", "(758 atoms); `(byres chain A) and name CA` would be 99 atoms"),
        (
            "chain A within 5 of organic and not elem O",
            "`(chain A within 5 of organic) and not elem O` would be",
        ),
        ("resi 25 or chain B within 5 of organic", "`resi 25 or (chain B within 5 of organic)` would be 65 atoms"),
        ("polymer and resi 25 around 4", "`polymer and (resi 25 around 4)` would be"),
        ("not chain A and chain B", "`not (chain A or chain B)` would be 115 atoms"),
        ("not chain A or chain B", "`not (chain A or chain B)` would be 115 atoms"),
        ("chain A resi 25", "reads as `or` (766 atoms); with `and` it is 8 atoms"),
        ("chain A, resi 25", "adds an empty chain to the list (873 atoms)"),
        ("chain A+Q", "chain Q matches nothing"),
        ("chain A or chain Q", "`chain Q` matches nothing"),
        ("resi 25+500", "resi 500 matches nothing"),
        ("not chain Q", "is everything (1631 atoms)"),
        ("b > 0", "matches every atom there is"),
        ("1hp", "PyMOL completes it to `1hpv`"),
        ("byres (resi 25 and name CA) around 4", "add `and not byres (resi 25 and name CA)`"),
    ],
)
def test_a_trap_is_said_with_the_counts_of_both_readings(hiv_protease, selection, said):
    assert said in warned(hiv_protease, selection)


def test_a_precedence_that_makes_no_difference_is_not_said(hiv_protease):
    assert warned(hiv_protease, "byres chain A and resi 25") == ""
    assert warned(hiv_protease, "byres (organic and name C1)") == ""


def test_what_is_found_in_several_objects_is_said_where_the_text_names_none(hiv_protease):
    hiv_protease.create("copy", "chain A", quiet=1)
    assert "2 objects: 1hpv, copy. For one of them write `1hpv and (chain A)`" in warned(hiv_protease, "chain A")
    assert warned(hiv_protease, "copy and chain A") == ""
    assert warned(hiv_protease, "polymer") == ""


def test_atoms_of_a_disabled_object_are_said(hiv_protease):
    hiv_protease.create("copy", "chain A", quiet=1)
    hiv_protease.disable("copy")
    assert "copy is disabled; add `and enabled`" in warned(hiv_protease, "polymer")
    assert warned(hiv_protease, "polymer and enabled") == ""
    assert warned(hiv_protease, "all") == ""


def test_alternate_conformations_of_one_atom_are_said(hiv_protease):
    ca = "chain A and resi 25 and name CA"
    hiv_protease.create("twin", ca, quiet=1)
    hiv_protease.alter("twin", "alt='B'", quiet=1)
    hiv_protease.alter(f"1hpv and {ca}", "alt='A'", quiet=1)
    hiv_protease.create("both", f"twin or (1hpv and {ca})", quiet=1)
    assert "1 atom of the 2 are second conformations" in warned(hiv_protease, "both and name CA")
    assert warned(hiv_protease, "both and name CA and alt A") == ""


def test_a_wildcard_for_an_element_is_said_where_it_matters(hiv_protease):
    hiv_protease.pseudoatom("ion", name="CA", resn="CA", elem="Ca", quiet=1)
    assert "the element is `elem C` (1003)" in warned(hiv_protease, "name C*")


def test_calcium_and_alpha_carbon_are_told_apart(hiv_protease):
    hiv_protease.pseudoatom("ion", name="X1", resn="CA", elem="Ca", quiet=1)
    assert "the element is `elem Ca`" in refusal(hiv_protease, "ion and name CA")


def test_one_name_of_an_object_and_a_selection_is_said(hiv_protease):
    hiv_protease.select("site", "chain A", quiet=1)
    hiv_protease.create("site", "organic", quiet=1)
    assert "`site` is an object and a selection; it means the object (35 atoms)" in warned(hiv_protease, "site")


def test_a_name_that_pymol_had_to_change_is_explained(hiv_protease):
    hiv_protease.create("b", "chain A", quiet=1)
    assert "PyMOL named the object `b_`" in refusal(hiv_protease, "b")


def test_lower_case_names_are_explained_where_case_matters(hiv_protease):
    hiv_protease.set("ignore_case", 0, quiet=1)
    assert "ignore_case is off): `resn ASP`" in refusal(hiv_protease, "resn asp")


def test_an_empty_scene_says_so(cmd):
    assert "no atoms yet" in refusal(cmd, "chain A")


@pytest.fixture
def large(cmd, shipped):
    """Half a million atoms in 89 objects."""
    cmd.load(str(shipped / "demo" / "1tii.pdb"), "1tii", quiet=1)
    for number in range(88):
        cmd.create(f"copy{number}", "1tii", quiet=1)
    assert cmd.count_atoms() == 505_876
    return cmd


@pytest.mark.parametrize("selection", ["chain A and polymer", "resi 50-60", "copy5 and chain A", "solvent"])
def test_half_a_million_atoms_are_checked_in_the_time_of_a_few_selections(large, selection):
    check(large, selection)  # the first one builds PyMOL's table of atoms
    checked, counted = [], []
    for _ in range(5):  # side by side: whatever else runs on the machine slows both
        checked.append(_processor_s(lambda: check(large, selection)))
        counted.append(_processor_s(lambda: large.count_atoms("chain A and polymer")))
    assert min(checked) < 8 * min(counted)  # 3 as a rule; a loop over the atoms in Python is 20 and more


def _processor_s(function):
    started = time.process_time()
    function()
    return time.process_time() - started
