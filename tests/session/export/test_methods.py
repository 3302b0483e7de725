"""Only what ran, what files say and what the scene is; each fact as it was read."""

import gzip

from pymolcode_plugin.core.replaying import ScriptLine, SettingNow
from pymolcode_plugin.core.scene import ObjectInfo
from pymolcode_plugin.session.export.calls import calls
from pymolcode_plugin.session.export.header import Header, read
from pymolcode_plugin.session.export.methods import files_of, paragraph, structures
from pymolcode_plugin.session.export.story import story

from .events import asked, step

CIF = """data_4XYZ
_entry.id 4XYZ
_struct.title 'It's a title'
_exptl.method "X-RAY DIFFRACTION"
_refine.ls_d_res_high ?
_em_3d_reconstruction.resolution 3.10
"""


def python(*lines):
    return list(calls(ScriptLine(pml="", python=line) for line in lines))


def test_a_pdb_file_says_its_entry_title_method_and_resolution(shipped):
    found = read(shipped / "tut" / "1hpv.pdb")
    assert found.id == "1HPV"
    assert found.title.startswith("HIV-1 PROTEASE (E.C.3.4.23.-) COMPLEXED WITH VX-478 (3(S)-N-")
    assert found.method == ""
    assert found.resolution == "1.9"


def test_an_mmcif_file_says_them_too_compressed_or_not(tmp_path):
    (tmp_path / "a.cif").write_text(CIF)
    with gzip.open(tmp_path / "b.cif.gz", "wt") as file:
        file.write(CIF)
    found = read(tmp_path / "a.cif")
    assert found == Header(id="4XYZ", title="It's a title", method="X-RAY DIFFRACTION", resolution="3.10")
    assert read(tmp_path / "b.cif.gz") == found


def test_a_file_that_is_gone_cut_or_something_else_says_nothing(tmp_path):
    (tmp_path / "c.pdb.gz").write_bytes(gzip.compress(b"HEADER")[:12])
    assert read(tmp_path / "c.pdb.gz") == Header()
    assert read(tmp_path / "gone.pdb") == Header()


def test_calls_are_read_and_never_run():
    found = python(
        "cmd.color('red', selection='chain A')", "import os\nos.system('x')", "cmd.util.cbag(name)", "not python ("
    )
    assert [call.name for call in found] == ["color", "util.cbag"]
    assert found[0].argument(0, "color") == "red"
    assert found[0].argument(1, "selection") == "chain A"
    assert found[1].argument(0, "selection") == ""


def test_the_paragraph_says_what_is_known_and_nothing_else(shipped):
    path = str(shipped / "tut" / "1hpv.pdb")
    called = python(
        f"cmd.load({path!r}, object='p')",
        "cmd.set_name('p', new_name='prot')",
        "cmd.select('pocket', selection='byres (polymer within 4.5 of organic)')",
    )
    loaded = files_of(called)
    assert [*loaded] == ["prot"]
    objects = (
        ObjectInfo(name="prot", type="object:molecule", n_atoms=1631),
        ObjectInfo(name="other", type="object:molecule", n_atoms=10),
        ObjectInfo(name="d", type="object:measurement"),
    )
    found = structures(objects, loaded, {file: read(file) for file in loaded.values()})
    requests = story([asked("x"), *step("a", tool="align", text="align moved a onto b: RMSD 0.5 Å over 90 atoms.")])
    text = paragraph(requests, called, found, [SettingNow(name="bg_rgb", value="white", default="black")], "3.2.0")
    assert "PyMOL 3.2.0" in text
    assert "language model some:model" in text
    assert "1HPV (“HIV-1 PROTEASE" in text
    assert f"1.9 Å, 1,631 atoms, object prot, file {path})" in text
    assert "other (10 atoms, already loaded, its file is not known)" in text
    assert "pocket = `byres (polymer within 4.5 of organic)`" in text
    assert "within 4.5 Å" in text
    assert "RMSD 0.5 Å over 90 atoms" in text
    assert "bg_rgb white (default black)" in text
    nothing = paragraph(story([asked("x", model="")]), [], [], [], "3.2.0")
    assert nothing.count(".") == 5, nothing  # one sentence, with two versions in it
