"""An error that nobody expected, in any thread, shows no secret on the terminal."""

import subprocess
import sys

import pytest

from ..pymol_process import ROOT

CANARY = "canary/of+a=key-0123"
BEGINNING = f"""
import asyncio, gc, logging, threading
from pymolcode_plugin import logs
from pymolcode_plugin.cli.last_words import without_secrets
from pymolcode_plugin.masking import hide
without_secrets()
logs.configure()
hide({CANARY!r})


def fail(*_ignored):
    raise ValueError("it was {CANARY}")
"""
WAYS = {
    "main thread": "fail()",
    "another thread": "thread = threading.Thread(target=fail); thread.start(); thread.join()",
    "task": "async def main():\n    task = asyncio.ensure_future(asyncio.to_thread(fail)); await asyncio.wait([task])\n"
    "asyncio.run(main()); gc.collect()",
    "finaliser": "type('T', (), {'__del__': fail})()",
    "log": "logging.getLogger('library').error('it was %s', " + repr(CANARY) + ")",
}


@pytest.mark.parametrize("way", WAYS)
def test_what_python_says_of_a_failure_holds_no_secret(way):
    code = BEGINNING + WAYS[way]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=ROOT, check=False
    )
    assert done.returncode == (1 if way == "main thread" else 0)
    assert "it was ********" in done.stderr, done.stderr
    assert CANARY not in done.stdout + done.stderr


def test_an_exit_code_is_no_failure():
    done = subprocess.run(
        [sys.executable, "-c", BEGINNING + "raise SystemExit(3)"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert (done.returncode, done.stderr) == (3, "")
