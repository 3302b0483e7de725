import pytest

from pymolcode_plugin.core.errors import SceneError
from pymolcode_plugin.scene.history import History

MB = 2**20


@pytest.fixture
def history(hiv_protease, tmp_path):
    made = History(hiv_protease, tmp_path / "scene", memory_bytes=MB // 2, disk_bytes=8 * MB)
    yield made
    made.close()


def _keep_many(cmd, history, n):
    marks = []
    for number in range(n):
        cmd.alter(
            "all", f"b, q, vdw, partial_charge = {number}.5 + index, 1 / (index + {number}), {number}, index * 0.1"
        )
        cmd.translate([number, 0, 0], "all", camera=0)
        marks.append(history.keep())
    history.shelf.wait()
    return marks


def test_states_beyond_the_budget_are_on_disk_and_come_back(hiv_protease, history):
    marks = _keep_many(hiv_protease, history, 20)
    assert history.shelf.n_bytes <= MB // 2
    assert history.shelf.n_bytes_on_disk > 0
    for mark in (marks[0], marks[12], marks[-1]):
        assert "not as it was" not in history.restore(mark.number).text
        assert history.keep().hash == mark.hash
    assert history.compare(marks[0].number, marks[1].number).lines == (
        "altered b, q and vdw of 1,631 atoms of 1hpv",
        "moved the coordinates of 1hpv: 1,631 atoms",
    )


def test_a_piece_that_did_not_change_is_written_once(hiv_protease, history, tmp_path):
    _keep_many(hiv_protease, history, 20)
    files = list((tmp_path / "scene" / "parts").iterdir())
    states = list((tmp_path / "scene").glob("*.state"))
    n_spilled = len(history.shelf._spilled)
    assert n_spilled > 5
    assert len(states) == n_spilled + 1
    # Five columns and the coordinates are new in each state; thirty columns and more would be if all were written.
    assert len(files) < 7 * len(states) + 40


def test_beyond_the_disks_bound_the_oldest_are_forgotten(hiv_protease, tmp_path):
    history = History(hiv_protease, tmp_path / "scene", memory_bytes=MB // 2, disk_bytes=MB // 4)
    marks = _keep_many(hiv_protease, history, 20)
    assert history.shelf.n_bytes_on_disk <= MB // 4
    with pytest.raises(SceneError, match="no longer kept"):
        history.restore(marks[0].number)
    history.restore(marks[-1].number)
    history.close()


def test_forgotten_states_leave_nothing(hiv_protease, history, tmp_path):
    marks = _keep_many(hiv_protease, history, 12)
    history.forget([mark.number for mark in marks])
    assert history.shelf.n_bytes == 0
    assert [path.name for path in (tmp_path / "scene").glob("*.state")] == ["newest.state"]


def test_the_folder_is_the_users_alone(hiv_protease, history, tmp_path):
    _keep_many(hiv_protease, history, 8)
    folder = tmp_path / "scene"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o077 for path in folder.rglob("*.state")} == {0}
    assert {path.stat().st_mode & 0o077 for path in (folder / "parts").iterdir()} == {0}


def test_a_clean_end_leaves_no_file(hiv_protease, tmp_path):
    history = History(hiv_protease, tmp_path / "scene")
    history.keep()
    history.shelf.wait()
    assert (tmp_path / "scene" / "newest.state").is_file()
    history.close()
    assert not (tmp_path / "scene").exists()


def test_without_a_folder_nothing_is_written_until_memory_is_short(hiv_protease):
    history = History(hiv_protease, memory_bytes=MB // 2)
    history.keep()
    assert history.shelf.n_bytes_on_disk == 0
    marks = _keep_many(hiv_protease, history, 8)
    assert history.shelf.n_bytes_on_disk > 0
    history.restore(marks[0].number)
    assert history.keep().hash == marks[0].hash
    history.close()


def test_what_is_never_written_comes_back_from_memory(hiv_protease, history):
    hiv_protease.load_callback(_Nothing(), "callback")
    hiv_protease.wizard("measurement")
    kept = history.keep()
    _keep_many(hiv_protease, history, 8)
    assert kept.number in history.shelf._spilled
    hiv_protease.delete("callback")
    hiv_protease.set_wizard()
    history.restore(kept.number)
    assert hiv_protease.get_names() == ["1hpv", "callback"]
    assert hiv_protease.get_wizard() is not None


def test_a_disk_that_cannot_be_written_keeps_states_in_memory(hiv_protease, tmp_path):
    (tmp_path / "scene").write_text("a file where the folder should be")
    history = History(hiv_protease, tmp_path / "scene", memory_bytes=MB // 2)
    marks = _keep_many(hiv_protease, history, 8)
    history.restore(marks[0].number)
    assert history.keep().hash == marks[0].hash


class _Nothing:
    def __call__(self):
        pass

    def get_extent(self):
        return [[0, 0, 0], [1, 1, 1]]
