from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pymolcode_plugin.agent.scrub_files import FILE, without_file_names

part = st.text(alphabet="abcXYZ019_-", min_size=1, max_size=10)
kind = st.sampled_from(["pdb", "cif", "pse", "png", "pml", "py", "ccp4", "pdb.gz", "CIF"])


@given(st.lists(part, max_size=4), part, kind, st.sampled_from(["/home/", "~/", "../", "./", "", "C:\\", "\\\\srv\\"]))
def test_no_name_of_a_file_survives(folders, name, ending, head):
    separator = "\\" if "\\" in head else "/"
    path = head + separator.join((*folders, f"{name}.{ending}"))
    for text in (
        f"Saved {path}.",
        f"cannot open '{path}'",
        f'File "{path}", line 3',
        f"{path}\n{path}",
        f"load {path}, x",
    ):
        scrubbed = without_file_names(text)
        assert f"{name}.{ending}" not in scrubbed
        assert FILE in scrubbed


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("Saved /home/jo/my files/a b.pdb (12 kB).", f"Saved {FILE} (12 kB)."),
        ("Unable to open file 'my target.pdb'.", f"Unable to open file '{FILE}'."),
        ("C:\\Users\\Jo Do\\x.pdb and more", f"{FILE} and more"),
        ("Working folder /home/jo/project x.", f"Working folder {FILE} x."),
        ("see file:///etc/passwd", f"see {FILE}"),
        ("load /scratch9/a.pdb, b", f"load {FILE}, b"),
    ],
)
def test_paths_with_blanks_and_without_endings(text, scrubbed):
    assert without_file_names(text) == scrubbed


@pytest.mark.parametrize(
    "text",
    ["/1hpv//A/ASP`25/CG", "/1hpv/A/A/25/CA to /1hpv//B/25/CA", "A/25 and/or B/26", "cmd.png", "cmd.load(x)",
     "https://files.rcsb.org/download/1hpv.cif", "1hpv is loaded", "3.45 Å", "the object target.pose"],
)  # fmt: skip
def test_macros_addresses_and_commands_stay(text):
    assert without_file_names(text) == text


def test_the_working_folder_goes_with_its_blanks(tmp_path, monkeypatch):
    folder = tmp_path / "my secret project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert (
        without_file_names(f"Background black. Working folder {Path.cwd()}.")
        == f"Background black. Working folder {FILE}."
    )


def test_names_that_are_known_go_without_an_ending():
    assert without_file_names("Loaded My Target (35 atoms)", known=["My Target"]) == f"Loaded {FILE} (35 atoms)"
