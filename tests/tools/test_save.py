import gzip
import struct
from pathlib import Path

import pytest

from pymolcode_plugin.core.errors import CommandFailed, SelectionEmpty, ToolFailed
from pymolcode_plugin.core.scene import CommandOutput
from pymolcode_plugin.core.tool import Context
from pymolcode_plugin.tools.save import SaveArgs, save


def pixels(path):
    """Width, height and dots per metre of a PNG file."""
    data = path.read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    at = data.find(b"pHYs")
    per_metre = struct.unpack(">I", data[at + 4 : at + 8])[0] if at > 0 else 0
    return width, height, per_metre


def corner_alpha(path):
    """0 where the background lets through what is behind, 255 where not."""
    from pymol.Qt import QtGui

    return QtGui.QImage(str(path)).pixelColor(0, 0).alpha()


def names(folder):
    return sorted(path.name for path in folder.iterdir())


async def test_a_structure_is_written_and_counted(call, folder, person, scene_hash, hiv_protease):
    before = await scene_hash()
    result = await call("save", file="a.pdb", selection="chain A and polymer")
    assert result.ok, result.error
    path = folder / "a.pdb"
    n_bytes = path.stat().st_size
    expected = f"Wrote {path}: 758 atoms of `chain A and polymer`, current state, {n_bytes / 1000:.1f} kB."
    assert result.text == expected
    assert result.files == (str(path),)
    assert sum(line.startswith("ATOM") for line in path.read_text().splitlines()) == 758
    assert person.asked == []
    assert await scene_hash() == before
    assert names(folder) == ["a.pdb"]


@pytest.mark.parametrize("kind", ["pdb", "cif", "mol", "mol2", "sdf", "xyz", "pqr", "mmtf", "pdb.gz", "cif.gz"])
async def test_what_is_written_can_be_loaded_again(call, folder, hiv_protease, kind):
    result = await call("save", file=f"drug.{kind}", selection="organic")
    assert result.ok, result.error
    assert "35 atoms of `organic`" in result.text
    loaded = await call("load", file=f"drug.{kind}")
    assert "Object drug: 35 atoms" in loaded.text


async def test_a_sequence_a_drawing_and_two_objects_are_written(call, folder, hiv_protease):
    assert (await call("save", file="s.fasta", selection="polymer")).ok
    assert "PQITLWQRPLVTIKIGGQLKEALLDTG" in (folder / "s.fasta").read_text()
    assert (await call("save", file="s.wrl", selection="organic")).ok
    assert (folder / "s.wrl").read_text().startswith("#VRML")
    hiv_protease.fragment("ala")
    result = await call("save", file="both.cif")
    assert result.ok, result.error
    assert "1,641 atoms of `all`" in result.text


async def test_states_are_chosen(call, folder, hiv_protease):
    hiv_protease.create("1hpv", "1hpv", 1, 2)
    await call("save", file="all.pdb", state=0)
    assert (folder / "all.pdb").read_text().count("MODEL ") == 2
    result = await call("save", file="third.pdb", state=3)
    assert "matches no atom in this state; nothing was written" in result.error
    assert names(folder) == ["all.pdb"]


async def test_a_session_brings_the_scene_back(call, folder, scene_hash, hiv_protease):
    hiv_protease.color("red", "chain A")
    before = await scene_hash()
    result = await call("save", file="mine.pse")
    assert result.ok, result.error
    assert "the session, 1 objects with 1,631 atoms" in result.text
    assert hiv_protease.get("session_file") == (folder / "mine.pse").as_posix()
    hiv_protease.reinitialize()
    hiv_protease.load(str(folder / "mine.pse"), quiet=1)
    assert await scene_hash() == before
    assert names(folder) == ["mine.pse"]


async def test_a_picture_has_the_size_that_was_asked_for(call, folder, scene_hash, cmd):
    cmd.fragment("ala")
    cmd.show_as("sticks")
    before = await scene_hash()
    result = await call("save", file="p.png", width_px=300, height_px=200, dpi=300, transparent=False)
    assert result.ok, result.error
    assert "300 × 200 pixels, 300 dpi, ray-traced, opaque background" in result.text
    assert pixels(folder / "p.png") == (300, 200, 11811)
    assert corner_alpha(folder / "p.png") == 255
    result = await call("save", file="q.png", width_px=320, transparent=True)
    assert "320 × 240 pixels, ray-traced, transparent background" in result.text
    assert corner_alpha(folder / "q.png") == 0
    result = await call("save", file="r.png", ray=True)
    assert "640 × 480 pixels, ray-traced, transparent background" in result.text, "as PyMOL's setting is"
    assert await scene_hash() == before


async def test_without_a_size_the_viewport_is_saved(call, folder, cmd):
    cmd.fragment("ala")
    result = await call("save", file="p.png")
    assert result.ok, result.error
    assert "the viewport as it is" in result.text
    assert pixels(folder / "p.png")[:2] == (640, 480)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"file": "x.pdb", "selection": "chain Q"}, "chain Q"),
        ({"file": "x.pdb", "selection": "chain ("}, "chain ("),
        ({"file": "x.exe"}, ".exe files are not written"),
        ({"file": "x.py"}, ".py files are not written"),
        ({"file": "plain"}, "Files without an extension are not written"),
        ({"file": "nowhere/x.pdb"}, "nowhere cannot be written: No such file or directory"),
        ({"file": "x.png", "width_px": 100_000}, "less than or equal to 10000"),
    ],
)
async def test_what_cannot_be_saved_says_so_and_leaves_nothing(call, folder, hiv_protease, arguments, words):
    result = await call("save", **arguments)
    assert words in result.error
    assert names(folder) == []


async def test_a_variable_in_a_name_does_not_lead_elsewhere(call, folder, tmp_path, hiv_protease, monkeypatch):
    monkeypatch.setenv("ELSEWHERE", str(tmp_path))
    (folder / "$ELSEWHERE").mkdir()
    result = await call("save", file="$ELSEWHERE/x.pdb")
    assert "PyMOL would read" in result.error
    assert not (tmp_path / "x.pdb").exists()


async def test_a_folder_is_not_replaced(call, folder, hiv_protease):
    (folder / "x.pdb").mkdir()
    assert "x.pdb could not be written: Is a directory" in (await call("save", file="x.pdb")).error
    assert names(folder) == ["x.pdb"]


async def test_an_empty_scene_gives_no_structure(call, folder, cmd):
    assert "matches no atom" in (await call("save", file="x.pdb")).error
    assert names(folder) == []


async def test_a_file_outside_the_working_folder_is_asked_for(call, person, tmp_path, hiv_protease):
    result = await call("save", file=str(tmp_path / "x.pdb"))
    assert result.ok, result.error
    assert len(person.asked) == 1


async def test_an_older_file_is_replaced_and_keeps_its_mode_and_its_link(call, folder, person, hiv_protease):
    (folder / "real.pdb").write_text("old")
    (folder / "real.pdb").chmod(0o640)
    (folder / "link.pdb").symlink_to("real.pdb")
    result = await call("save", file="link.pdb", selection="organic")
    assert "It replaced the file of that name." in result.text
    assert len(person.asked) == 1
    assert (folder / "link.pdb").is_symlink()
    assert (folder / "real.pdb").read_text().count("HETATM") == 35
    assert (folder / "real.pdb").stat().st_mode & 0o777 == 0o640


class Broken:
    """The scene, but a command fails or writes half of what it should."""

    def __init__(self, gateway, content):
        self._gateway = gateway
        self._content = content

    def __getattr__(self, name):
        return getattr(self._gateway, name)

    async def call(self, call, *, in_script=True):
        if call.command != "save":
            return await self._gateway.call(call, in_script=in_script)
        if self._content is None:
            return CommandOutput(errors=("disk full",))
        Path(call.arguments["filename"]).write_text(self._content)
        return CommandOutput()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.pdb", None, "disk full"),
        ("x.pdb", "", "wrote nothing"),
        ("x.pdb", "ATOM  1\n", "wrote 1 of 1,631 atoms"),
        ("x.pse", None, "disk full"),
    ],
)
async def test_a_half_written_file_never_takes_the_place_of_the_old_one(
    gateway, folder, hiv_protease, name, content, words
):
    (folder / name).write_text("old")
    hiv_protease.set("session_file", "before.pse")
    with pytest.raises(CommandFailed, match=words):
        await save(SaveArgs(file=name), Context(Broken(gateway, content), None, None, "c"))
    assert (folder / name).read_text() == "old"
    assert names(folder) == [name]
    assert hiv_protease.get("session_file") == "before.pse"


async def test_the_body_itself_refuses_an_empty_selection_and_an_unknown_format(gateway, folder, hiv_protease):
    context = Context(gateway, None, None, "c")
    with pytest.raises(SelectionEmpty):
        await save(SaveArgs(file="x.pdb", selection="chain Q"), context)
    with pytest.raises(ToolFailed):
        await save(SaveArgs(file="x.sh"), context)


async def test_a_packed_structure_is_packed(call, folder, hiv_protease):
    await call("save", file="x.pdb.gz", selection="organic")
    assert gzip.decompress((folder / "x.pdb.gz").read_bytes()).count(b"HETATM") == 35


@pytest.mark.parametrize("suffix", ["pse", "pdb"])
async def test_the_commands_of_a_save_write_the_same_file_again(call, folder, cmd, hiv_protease, suffix):
    result = await call("save", file=f"a.{suffix}", selection="chain A")
    path = folder / f"a.{suffix}"
    written = path.read_bytes()
    path.unlink()
    (command,) = result.commands
    cmd.do(command)
    assert len(path.read_bytes()) == pytest.approx(len(written), rel=0.01)


async def test_the_commands_of_a_picture_are_a_script_that_makes_it(call, folder, cmd, hiv_protease):
    result = await call("save", file="a.png", width_px=40, height_px=30, transparent=False)
    path = folder / "a.png"
    path.unlink()
    for command in result.commands:
        cmd.do(command)
    assert pixels(path)[:2] == (40, 30)
    assert corner_alpha(path) == 255
    assert cmd.get("ray_opaque_background") == "-1"
