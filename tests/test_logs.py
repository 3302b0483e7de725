import pytest

from pymolcode_plugin import logs


@pytest.fixture
def restored():
    import structlog

    before = structlog.get_config()
    yield
    structlog.configure(**before)


def test_secrets_are_masked_by_name_and_by_look(tmp_path, restored):
    logs.configure(tmp_path)
    logs.get("test").info("x", api_key="abc", note="used sk-canary-12345678 and Bearer abc.def", n_tokens=3)
    text = (tmp_path / "pymolcode.log").read_text()
    assert "abc" not in text
    assert "canary" not in text
    assert '"n_tokens": 3' in text


def test_a_log_that_cannot_be_written_ends_nothing(tmp_path, restored):
    blocked = tmp_path / "file"
    blocked.write_text("")
    logs.configure(blocked)
    logs.get("test").info("x")
    assert blocked.read_text() == ""


def test_a_long_log_begins_anew_and_the_one_before_is_kept(tmp_path, restored, monkeypatch):
    monkeypatch.setattr(logs, "_MAX_BYTES", 200)
    logs.configure(tmp_path)
    for number in range(10):
        logs.get("test").info("x", number=number)
    assert (tmp_path / "pymolcode.log").stat().st_size < 400
    assert '"number": 9' in (tmp_path / "pymolcode.log").read_text()
    assert (tmp_path / "pymolcode.old.log").is_file()
