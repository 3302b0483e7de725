import asyncio
import gzip
import json
import pickle
import subprocess
import sys

import pytest

from pymolcode_plugin.core.errors import SceneError
from pymolcode_plugin.core.scene import SceneFile
from pymolcode_plugin.scene import session_file

pytestmark = pytest.mark.filterwarnings("ignore:.*numpy.*")


async def marks(gateway):
    mark = await gateway.keep()
    return mark.hash


@pytest.fixture
async def furnished(gateway, hiv_protease):
    """A scene with a bit of everything that a session holds, and that none does."""
    cmd = hiv_protease
    cmd.color("red", "chain A")
    cmd.show_as("cartoon")
    cmd.show("sticks", "organic")
    cmd.distance("width", "resi 25 and name CG and chain A", "resi 25 and name CG and chain B")
    cmd.select("pocket", "byres organic around 4")
    cmd.group("all_of_it", "1hpv")
    cmd.set("cartoon_transparency", 0.5)
    cmd.bg_color("white")
    cmd.scene("F1", "store")
    cmd.turn("y", 40)
    return cmd


async def test_a_scene_comes_back_exactly_from_its_file(gateway, furnished):
    file = await gateway.scene_file()
    before, view = await marks(gateway), furnished.get_view()
    furnished.reinitialize()
    mark = await gateway.read_scene_file(file, trusted=True)
    await gateway.restore(mark.number)
    assert await marks(gateway) == before
    assert furnished.get_view() == pytest.approx(view)
    assert await gateway.shows(file.mark)
    assert (file.objects, file.n_atoms) == (("1hpv", "width", "all_of_it"), 1631)
    assert furnished.count_atoms("color red and elem C") > 300


async def test_the_same_scene_gives_no_second_file_but_another_view_does(gateway, furnished):
    file = await gateway.scene_file()
    assert await gateway.scene_file(unless=file.mark) is None
    furnished.turn("x", 10)
    assert (await gateway.scene_file(unless=file.mark)).mark != file.mark
    assert not await gateway.shows(file.mark)


def opened_by_pymol(path):
    count = "print(cmd.count_atoms('color red'), cmd.get_names()); cmd._quit()"
    done = subprocess.run(
        [sys.executable, "-m", "pymol", "-cqk", str(path), "-d", f"/{count}"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return done.stdout


async def test_any_pymol_opens_it(gateway, furnished, tmp_path):
    path = tmp_path / "scene-1.pse"
    path.write_bytes((await gateway.scene_file()).pse)
    n_red = furnished.count_atoms("color red")
    printed = await asyncio.to_thread(opened_by_pymol, path)
    assert f"{n_red} ['1hpv', 'width', 'all_of_it']" in printed


async def test_the_file_of_another_pymol_is_read_without_its_wizard_and_storage(gateway, furnished, tmp_path):
    furnished.wizard("measurement")
    path = tmp_path / "theirs.pse"
    furnished.save(str(path))
    n_red = furnished.count_atoms("color red")
    furnished.reinitialize()
    mark = await gateway.read_scene_file(SceneFile(pse=path.read_bytes()), trusted=False)
    diff = await gateway.restore(mark.number)
    assert furnished.count_atoms("color red") == n_red
    assert furnished.get_wizard() is None
    assert "not as it was" not in diff.text


class Evil:
    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return (open, (self.path, "w"))


def session_of(cmd):
    session = cmd.get_session(binary=1, cache=0)
    session.pop("session", None)
    return session


@pytest.mark.parametrize("place", ["top", "key", "names", "settings", "inside"])
def test_no_pickle_runs_code(furnished, tmp_path, place):
    session, evil = session_of(furnished), Evil(tmp_path / "ran")
    if place == "top":
        session = evil
    elif place == "key":
        session["session"] = evil
    elif place in ("names", "settings"):
        session[place] = [evil]
    else:
        session["names"][1][5].append(evil)
    data = pickle.dumps(session)
    for packed in (data, gzip.compress(data)):
        with pytest.raises(SceneError, match="would run code"):
            session_file.read(packed, trusted=False)
    assert not (tmp_path / "ran").exists()


async def test_pickles_inside_of_it_are_left_out(gateway, furnished, tmp_path):
    session = session_of(furnished)
    session["wizard"] = pickle.dumps([Evil(tmp_path / "ran")])
    session["names"].append(["boo", 0, 1, None, 5, [["x"], [pickle.dumps(Evil(tmp_path / "ran"))]], ""])
    mark = await gateway.read_scene_file(SceneFile(pse=pickle.dumps(session)), trusted=False)
    await gateway.restore(mark.number)
    assert "boo" not in furnished.get_names("all")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("protocol", [0, 1, 2, 4])
def test_every_protocol_that_pymol_wrote_is_read(furnished, protocol):
    data = pickle.dumps(session_of(furnished), protocol)
    state = session_file.read(data, trusted=False)
    assert list(state.objects()) == ["1hpv", "width", "all_of_it"]
    assert state.movie_locked


@pytest.mark.parametrize(
    "data",
    [
        b"", b"no pickle", pickle.dumps([]), pickle.dumps({}), pickle.dumps({"names": 7, "settings": []}),
        pickle.dumps({"names": [None, ["a"]], "settings": []}), b"\x1f\x8b\x08nonsense",
        pickle.dumps({"names": [None, ["a", 0, 1, None, 1, [[]], ""]], "settings": []}),
        pickle.dumps({"names": [None, [7, 0, 1, None, 1, [[]] * 9, ""]], "settings": []}),
    ],
)  # fmt: skip
def test_what_is_no_session_is_refused_with_words(data):
    with pytest.raises(SceneError, match="session file"):
        session_file.read(data, trusted=True)


def test_a_cut_file_and_one_that_unpacks_without_end_are_refused(monkeypatch):
    packed = gzip.compress(b"\0" * 2**22)
    with pytest.raises(SceneError, match="cut"):
        session_file.read(packed[:-9], trusted=True)
    monkeypatch.setattr(session_file, "_MAX_READ_BYTES", 2**20)
    with pytest.raises(SceneError, match="too large"):
        session_file.read(packed, trusted=True)


async def test_a_scene_beyond_the_limit_is_not_written(gateway, furnished, monkeypatch):
    monkeypatch.setattr(session_file, "MAX_BYTES", 10_000)
    with pytest.raises(SceneError, match="too much to keep it with the chat"):
        await gateway.scene_file()


async def test_commands_of_a_movie_run_on_only_where_we_wrote_them(gateway, furnished):
    furnished.mset("1 x3")
    furnished.mdo(1, "color blue")
    file = await gateway.scene_file()
    assert json.loads(file.settings)["movie_locked"] is False
    for trusted in (True, False):
        mark = await gateway.read_scene_file(file, trusted=trusted)
        await gateway.restore(mark.number)
        assert (furnished.get_movie_locked() > 0) is not trusted
        furnished.set_wizard()
        furnished.accept()
