import os
import stat
import subprocess
import sys

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pymolcode_plugin.config import settings, writing
from pymolcode_plugin.core.errors import ConfigError

COMMENTED = """\
# My settings.

model: openai:gpt-5  # the good one
# Ask me less.
mode: ask


fallback:      # in this order
    - groq:llama   # fast
    - mistral:small
base_urls: {ollama: "http://127.0.0.1:1/v1"}
# The end.
"""


@pytest.fixture
def config(tmp_path, monkeypatch):
    monkeypatch.setenv("PYMOLCODE_HOME", str(tmp_path))
    return tmp_path / "config.yaml"


def test_a_setting_changes_and_all_around_it_stays(config):
    config.write_text(COMMENTED)
    found = writing.change({"mode": "auto"})
    assert found.mode.value == "auto"
    assert config.read_text() == COMMENTED.replace("mode: ask", "mode: auto")


def test_a_setting_is_added_at_the_end_and_taken_out_again(config):
    config.write_text(COMMENTED)
    writing.change({"budget_usd": 2.5})
    assert "budget_usd: 2.5" in config.read_text()
    assert "# The end." in config.read_text()
    assert writing.change({"budget_usd": None}).budget_usd is None
    assert config.read_text() == COMMENTED


def test_a_file_is_made_for_its_user_alone_and_says_what_it_is(config):
    found = writing.change({"fallback": ["groq:llama"], "this_machine_only": True})
    assert found.fallback == ("groq:llama",)
    assert found.sources["fallback"] == "config.yaml"
    assert config.read_text().startswith("# Settings of pymolcode")
    if os.name != "nt":
        assert stat.S_IMODE(config.stat().st_mode) == 0o600


def test_a_file_of_comments_keeps_them_when_its_only_setting_comes_and_goes(config):
    config.write_text("# nothing yet\n")
    writing.change({"mode": "plan"})
    assert config.read_text() == "# nothing yet\nmode: plan\n"
    writing.change({"mode": None})
    assert config.read_text() == "# nothing yet\n"
    assert settings.load().mode.value == "ask"


@pytest.mark.parametrize("value", ["off", "yes", "1e3", "12:30:00", "null", "a: b", "#x", "", "'", "\\", "ä b"])
def test_text_that_yaml_would_take_for_something_else_stays_text(config, value):
    config.write_text("mode: ask\n")
    found = writing.change({"ca_file": value})
    assert found.ca_file == value


@pytest.mark.parametrize(
    ("values", "named"),
    [({"nonsense": 1}, "nonsense"), ({"mode": "maybe"}, "mode"), ({"budget_usd": -1}, "budget_usd")],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(config, values, named):
    config.write_text(COMMENTED)
    with pytest.raises(ConfigError, match=named):
        writing.change(values)
    assert config.read_text() == COMMENTED


@pytest.mark.parametrize("text", ["mode: [", "- a\n- b\n", "a: 1\na: {"])
def test_a_broken_file_is_not_touched(config, text):
    config.write_text(text)
    with pytest.raises(ConfigError, match=r"config\.yaml"):
        writing.change({"mode": "auto"})
    assert config.read_text() == text


@pytest.mark.parametrize(
    "text",
    ["{mode: ask}\n", "mode: &m ask\nca_file: *m\n", "--- {}\n", "mode: |\n  ask\n"],
)
def test_a_form_that_cannot_be_kept_is_not_touched(config, text):
    config.write_text(text)
    with pytest.raises(ConfigError, match=r"editor|written in a way"):
        writing.change({"request_limit": 3, "mode": "plan"})
    assert config.read_text() == text


def test_of_two_of_a_name_the_one_that_holds_changes_and_both_can_go(config):
    config.write_text("mode: ask\n# again\nmode: auto\n")
    assert writing.change({"mode": "plan"}).mode.value == "plan"
    assert config.read_text() == "mode: ask\n# again\nmode: plan\n"
    writing.change({"mode": None})
    assert config.read_text() == "# again\n"


def test_a_list_keeps_the_comments_of_the_items_that_stay(config):
    config.write_text(COMMENTED)
    writing.change({"fallback": ["xai:grok", "groq:llama"]})
    expected = "    - xai:grok\n    - groq:llama   # fast\n"
    assert config.read_text() == COMMENTED.replace("    - groq:llama   # fast\n    - mistral:small\n", expected)
    writing.change({"fallback": None})
    assert "fallback" not in config.read_text()
    assert "base_urls" in config.read_text()


@pytest.mark.parametrize("text", ["mode:\n", "mode:   # none\nrequest_limit: 3\n", "mode: ~", '"mode" : "ask"  # q'])
def test_an_empty_or_quoted_value_is_replaced_where_it_stands(config, text):
    config.write_text(text)
    assert writing.change({"mode": "auto"}).mode.value == "auto"
    assert config.read_text().count("#") == text.count("#")


def test_a_link_stays_a_link_and_a_files_mode_stays(config, tmp_path):
    real = tmp_path / "elsewhere.yaml"
    real.write_text("mode: ask\n")
    real.chmod(0o640)
    config.symlink_to(real)
    writing.change({"mode": "auto"})
    assert config.is_symlink()
    assert real.read_text() == "mode: auto\n"
    if os.name != "nt":
        assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_windows_mark_at_the_beginning_is_no_part_of_the_first_name(config):
    config.write_bytes(b"\xef\xbb\xbfmode: plan\r\n# kept\r\n")
    assert settings.load().mode.value == "plan"
    writing.change({"request_limit": 7})
    assert settings.load().request_limit == 7
    assert "# kept" in config.read_text()


def test_many_processes_lose_nothing_of_each_other(config):
    names = ["request_limit", "budget_tokens", "command_limit_s", "budget_usd"]
    code = "import sys; from pymolcode_plugin.config import writing; writing.change({sys.argv[1]: 7})"
    running = [subprocess.Popen([sys.executable, "-c", code, name]) for name in names]
    assert [process.wait(60) for process in running] == [0] * len(names)
    assert {name: getattr(settings.load(), name) for name in names} == dict.fromkeys(names, 7)


COMMENTS = st.lists(st.from_regex(r"\A# ?[a-z' :#-]{0,20}\Z"), max_size=3)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "model": st.from_regex(r"\A[a-z]{1,8}:[a-z0-9./-]{1,12}\Z"),
        "mode": st.sampled_from(["ask", "auto", "plan"]),
        "request_limit": st.integers(1, 99),
        "budget_usd": st.floats(0.01, 100, allow_nan=False),
        "ca_file": st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
        "fallback": st.lists(st.from_regex(r"\A[a-z]{1,6}:[a-z]{1,6}\Z"), min_size=1, max_size=3),
        "this_machine_only": st.booleans(),
    },
)


@given(before=VALUES, changes=VALUES, comments=COMMENTS)
def test_whatever_is_written_is_read_back_and_every_comment_stays(tmp_path_factory, before, changes, comments):
    folder = tmp_path_factory.mktemp("home")
    text = "\n".join([*comments, yaml.safe_dump(before, allow_unicode=True) if before else ""])
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYMOLCODE_HOME", str(folder))
        writing.change(changes)
    written = (folder / "config.yaml").read_text(encoding="utf-8")
    assert (yaml.safe_load(written) or {}) == {**before, **changes}
    assert [line for line in written.splitlines() if line.startswith("#") and line + "\n" != writing.HEAD] == comments
