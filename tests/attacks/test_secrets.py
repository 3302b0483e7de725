"""Canaries in every place a secret can come from; nothing that is written, shown or sent holds one, or a part of it."""

import base64
import json
import os
import subprocess
import sys
from urllib.parse import quote, quote_plus

import pytest
from pydantic import SecretStr

from pymolcode_plugin.auth.credentials import Credential
from pymolcode_plugin.auth.store import TokenStore
from pymolcode_plugin.config import paths
from pymolcode_plugin.session.markdown import as_markdown
from pymolcode_plugin.session.transcript import Transcript

from ..pymol_process import ROOT
from ..scripted_model import Cut, ScriptedModel, Status

PART = 8  # characters of a canary in a row that may not be seen
OWN_FILES = ("auth.json", "config.yaml", "some.env")
# With whatever is written in another way in an address, in JSON, in Python or in base64.
CANARIES = {
    "used": """Zq7v/Lr2mX+w9tK=c4pB"n6s""",
    "variable": """Hd3y+Tf8gJk5u/Re1oMa0i==""",
    "stored": """Wb6n\\Qs4xVz2c"Pl9dYh7j+""",
    "refresh": """Gu1k/Eo5rNt3wXa8+mCf6v=""",
    "client": """Ip9s'Ld2f"Zg7h\\Bq4yKx0e""",
    "file": """Oj5t\\Rw1c"Uv8b+Mn3a/Sk6z=""",
    "pass": """Td8w/Ka4n+Fb7xPz1rVe5q==""",
    "pat": """Ym2h+Xo6cJs9uWd3gLn8t/""",
    "token": """Ck4e'Bi7pRv1zHf5aQw9m""",
    "proxy": """Nx6d/Ug2lSt8yEj4oKb1f+""",
}
DIG = """
import base64, json, os, pathlib, urllib.parse
print("DUG")
home = pathlib.Path(os.environ["PYMOLCODE_HOME"])
files = [(home / name).read_text() for name in ("auth.json", "config.yaml", "some.env")]
print(*(" ".join(text.split()) for text in files))
found = [value for name, value in os.environ.items() if name.endswith(("_KEY", "_PASS", "_PAT", "_TOKEN", "_PROXY"))]
for entry in json.loads(files[0]).values():
    found += [entry["access_token"], entry.get("refresh_token") or "none"]
print(found)
for text in found:
    ways = [text, json.dumps(text), urllib.parse.quote(text), urllib.parse.quote(text, safe="")]
    for before in ("", "a", "me"):
        ways.append(base64.b64encode((before + text).encode()).decode())
        ways.append(base64.urlsafe_b64encode((before + text + "z").encode()).decode())
    print(*ways)
print("ALL OF IT")
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
        f"auth:\n  google:\n    client_id: mine\n    client_secret: {json.dumps(CANARIES['client'])}\n"
        f"env_file: {folder / 'some.env'}\n"
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
        "DEPLOY_PASS": CANARIES["pass"],
        "GITHUB_PAT": CANARIES["pat"],
        "CI_TOKEN": CANARIES["token"],
        "HTTPS_PROXY": f"http://me:{quote(CANARIES['proxy'], safe='')}@127.0.0.1:9",
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
    return {name for name, canary in CANARIES.items() if any(part in everything for part in parts(canary))}


def parts(canary):
    """Every row of characters of a canary, however it is written."""
    ways = [canary, quote(canary), quote(canary, safe=""), quote_plus(canary), json.dumps(canary)[1:-1], repr(canary)]
    for before, touched in ((0, 0), (1, 2), (2, 3)):
        encoded = base64.b64encode(b"x" * before + canary.encode()).decode()[touched:]
        whole = encoded[: (before + len(canary)) * 8 // 6 - touched]
        ways += [whole, whole.replace("+", "-").replace("/", "_")]
    return {way[start : start + PART] for way in ways for start in range(len(way) - PART + 1)}


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
        seen = server.requests[1]["messages"][-1]["content"]
        assert "DUG" in seen, "the code did run"
        assert "ALL OF IT" in seen, "and nothing was cut"
        assert 'client_secret: "********"' in server.requests[1]["messages"][-1]["content"]
        assert len(server.requests) == 3
        assert not leaks(sent(server))
    assert done.returncode == 0, done.stderr
    assert not leaks(done.stdout, done.stderr, written(home), (tmp_path / "out.pml").read_text())
    exported = [as_markdown(Transcript(path.parent).events(), "x") for path in home.rglob("transcript.jsonl")]
    assert "DUG" in exported[0]
    assert not leaks(*exported)


def test_a_secret_in_what_the_model_calls_a_tool_with_is_not_written_or_shown(home, environment, tmp_path):
    """A model that came by one, from a file that it was shown without a mask say."""
    code = f"print('RAN', {CANARIES['stored']!r}, {CANARIES['pat']!r})"
    steps = (
        ("run_python", {"code": code}),
        ("run_pymol", {"commands": f"set_title x, 1, {CANARIES['used']}\nprint {CANARIES['file']!r}"}),
        ("no_such_tool", {"secret": CANARIES["refresh"], CANARIES["pass"]: [CANARIES["client"]]}),
    )
    with ScriptedModel(*steps, f"It is {CANARIES['variable']}.") as server:
        model = {"PYMOLCODE_MODEL": "custom:scripted", "PYMOLCODE_API_BASE": server.base_url}
        arguments = ["ask", f"use {CANARIES['token']}", "--yes", "exec,file", "--json", "--script", "out.pml"]
        done = run(arguments, environment | model, cwd=tmp_path)
        assert len(server.requests) == 4
        assert "RAN ********" in json.dumps(server.requests[1]["messages"][-1])
        for request in server.requests:
            for message in request["messages"]:
                message.pop("tool_calls", None)  # the model's own words, which it is given back as they are
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


FAILS = """
import sys, threading, traceback
from pathlib import Path
from pymolcode_plugin.cli import {module} as module
from pymolcode_plugin.cli import main
from pymolcode_plugin.config import paths, settings


def fail(*given):
    settings.load()
    TokenStore().get("google")
    folder = paths.user_folder()
    raise RuntimeError("".join((folder / name).read_text() for name in ("auth.json", "config.yaml", "some.env")))


from pymolcode_plugin.auth.store import TokenStore
module.{function} = fail
sys.exit(main.main({arguments!r}))
"""


@pytest.mark.parametrize(
    ("module", "function", "arguments"),
    [
        ("auth_status", "status", ["auth", "status"]),
        ("ask", "_Run", ["ask", "x"]),
        ("model", "main", ["model", "status"]),
    ],
)
def test_a_failure_that_nobody_expected_is_told_without_secrets(home, environment, module, function, arguments):
    code = FAILS.format(module=module, function=function, arguments=arguments)
    command = [sys.executable, "-X", "dev", "-W", "ignore", "-c", code]
    env = environment | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "RuntimeError: {" in done.stderr, done.stderr
    assert "********" in done.stderr
    assert not leaks(done.stdout, done.stderr, written(home))


SHOWS = """
from pymolcode_plugin.agent.approvals import Policy, Rules
from pymolcode_plugin.agent.brain import Brain
from pymolcode_plugin.agent.outgoing import Outgoing
from pymolcode_plugin.auth.bearer import auth_for
from pymolcode_plugin.auth.providers import find
from pymolcode_plugin.auth.sign_in import SignIn
from pymolcode_plugin.auth.store import TokenStore
from pymolcode_plugin.clients import new_client
from pymolcode_plugin.config import paths, settings
from pymolcode_plugin.llm.build import build
from pymolcode_plugin.llm.choice import choose, looked_at
from pymolcode_plugin.llm.reach import Layer, known_of, reach
from pymolcode_plugin.llm.standing import standings

read, store = settings.load(), TokenStore()
sign_in = SignIn.from_settings(read)
known = known_of(read, tuple, store, None)
shown = [read, store, sign_in, known, store.all(), store.get("google"), standings(read, store=store), looked_at(read)]
wire = Outgoing(Policy(Rules(paths.rules_file())))
for name, model in {models!r}.items():
    reached = reach(known, name, Layer.CHAT)
    assert reached.key or reached.signed_in, name
    choice = choose(read, tuple, session_model=f"{{name}}:{{model}}")
    built = build(choice, wire, sign_in)
    client = built.model.client
    http = client._client
    shown += [reached, choice, built, built.model, client, http, http.headers, http.auth, client.auth_headers]
    if {inside}:
        shown += [built.model.__dict__, client.__dict__, http.__dict__, http.auth.__dict__, client.default_headers]
shown += [Brain((), None, None, print, wire, None, None), new_client()]
for value in shown:
    print(repr(value))
    print(str(value))
"""
MODELS = {"custom": "m", "anthropic": "claude", "groq": "m", "xai": "grok"}


@pytest.mark.parametrize("in_address", [False, True], ids=["in variables", "in the address too"])
def test_no_value_shows_a_secret_of_its_own(home, environment, in_address):
    secrets = f"me:{quote(CANARIES['pass'], safe='')}@", f"?key={quote(CANARIES['token'], safe='')}"
    before, after = secrets if in_address else ("", "")
    env = environment | {
        "PYTHONPATH": str(ROOT),
        "PYMOLCODE_MODEL": "custom:m",
        "PYMOLCODE_API_BASE": f"https://{before}vendor.test/v1{after}",
    }
    # An SDK has to know the address that it asks; the key it never gets.
    code = SHOWS.format(models=MODELS, inside=not in_address)
    command = [sys.executable, "-X", "dev", "-W", "ignore", "-c", code]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert "AsyncOpenAI" in done.stdout
    assert "AsyncAnthropic" in done.stdout
    assert not leaks(done.stdout, done.stderr)


@pytest.mark.parametrize("broken", ["request_limit: {0}", "auth: {{google: {0}}}", "api_key: [{0}]", "budget_usd: {0}"])
def test_a_setting_that_makes_no_sense_is_said_without_its_value(home, environment, broken):
    (home / "config.yaml").write_text(broken.format(json.dumps(CANARIES["client"])))
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
    assert json.loads((home / "auth.json").read_text())["mistral"]["access_token"] == CANARIES["used"]
    assert not leaks(done.stdout, done.stderr, written(home))


def test_the_password_of_a_proxy_is_not_shown(home, environment, tmp_path):
    """Nothing listens there: the proxy is what fails."""
    model = {"PYMOLCODE_MODEL": "custom:m", "PYMOLCODE_API_BASE": "https://vendor.test/v1"}
    for arguments in (["ask", "x"], ["auth", "test", "custom:m"], ["auth", "models", "custom"]):
        done = run(arguments, environment | model, cwd=tmp_path)
        assert done.returncode, arguments
        assert not leaks(done.stdout, done.stderr, written(home)), arguments


@pytest.mark.parametrize("turn", ["Hello.", Status(400, "no")], ids=["answers", "refuses"])
def test_secrets_in_an_address_that_is_asked_are_not_shown(home, environment, tmp_path, turn):
    with ScriptedModel(turn) as server:
        where = server.base_url.removeprefix("http://")
        address = f"http://me:{quote(CANARIES['pass'], safe='')}@{where}"
        model = {"PYMOLCODE_MODEL": "custom:scripted", "PYMOLCODE_API_BASE": address}
        done = run(["ask", "x", "--json"], environment | model, cwd=tmp_path)
        assert server.requests
    assert "scripted" in done.stdout or "Hello" in done.stdout
    assert not leaks(done.stdout, done.stderr, written(home))


def test_a_key_in_an_address_is_not_shown(home, environment):
    password, key = (quote(CANARIES[name], safe="") for name in ("used", "variable"))
    address = f"http://user:{password}@127.0.0.1:9/v1?key={key}"
    model = {"PYMOLCODE_MODEL": "custom:m", "PYMOLCODE_API_BASE": address}
    for arguments in (["ask", "x"], ["model", "status"], ["auth", "status"], ["auth", "test", "custom:m"]):
        done = run(arguments, environment | model | {"PYMOLCODE_API_KEY": "", "ANTHROPIC_API_KEY": ""})
        assert not leaks(done.stdout, done.stderr, written(home)), arguments
