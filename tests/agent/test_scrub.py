import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pymolcode_plugin.agent.scrub import NO_COORDINATES, without_coordinates
from pymolcode_plugin.agent.scrub_files import without_file_names
from pymolcode_plugin.agent.scrub_sequences import without_sequences

ORDINARY = [
    "35 atoms, 3.45 Å, chain A, residues 25-30.",
    "B-factors of 1,631 atoms: mean 22.1, from 3.0 to 60.1 Å².",
    "Molecular surface 4,521 Å², solvent-accessible surface 12,345 Å².",
    "2.81 Å between the nearest atoms, /1hpv//A/ASP`25/OD2 to /1hpv//B/478`200/O18; 5.61 Å between the centroids.",
    "6 residues within 4 Å: ASP A/25, GLY A/27, ALA A/28, ASP A/29, ASP A/30, ILE A/50, ILE B/84.",
    "1hpv: 1,631 atoms; 1 state; chain A protein 99 residues 1-99; ligand 478 B/200 (35 atoms); as as cartoon, sticks.",
    "RMSD 0.53 Å over 99 atoms after 5 cycles; PyMOL 3.2.0.1 at 03:09:05.123.",
    "2.8 Å, 3.1 Å, 3.3 Å",
    "109.5° between the centroids of 1, 1, 35 atoms.",
    "HIV-1 PROTEASE, HYDROLASE (ACID PROTEINASE)",
    "chains A, B, C, D, E, F, G and chains A, C, D, E, F, G, H",
    "`frobnicate 3` failed: there is no such command; try cmd.png. Or cmd.load(...)",
    "chain X: 3.4 Å; chain Y: 99 residues",
    "Scene changed: recoloured 760 atoms; hid lines of 35 atoms; view moved.",
    "sphere_scale is 0.25 (float, default 1.0); residue 12. Then 3 more.",
    "SELECTION is empty. NOTHING WAS DONE, SEE ABOVE",
    "chain A/25 and/or B/26; see https://files.rcsb.org/download/1hpv.cif",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_sentences_stay_as_they_are(text):
    assert without_coordinates(text) == text
    assert without_sequences(text) == text
    assert without_file_names(text) == text


@pytest.mark.parametrize("text", ORDINARY[:8])
def test_distances_and_counts_stay_also_in_the_results_of_tools_that_give_positions(text):
    assert without_coordinates(text, strict=True) == text
    assert without_sequences(text, strict=True) == text


# Ways to write one position; {0} to {2} are its numbers.
FORMS = [
    "HETATM 1632  C1  478 B 200    {0:8.3f}{1:8.3f}{2:8.3f}  1.00 20.00           C",
    "ATOM      1  N   PRO A   1    {0:8.3f}{1:8.3f}{2:8.3f}",
    "ATOM 1 N N . PRO A 1 1 ? {0:.3f} {1:.3f} {2:.3f} 1.00 38.10 ? 1 PRO A N 1",
    "   {0:.4f}   {1:.4f}   {2:.4f} C   0  0  0  0",
    "C {0:.5f} {1:.5f} {2:.5f}",
    "Centroid at ({0:.2f}, {1:.2f}, {2:.2f}) Å.",
    "[{0}, {1}, {2}]",
    "({0:.1f} Å, {1:.1f} Å, {2:.1f} Å)",
    "x={0:.3f}, y={1:.3f}, z={2:.3f}",
    "x: {0:.3f}\ny: {1:.3f}\nz: {2:.3f}",
    '{{"x": {0:.3f}, "y": {1:.3f}, "z": {2:.3f}}}',
    "{{'x': {0:.0f}, 'y': {1:.0f}, 'z': {2:.0f}}}",
    "[np.float64({0}), np.float64({1}), np.float64({2})]",
    "array([{0:.6e}, {1:.6e}, {2:.6e}], dtype=float32)",
    "'first\\n{0:.3f}\\n{1:.3f}\\n{2:.3f}\\n'",
    "{0:.3f}|{1:.3f}|{2:.3f}",
    "CA\t{0:.3f}\t{1:.3f}\t{2:.3f}",
    "{0:.3f},{1:.3f},{2:.3f}",
    "{0:.3f}\n{1:.3f}\n{2:.3f}",
    "set_view (\\\n   {0:.9f}, {1:.9f}, {2:.9f},\\\n)",
    "cmd.extent: [[{0:.3f}, {1:.3f}, {2:.3f}], [{2:.3f}, {1:.3f}, {0:.3f}]]",
    "x from {0:.2f} to {1:.2f}; y from {1:.2f} to {2:.2f}; z from {2:.2f} to {0:.2f}",
    # As models write them.
    "It sits at **{0:.2f}, {1:.2f} and {2:.2f}**.",
    "- **X:** {0:.2f}\n- **Y:** {1:.2f}\n- **Z:** {2:.2f}",
    "- X = `{0:.1f}`,\n- Y = `{1:.1f}`,\n- Z = `{2:.1f}`",
    "| axis | value |\n| x | {0:.2f} |\n| y | {1:.2f} |\n| z | {2:.2f} |",
    "x is about {0:.1f}, y is roughly {1:.1f}, and z is near {2:.1f}",
    "{0:.1f} Å along x, {1:.1f} Å along the y-axis and {2:.1f} Å in z",
]
ordinate = st.floats(-999, 999, allow_nan=False).filter(lambda value: abs(value) > 1e-3)


@given(
    points=st.lists(st.tuples(ordinate, ordinate, ordinate), min_size=1, max_size=6),
    form=st.sampled_from(FORMS),
    before=st.sampled_from(ORDINARY),
    strict=st.booleans(),
)
def test_no_position_survives_however_it_is_written(points, form, before, strict):
    written = [form.format(*point) for point in points]
    scrubbed = without_coordinates("\n".join((before, *written, before)), strict=strict)
    left = scrubbed.replace(before, "")
    assert NO_COORDINATES in left
    numbers = re.findall(r"\d+\.\d+", left)
    assert not [number for number in numbers if number not in ("1.00", "20.00", "38.10")], left
    assert scrubbed.startswith(before)
    assert scrubbed.endswith(before)


@given(st.text(alphabet="ABCxyz019.-+eE ,;:()[]'\"\n\\/`_>Å", max_size=300))
def test_scrubbing_twice_changes_nothing_more(text):
    for scrub in (without_coordinates, without_sequences, without_file_names):
        once = scrub(text)
        assert scrub(once) == once


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1.5",
        "1.5 ",
        "-",
        "A",
        "ACDEFGHIKL ",
        "PRO ",
        "/a",
        "a.",
        "'",
        ">A\n",
        "x=",
        "C:\\",
        "A, ",
        "\\n",
        "( ",
        " ",
        "x= ",
        "1.5 Å ",
    ],
)
def test_a_long_text_takes_no_long_time(piece):
    import time

    text = piece * (100_000 // len(piece)) + "!"
    started = time.thread_time()
    for scrub in (without_coordinates, without_sequences, without_file_names):
        scrub(text)
        scrub(text + " é.pdb")
    assert time.thread_time() - started < 5


def test_of_a_whole_structure_file_no_position_survives(hiv_protease):
    for kind in ("pdb", "cif", "sdf", "xyz", "mol2"):
        text = hiv_protease.get_str(kind, "polymer and chain A or organic")
        atoms = hiv_protease.get_model("polymer and chain A or organic").atom
        scrubbed = without_coordinates(text)
        left = [atom.index for atom in atoms if any(f"{value:.3f}" in scrubbed for value in atom.coord)]
        assert left == [], kind
        assert NO_COORDINATES in scrubbed


@pytest.mark.parametrize(
    ("tool", "what", "selections"),
    [
        ("query_atoms", "count", ["organic"]),
        ("query_atoms", "atoms", ["organic"]),
        ("query_atoms", "residues", ["byres organic around 4"]),
        ("query_atoms", "chains", ["all"]),
        ("query_atoms", "ligands", ["all"]),
        ("query_atoms", "bfactor", ["all"]),
        ("query_atoms", "contacts", ["polymer", "organic"]),
        ("measure", "distance", ["organic", "resi 25 and name CG"]),
        ("measure", "distance", ["A/25/CG", "B/25/CG"]),
        ("measure", "area", ["organic"]),
        ("measure", "angle", ["organic", "resi 25 and name CG", "chain A"]),
        ("measure", "dihedral", ["A/25/N", "A/25/CA", "A/25/CB", "A/25/CG"]),
        ("measure", "rmsd", ["chain A and name CA", "chain B and name CA"]),
    ],
)
async def test_what_the_tools_measure_is_neither_a_position_nor_a_sequence_nor_a_file(
    gateway, hiv_protease, tool, what, selections
):
    from pymolcode_plugin.core.tool import Context
    from pymolcode_plugin.tools.catalogue import TOOLS

    found = next(item for item in TOOLS if item.name == tool)
    result = await found.run(found.args(what=what, selections=selections), Context(gateway, None, None, "c"))
    assert without_coordinates(result.for_model, strict=True) == result.for_model
    assert without_sequences(result.for_model) == result.for_model
    assert without_file_names(result.for_model) == result.for_model


def test_of_the_records_of_a_structure_file_no_sequence_survives(hiv_protease, shipped):
    for text in ((shipped / "tut" / "1hpv.pdb").read_text(), hiv_protease.get_str("pdb", "polymer")):
        records = "".join(line for line in without_sequences(text).splitlines(True) if line.startswith("ATOM"))
        assert "PRO A   1 " not in records
        assert records.count("GLN") < 20


def test_whole_numbers_in_a_row_are_residues_until_they_are_labelled():
    assert without_coordinates("residues 25, 26, 27") == "residues 25, 26, 27"
    assert "12" not in without_coordinates("x=12 y=13 z=14")


def test_a_tool_that_gives_positions_keeps_no_pair_and_no_line_of_numbers_alone():
    assert without_coordinates("12.5 13.25") == "12.5 13.25"
    assert without_coordinates("12.5 13.25", strict=True) == NO_COORDINATES
    assert without_coordinates("first\n12.5", strict=True) == f"first\n{NO_COORDINATES}"
