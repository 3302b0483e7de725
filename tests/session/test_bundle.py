import json
import os

import pytest

from pymolcode_plugin.core.errors import SessionError
from pymolcode_plugin.session import bundle
from pymolcode_plugin.session.bundle import KeptScene, Manifest
from pymolcode_plugin.session.trust import Signer


@pytest.fixture
def signer(tmp_path):
    return Signer(tmp_path / "session.key")


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "sessions" / "one"
    folder.mkdir(parents=True)
    return folder


def keep(folder, signer, **new):
    return bundle.keep(folder, new, signer, about=Manifest(model="m"), scene=KeptScene(mark="a", objects=("1hpv",)))


def doctored(folder, **changed):
    path = folder / bundle.FILE
    values = json.loads(path.read_text())
    values["kept"]["scene"] |= changed
    path.write_text(json.dumps(values))


def test_what_was_kept_is_read_back_and_trusted(folder, signer):
    keep(folder, signer, memory=b"m", scene=b"s")
    saved = bundle.load(folder, signer)
    assert (saved.trusted, saved.read("memory"), saved.read("scene"), saved.read("settings")) == (
        True,
        b"m",
        b"s",
        None,
    )
    assert saved.manifest.scene.objects == ("1hpv",)


def test_what_is_not_new_stays_and_what_is_not_named_any_more_goes(folder, signer):
    keep(folder, signer, memory=b"m", scene=b"s")
    (folder / "scene-99.pse").write_bytes(b"of a process that was killed")
    bundle.keep(folder, {"memory": b"m2"}, signer, about=Manifest())
    saved = bundle.load(folder, signer)
    assert (saved.read("memory"), saved.read("scene"), saved.manifest.scene.mark) == (b"m2", b"s", "a")
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "memory-100.json", "scene-1.pse"]
    bundle.keep(folder, {"scene": None}, signer, about=Manifest(), scene=KeptScene())
    assert bundle.load(folder, signer).read("scene") is None
    assert not (folder / "scene-1.pse").exists()


def test_another_installations_is_read_but_not_trusted_and_never_signed_along(folder, signer, tmp_path):
    keep(folder, Signer(tmp_path / "other.key"), scene=b"evil")
    saved = bundle.load(folder, signer)
    assert (saved.trusted, saved.read("scene")) == (False, b"evil")
    keep(folder, signer, memory=b"m")
    assert bundle.load(folder, signer).trusted
    assert bundle.load(folder, signer).read("scene") is None


@pytest.mark.parametrize("what", ["model", "created_by"])
def test_a_manifest_that_was_changed_is_not_trusted(folder, signer, what):
    keep(folder, signer, scene=b"s")
    path = folder / bundle.FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | {what: "other"}))
    assert not bundle.load(folder, signer).trusted


def test_a_digest_that_was_changed_with_its_file_is_not_trusted(folder, signer):
    manifest = keep(folder, signer, scene=b"s")
    other = bundle.keep(folder, {"scene": b"evil"}, Signer(folder / "k"), about=Manifest())
    values = json.loads((folder / bundle.FILE).read_text()) | {"signature": manifest.signature}
    (folder / bundle.FILE).write_text(json.dumps(values))
    assert other.kept["scene"].file in values["kept"]["scene"]["file"]
    assert not bundle.load(folder, signer).trusted


def test_a_file_that_was_changed_or_cut_is_refused_with_words(folder, signer):
    keep(folder, signer, scene=b"scene", memory=b"memory")
    (folder / "scene-1.pse").write_bytes(b"sceNe")
    (folder / "memory-1.json").write_bytes(b"mem")
    saved = bundle.load(folder, signer)
    with pytest.raises(SessionError, match="the scene was changed"):
        saved.read("scene")
    with pytest.raises(SessionError, match="what the model remembers is cut"):
        saved.read("memory")
    (folder / "scene-1.pse").unlink()
    with pytest.raises(SessionError, match="gone"):
        saved.read("scene")


@pytest.mark.parametrize(
    "name",
    ["../secret.pse", "/etc/passwd", "sub/scene-1.pse", "..", "", "scene-1.pse/../../x", "C:scene-1.pse", "con.pse"],
)
def test_no_name_leads_out_of_the_folder(folder, signer, name):
    keep(folder, signer, scene=b"s")
    (folder.parent / "secret.pse").write_bytes(b"s")
    doctored(folder, file=name)
    with pytest.raises(SessionError, match="no file of its own"):
        bundle.load(folder, signer).read("scene")


@pytest.mark.skipif(os.name == "nt", reason="links")
def test_links_are_not_followed(folder, signer):
    keep(folder, signer, scene=b"s")
    (folder / "scene-1.pse").rename(folder.parent / "elsewhere")
    (folder / "scene-1.pse").symlink_to(folder.parent / "elsewhere")
    with pytest.raises(SessionError, match="no file of its own"):
        bundle.load(folder, signer).read("scene")
    (folder / bundle.FILE).rename(folder.parent / "m.json")
    (folder / bundle.FILE).symlink_to(folder.parent / "m.json")
    with pytest.raises(SessionError, match="no plain file"):
        bundle.load(folder, signer)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"schema_version": 7}', '{"kept": {"shell": {}}}', "\x00" * 100, "x" * (2**20 + 1)]
)
def test_a_manifest_that_makes_no_sense_is_refused_with_words(folder, signer, text):
    (folder / bundle.FILE).write_text(text)
    with pytest.raises(SessionError, match="cannot be used"):
        bundle.load(folder, signer)


def test_nothing_kept_is_nothing(folder, signer):
    assert bundle.load(folder, signer) is None
