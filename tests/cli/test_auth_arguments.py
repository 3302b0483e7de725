"""The command line, and that nothing of it is repeated that may be a key."""

import pytest

from pymolcode_plugin.cli.auth_arguments import parsed, suggestion
from pymolcode_plugin.core.errors import SignInFailed

from .auth_command import KEY


def test_every_command_takes_json():
    for line in ("login x", "logout x", "status", "list", "use x", "models x", "test x"):
        assert parsed([*line.split(), "--json"], "pymolcode-auth").json is True


@pytest.mark.parametrize(
    "line",
    [
        f"login openai {KEY}",
        f"login openai --apikey {KEY}",
        f"login openai --apikey={KEY}",
        f"login openai --api-k {KEY}",
        f"login openai --api-key - {KEY}",
        f"login openai --json={KEY}",
        f"login openai --device={KEY}",
        f"{KEY}",
        f"--json={KEY}",
        f"logout openai {KEY}",
        f"status {KEY}",
    ],
)
def test_what_may_be_a_key_is_never_repeated(capsys, line):
    with pytest.raises(SystemExit) as ended:
        parsed(line.split(), "pymolcode-auth")
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert "canary" not in said.out + said.err
    assert said.err.startswith("pymolcode-auth")


@pytest.mark.parametrize("given", [["--api-key", KEY], [f"--api-key={KEY}"], ["--api-key", ""]])
def test_a_key_is_not_taken_from_the_command_line(given):
    with pytest.raises(SignInFailed, match="history") as refused:
        parsed(["login", "openai", *given], "pymolcode auth")
    assert "canary" not in refused.value.message
    assert "pymolcode auth login PROVIDER --api-key -" in refused.value.message


def test_a_key_may_be_asked_for_with_and_without_the_dash():
    for given in (["--api-key", "-"], ["--api-key"]):
        assert parsed(["login", "openai", *given], "pymolcode-auth").api_key == "-"


def test_ways_exclude_each_other(capsys):
    with pytest.raises(SystemExit):
        parsed(["login", "azure", "--device", "--no-browser"], "pymolcode-auth")
    assert "not allowed with" in capsys.readouterr().err


@pytest.mark.parametrize("line", ["logout", "logout openai --all"])
def test_logout_takes_a_provider_or_all(capsys, line):
    with pytest.raises(SystemExit):
        parsed(line.split(), "pymolcode-auth")
    assert "logout takes a provider, or --all" in capsys.readouterr().err


def test_a_near_name_is_suggested_and_a_far_one_is_not():
    assert suggestion("Antropic", ["anthropic", "openai"]) == "anthropic"
    assert suggestion("zzz", ["anthropic", "openai"]) == ""
