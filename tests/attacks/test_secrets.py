"""Canaries in every place a secret can come from; nothing that is written, shown or sent holds one, or a part of it."""

import json
import os
import subprocess
import sys

import pytest
from pydantic import SecretStr

from pymolcode_plugin.auth.credentials import Credential
from pymolcode_plugin.auth.store import TokenStore
from pymolcode_plugin.config import paths

from ..pymol_process import ROOT
from ..scripted_model import Cut, ScriptedModel, Status

PART = 8  # characters of a canary in a row that may not be seen
OWN_FILES = ("auth.json", "config.yaml", "some.env")
CANARIES = {
    "used": "Zq7vLr2mXw9tKc4pBn6s",
    "variable": "Hd3yTf8gJk5uRe1oMa0i",
    "stored": "Wb6nQs4xVz2cPl9dYh7j",
    "refresh": "Gu1kEo5rNt3wXa8mCf6v",
    "client": "Ip9sLd2fZg7hBq4yKx0e",
    "file": "Oj5tRw1cUv8bMn3aSk6z",
}
DIG = """
import os, pathlib
print("DUG")
print(dict(os.environ))
home = pathlib.Path(os.environ["PYMOLCODE_HOME"])
for name in ("auth.json", "config.yaml", "some.env"):
    print((home / name).read_text())
"""


@pytest.fixture
def home():
    """A home with a secret in each file, and what the environment adds."""
    folder = paths.user_folder()
    store = TokenStore()
    store.put(Credential(provider_id="groq", access_token=SecretStr(CANARIES["stored"])))
    store.put(
        Credential(
            provider_id="google",
            access_token=SecretStr("ya29." + CANARIES["stored"]),
            token_type="Bearer",
            refresh_token=SecretStr(CANARIES["refresh"]),
            expires_at=1.0,
        )
    )
    (folder / "config.yaml").write_text(
        f"auth: {{google: {{client_id: mine, client_secret: {CANARIES['client']}}}}}\nenv_file: {folder / 'some.env'}\n"
    )
    (folder / "some.env").write_text(f"XAI_API_KEY={CANARIES['file']}\n")
    for name in OWN_FILES:
        (folder / name).chmod(0o600)
    return folder


@pytest.fixture
def environment(home):
    return {
        **{name: value for name, value in os.environ.items() if name != "DISPLAY"},
        "ANTHROPIC_API_KEY": CANARIES["variable"],
        "PYMOLCODE_API_KEY": CANARIES["used"],
        "PYTHONFAULTHANDLER": "1",
    }


def run(arguments, environment, module="pymolcode_plugin.cli.main", given="", cwd=None):
    command = [sys.executable, "-X", "dev", "-W", "ignore", "-m", module, *arguments]
    env = environment | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command, env=env, input=given, capture_output=True, text=True, timeout=120, cwd=cwd, check=False
    )


def leaks(*texts):
    """Names of the canaries of which a part can be read."""
    everything = "\n".join(texts)
    return {
        name
        for name, canary in CANARIES.items()
        if any(canary[start : start + PART] in everything for start in range(len(canary) - PART + 1))
    }


def written(folder):
    """Whatever stands in the home, but in the files that hold secrets by design."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in OWN_FILES)
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in files)


def sent(server, but=("authorization",)):
    """Bodies, and headers but for the one that is meant to hold the key."""
    headers = [{name: value for name, value in found.items() if name not in but} for found in server.headers]
    return json.dumps(server.requests) + json.dumps(headers)


def test_code_that_digs_for_secrets_shows_them_to_nobody(home, environment, tmp_path):
    steps = (
        ("run_python", {"code": DIG}),
        (
            "run_python",
            {"code": "raise ValueError(open(__import__('os').environ['PYMOLCODE_HOME'] + '/auth.json').read())"},
        ),
    )
    with ScriptedModel(*steps, "Nothing to see.") as server:
        model = {"PYMOLCODE_MODEL": "custom:scripted", "PYMOLCODE_API_BASE": server.base_url}
        arguments = ["ask", "dig", "--yes", "exec,file", "--json", "--script", str(tmp_path / "out.pml")]
        done = run(arguments, environment | model, cwd=tmp_path)
        assert server.headers[0]["authorization"] == f"Bearer {CANARIES['used']}"
        assert "DUG" in server.requests[1]["messages"][-1]["content"], "the code did run"
        assert "client_secret: ********" in server.requests[1]["messages"][-1]["content"]
        assert len(server.requests) == 3
        assert not leaks(sent(server))
    assert done.returncode == 0, done.stderr
    assert not leaks(done.stdout, done.stderr, written(home), (tmp_path / "out.pml").read_text())


@pytest.mark.parametrize("turn", [401, 403, 429, 500, "cut", "redirect"], ids=str)
def test_a_server_that_repeats_the_key_or_breaks_off_gives_nothing_away(home, environment, tmp_path, turn):
    key = CANARIES["used"]
    says = f"Incorrect API key provided: {key}, or {key[:4]}*******{key[-4:]}. Bearer {key}"
    turns = {"cut": Cut(f"your key is {key} "), "redirect": Status(307, says)}
    with ScriptedModel(turns.get(turn) or Status(turn, says)) as server, ScriptedModel("Stolen.") as other:
        server.location = f"{other.base_url}/chat/completions"
        model = {"PYMOLCODE_MODEL": "custom:scripted", "PYMOLCODE_API_BASE": server.base_url}
        done = run(["ask", "x"], environment | model, cwd=tmp_path)
        assert other.requests == []
    assert done.returncode == 1
    assert "scripted" in done.stderr
    told = done.stderr + done.stdout
    assert not leaks(told, written(home))
    assert f"{key[:4]}*" not in told
    assert f"*{key[-4:]}" not in told


def test_a_crash_gives_nothing_away(home, environment, tmp_path):
    code = (
        "import os, signal\n"
        "from pymolcode_plugin.auth.store import TokenStore\n"
        "from pymolcode_plugin.config import settings\n"
        "from pymolcode_plugin.llm.choice import choose\n"
        "found, known, choice = TokenStore().all(), settings.load(), choose(settings.load(), tuple)\n"
        "print(repr(found), repr(known), known, repr(choice), choice)\n"
        "assert choice.key.get_secret_value()\n"
        "def crash(*values):\n"
        "    os.kill(os.getpid(), signal.SIGABRT)\n"
        "crash(found, known, choice)\n"
    )
    model = {"PYMOLCODE_MODEL": "custom:m", "PYMOLCODE_API_BASE": "https://vendor.test/v1"}
    command = [sys.executable, "-X", "dev", "-W", "ignore", "-c", code]
    env = environment | model | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False)
    assert "Fatal Python error: Aborted" in done.stderr
    assert "SecretStr" in done.stdout
    assert not leaks(done.stdout, done.stderr)


@pytest.mark.parametrize("broken", ["request_limit: {0}", "auth: {{google: {0}}}", "api_key: [{0}]", "budget_usd: {0}"])
def test_a_setting_that_makes_no_sense_is_said_without_its_value(home, environment, broken):
    (home / "config.yaml").write_text(broken.format(CANARIES["client"]))
    for arguments in (["model", "status"], ["auth", "status"], ["auth", "status", "--json"]):
        done = run(arguments, environment)
        assert not leaks(done.stdout, done.stderr, written(home))
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("more", [[], ["--json"]], ids=["words", "json"])
@pytest.mark.parametrize(
    "command", [["status"], ["list"], ["use", "groq:m"], ["logout", "groq"], ["test", "custom:m"]], ids=" ".join
)
def test_the_command_line_shows_none(home, environment, command, more):
    model = {"PYMOLCODE_API_BASE": "http://127.0.0.1:9/v1"}
    done = run(["auth", *command, *more], environment | model)
    assert done.stdout or done.stderr
    assert not leaks(done.stdout, done.stderr, written(home))


def test_a_key_that_is_typed_in_is_kept_in_one_place_only(home, environment):
    done = run(["auth", "login", "mistral", "--api-key", "-", "--json"], environment, given=f"{CANARIES['used']}\n")
    assert done.returncode == 0, done.stderr
    assert CANARIES["used"] in (home / "auth.json").read_text()
    assert not leaks(done.stdout, done.stderr, written(home))


def test_a_key_in_an_address_is_not_shown(home, environment):
    address = f"http://user:{CANARIES['used']}@127.0.0.1:9/v1?key={CANARIES['variable']}"
    model = {"PYMOLCODE_MODEL": "custom:m", "PYMOLCODE_API_BASE": address}
    for arguments in (["ask", "x"], ["model", "status"], ["auth", "status"], ["auth", "test", "custom:m"]):
        done = run(arguments, environment | model | {"PYMOLCODE_API_KEY": "", "ANTHROPIC_API_KEY": ""})
        assert not leaks(done.stdout, done.stderr, written(home)), arguments
