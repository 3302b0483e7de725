import pytest

from pymolcode_plugin.agent.approvals import Policy, Rules
from pymolcode_plugin.agent.mentioning import Mentioning
from pymolcode_plugin.agent.outgoing import Outgoing
from pymolcode_plugin.core.errors import CommandFailed
from pymolcode_plugin.core.mentions import as_written, mentioned
from pymolcode_plugin.core.outgoing import Data


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my notes.txt").write_text("x" * 2048)
    (tmp_path / "data.csv").write_text("12345")
    (tmp_path / ".hidden").write_text("x")
    (tmp_path / "sub").mkdir()
    return tmp_path


async def test_everything_in_the_scene_and_the_folder_can_be_mentioned(gateway, hiv_protease, folder):
    hiv_protease.select("site", "resi 25")
    hiv_protease.fragment("ala", "my_ala")
    hiv_protease.distance(
        "span", "1hpv and resi 25 and name CA and chain A", "1hpv and resi 25 and name CA and chain B"
    )
    hiv_protease.scene("F1", "store", quiet=1)
    (folder / "site").write_text("x")
    found = await Mentioning(gateway).mentionable()
    rows = {(item.kind, item.name): (item.written, item.detail) for item in found}
    assert rows == {
        ("object", "1hpv"): ("1hpv", "1,631 atoms"),
        ("object", "my_ala"): ("my_ala", "10 atoms"),
        ("object", "span"): ("span", "measurement"),
        ("selection", "site"): ("site", "16 atoms"),
        ("chain", "A"): ("/1hpv//A", "1hpv, protein, 99 residues"),
        ("chain", "B"): ("/1hpv//B", "1hpv, protein, 99 residues"),
        ("ligand", "478 200"): ("/1hpv///478`200", "1hpv, 35 atoms"),
        ("scene", "F1"): ("scene:F1", ""),
        ("file", "data.csv"): ("data.csv", "5 B"),
        ("file", "my notes.txt"): ("my notes.txt", "2.0 kB"),
        ("file", "site"): ("./site", "1 B"),
    }
    kinds = list(dict.fromkeys(item.kind for item in found))
    assert kinds == ["object", "selection", "chain", "ligand", "scene", "file"], "each kind together"


async def test_what_can_be_mentioned_is_what_a_message_then_speaks_of(gateway, hiv_protease, folder):
    hiv_protease.select("site", "resi 25")
    hiv_protease.scene("F1", "store", quiet=1)
    mentioning = Mentioning(gateway)
    for item in await mentioning.mentionable():
        (note,) = await mentioning.notes(f"look at {as_written(item.written)}", (), ())
        assert "there is no" not in note, item
        assert "cannot be read" not in note, item


async def test_a_mention_is_a_line_of_context_as_an_attached_selection_is(gateway, hiv_protease, folder):
    hiv_protease.select("site", "resi 25")
    hiv_protease.scene("F1", "store", quiet=1)
    hiv_protease.distance("span", "chain A and resi 25 and name CA", "chain B and resi 25 and name CA")
    text = 'is @/1hpv///478`200 in @site of @1hpv (@/1hpv//A), @span, @F1, @scene:F1, @"my notes.txt", @nothing'
    assert await Mentioning(gateway).notes(text, (), ()) == [
        "Attached selection `/1hpv///478`200`: 35 atoms, 1 residue.",
        "Attached selection `site`: 16 atoms, 2 residues.",
        "Attached selection `1hpv`: 1,631 atoms, 279 residues.",
        "Attached selection `/1hpv//A`: 758 atoms, 99 residues.",
        "Attached object `span`: a measurement, not atoms.",
        "Mentioned scene `F1`: stored, `scene F1, recall` brings it back.",
        f'Attached file "{folder}/my notes.txt": 2.0 kB, not loaded.',
        "`@nothing`: there is no object, selection, scene or file of that name.",
    ]


async def test_what_is_attached_is_resolved_and_what_is_gone_is_an_error(gateway, hiv_protease, folder):
    mentioning = Mentioning(gateway)
    notes = await mentioning.notes(
        "what is it?", ("1hpv", "chain A and resi 25"), (str(folder / "data.csv"), "/gone.csv")
    )
    assert notes == [
        "Attached selection `1hpv`: 1,631 atoms, 279 residues.",
        "Attached selection `chain A and resi 25`: 8 atoms, 1 residue.",
        f'Attached file "{folder}/data.csv": 5 B, not loaded.',
        'Attached file "/gone.csv": it cannot be read (No such file or directory).',
    ]
    with pytest.raises(CommandFailed):
        await mentioning.notes("what is it?", ("gone",), ())


async def test_a_message_that_mentions_without_end_is_bounded(gateway, hiv_protease):
    text = " ".join(f"@name{number}" for number in range(500))
    assert len(mentioned(text)) == 500
    assert len(await Mentioning(gateway).notes(text, (), ())) == 20


async def test_a_selection_that_pymol_cannot_read_is_said_and_the_message_is_sent(gateway, hiv_protease):
    (note,) = await Mentioning(gateway).notes("zoom @/1hpv//A/(", (), ())
    assert note.startswith("`@/1hpv//A/`") or note.startswith("Attached selection `/1hpv//A/`")


async def test_an_empty_scene_in_an_empty_folder_has_nothing_to_mention(gateway, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert await Mentioning(gateway).mentionable() == ()


async def test_names_of_attached_files_are_withheld_where_the_user_says_so(gateway, folder, tmp_path):
    outgoing = Outgoing(Policy(Rules(tmp_path / "rules.yaml")))
    outgoing.withheld = {Data.FILE_NAMES}
    outgoing.model_is("https://models.example.org/v1", "far")
    notes = await Mentioning(gateway).notes(
        'and @"my notes.txt"', (), (str(folder / "data.csv"), "/secret project/x.csv")
    )
    filtered = outgoing.filtered("", "\n".join(f"[{note}]" for note in notes))
    for word in ("notes", "data", "secret", "project", "x.csv"):
        assert word not in filtered
    assert "2.0 kB, not loaded" in filtered
