import datetime
import json
import shutil

import pytest

from pymolcode_plugin.core.events import Notice, StepFinished, StepStarted, TextDelta, TurnStarted
from pymolcode_plugin.session import lock
from pymolcode_plugin.session.transcript import Transcript, new_folder

STEP = StepStarted(turn_id="t", call_id="c", tool="run_pymol", title="zoom", arguments="zoom")


def test_what_was_appended_is_read_back_with_pieces_of_text_joined(tmp_path):
    transcript = Transcript(tmp_path / "one")
    events = [
        TurnStarted(turn_id="t", text="hi"),
        TextDelta(turn_id="t", text="He"),
        TextDelta(turn_id="t", text="llo"),
    ]
    for event in [*events, STEP]:
        transcript.append(event)
    assert list(transcript.events()) == [events[0], TextDelta(turn_id="t", text="Hello"), STEP]


def test_text_that_waits_is_written_by_flush(tmp_path):
    transcript = Transcript(tmp_path)
    transcript.append(TextDelta(turn_id="t", text="half an ans"))
    assert list(transcript.events()) == []
    transcript.flush()
    assert list(transcript.events()) == [TextDelta(turn_id="t", text="half an ans")]


def test_a_line_cut_by_a_crash_does_not_lose_the_others(tmp_path):
    transcript = Transcript(tmp_path)
    transcript.append(STEP)
    with transcript.path.open("a", encoding="utf-8") as file:
        file.write('{"kind": "step_fin')
    assert list(transcript.events()) == [STEP]


def test_two_sessions_of_the_same_second_have_their_own_folders(tmp_path):
    now = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
    first = new_folder(tmp_path, now)
    first.mkdir()
    assert (first.name, new_folder(tmp_path, now).name) == ("2026-01-02_03-04-05", "2026-01-02_03-04-05_1")


def test_a_long_answer_is_on_disk_before_it_ends_and_reads_as_one(tmp_path, monkeypatch):
    now = [0.0]
    monkeypatch.setattr("pymolcode_plugin.session.transcript.time.monotonic", lambda: now[0])
    transcript = Transcript(tmp_path)
    for word in ("one ", "two ", "three "):
        transcript.append(TextDelta(turn_id="t", text=word))
        now[0] += 0.7
    assert list(transcript.events()) == [TextDelta(turn_id="t", text="one two three ")]
    transcript.append(TextDelta(turn_id="t", text="four"))
    transcript.append(STEP)
    assert list(transcript.events()) == [TextDelta(turn_id="t", text="one two three four"), STEP]


def test_what_a_full_disk_refused_is_written_when_there_is_room_again(tmp_path):
    transcript = Transcript(tmp_path / "one")
    transcript.append(STEP)
    transcript.path.rename(tmp_path / "kept")
    transcript.path.mkdir()  # nothing can be written there
    with pytest.raises(OSError):  # noqa: PT011  # which one depends on the system
        transcript.append(TurnStarted(turn_id="t", text="lost?"))
    transcript.path.rmdir()
    with (tmp_path / "kept").open("ab") as file:
        file.write(b'{"kind":"turn_sta')  # what fitted
    (tmp_path / "kept").rename(transcript.path)
    transcript.append(STEP)
    assert list(transcript.events()) == [STEP, TurnStarted(turn_id="t", text="lost?"), STEP]


def test_two_programs_that_begin_in_the_same_second_do_not_write_into_one_file(tmp_path):
    folder = new_folder(tmp_path)
    one, other = Transcript(folder), Transcript(folder)
    one.append(STEP)
    other.append(TurnStarted(turn_id="t", text="hi"))
    assert one.path != other.path
    assert list(one.events()) == [STEP]
    assert list(other.events()) == [TurnStarted(turn_id="t", text="hi")]


def test_half_a_character_does_not_lose_the_line(tmp_path):
    transcript = Transcript(tmp_path / "one")
    for text in ("smile \ud83d", "\ude00 and \ud800"):
        transcript.append(TextDelta(turn_id="t", text=text))
    transcript.append(STEP)
    assert list(transcript.events()) == [TextDelta(turn_id="t", text="smile \U0001f600 and \ufffd"), STEP]


def test_a_key_at_the_beginning_of_a_line_is_not_written(tmp_path):
    transcript = Transcript(tmp_path / "s")
    transcript.append(Notice(text="code:\nsk-canary-12345678\nend"))
    assert "canary" not in transcript.path.read_text()
    assert [event.text for event in transcript.events()] == ["code:\n********\nend"]


PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
SEEN = StepFinished(turn_id="t", call_id="c", ok=True, text="Picture", image_png=PNG)


def test_pictures_are_files_beside_it_and_are_read_back(tmp_path):
    transcript = Transcript(tmp_path / "one")
    transcript.append(SEEN)
    transcript.append(SEEN)
    (image,) = (tmp_path / "one" / "images").iterdir()
    assert image.read_bytes() == PNG
    assert PNG not in transcript.path.read_bytes()
    assert list(transcript.events()) == [SEEN, SEEN]


def test_pictures_of_a_message_are_kept_with_it_each_once(tmp_path):
    transcript = Transcript(tmp_path / "one")
    asked = TurnStarted(turn_id="t", text="like this?", images=(PNG, PNG + b"2", PNG))
    transcript.append(asked)
    transcript.append(SEEN)
    assert len(list((tmp_path / "one" / "images").iterdir())) == 2
    assert list(transcript.events()) == [asked, SEEN]


def test_a_picture_is_on_disk_before_the_event_that_names_it(tmp_path, monkeypatch):
    transcript = Transcript(tmp_path / "one")
    there = []
    monkeypatch.setattr(
        transcript, "_write_lines", lambda _line: there.extend((tmp_path / "one" / "images").glob("*.png"))
    )
    transcript.append(SEEN)
    assert len(there) == 1


@pytest.mark.parametrize("name", ["../secret.png", "images/../../secret.png", "/etc/passwd", "images/x.png", 7, None])
def test_a_doctored_line_reads_no_other_file(tmp_path, name):
    (tmp_path / "secret.png").write_bytes(b"secret")
    transcript = Transcript(tmp_path / "one")
    transcript.append(SEEN)
    values = json.loads(transcript.path.read_text()) | {"pictures": {"image_png": [name]}}
    transcript.path.write_text(json.dumps(values, separators=(",", ":")) + "\n")
    assert list(transcript.events()) == [SEEN.model_copy(update={"image_png": None})]


def test_it_goes_on_after_a_line_that_a_crash_cut(tmp_path):
    first = Transcript(tmp_path / "one")
    first.append(STEP)
    first.close()
    with first.path.open("ab") as file:
        file.write('{"kind": "step_ä'.encode()[:-1])
    held = lock.take(tmp_path / "one")
    again = Transcript.reopened(tmp_path / "one", held)
    again.append(SEEN)
    assert list(again.events()) == [STEP, SEEN]
    assert len(again.path.read_text().splitlines()) == 2


def test_it_is_locked_from_its_first_event_until_it_is_closed(tmp_path):
    transcript = Transcript(tmp_path / "one")
    assert not transcript.begun
    transcript.append(STEP)
    assert lock.is_open(tmp_path / "one")
    transcript.close()
    assert not lock.is_open(tmp_path / "one")


@pytest.mark.parametrize("whole_folder", [True, False])
def test_one_that_is_deleted_while_it_is_open_is_begun_anew_and_says_so_once(tmp_path, whole_folder):
    transcript = Transcript(tmp_path / "one")
    transcript.append(STEP)
    assert not transcript.take_lost()
    if whole_folder:
        shutil.rmtree(tmp_path / "one")
    else:
        transcript.path.unlink()
    transcript.append(TurnStarted(turn_id="t", text="hi"))
    assert transcript.take_lost()
    assert not transcript.take_lost()
    assert list(transcript.events()) == [TurnStarted(turn_id="t", text="hi")]
    assert transcript.folder == tmp_path / "one"
    assert lock.is_open(transcript.folder)
    transcript.close()


def test_one_that_was_never_written_has_lost_nothing(tmp_path):
    transcript = Transcript(tmp_path / "one")
    assert not transcript.take_lost()
    assert not transcript.folder.exists()
    shutil.rmtree(transcript.make())
    transcript.append(STEP)
    assert not transcript.take_lost()
    transcript.close()
