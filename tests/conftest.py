"""A home of its own for every test run, and one headless PyMOL shared by the tests that need no window."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
from pathlib import Path

import pytest
from hypothesis import settings

from installer import display

# A busy machine is no failure, and CI finds the same thing twice; elsewhere every run looks in other places.
settings.register_profile("ours", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("ours")


_WORKER = "PYTEST_XDIST_WORKER" in os.environ
_display = contextlib.ExitStack()


def pytest_collection_modifyitems(items):
    """Side by side, what takes longest begins first, lest one worker is left with it at the end."""
    if _WORKER:
        items.sort(key=lambda item: [item.get_closest_marker(mark) is None for mark in ("model", "window")])


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Windows of tests that run side by side must not take the mouse and the keyboard from each other."""
    if _WORKER and item.get_closest_marker("window"):
        _start_display()


@functools.cache
def _start_display():
    os.environ.update(_display.enter_context(display.private()))


def pytest_unconfigure():
    _display.close()


@pytest.fixture(autouse=True)
def fresh_home(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("PYMOLCODE_HOME", str(tmp_path_factory.mktemp("home") / ".pymolcode"))


@pytest.fixture(autouse=True)
def forgotten_secrets():
    """What one test hides is ordinary text in the next."""
    from pymolcode_plugin import masking

    before = set(masking._known)
    yield
    masking._known.clear()
    masking._known.update(before)
    masking._forms.cache_clear()


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Requests to a model are made again as they are for people, without the waits between."""
    from pymolcode_plugin.llm import patience

    monkeypatch.setattr(patience, "DEFAULT", patience.Patience(sleep=_at_once))


async def _at_once(_seconds):
    await asyncio.sleep(0)


@pytest.fixture(scope="session")
def _pymol():
    import pymol

    pymol.invocation.parse_args(["pymol", "-cqk"])
    from pymol import cmd

    return cmd


@pytest.fixture
def cmd(_pymol):
    _pymol.reinitialize()
    _pymol.viewport(640, 480)  # which that leaves as the test before had it
    return _pymol


@pytest.fixture
def shipped(_pymol) -> Path:
    """The folder of structures that come with PyMOL."""
    return Path(os.environ["PYMOL_DATA"])


@pytest.fixture
def hiv_protease(cmd, shipped):
    """1HPV, protease with amprenavir, loaded as `1hpv`."""
    cmd.load(str(shipped / "tut" / "1hpv.pdb"), quiet=1)
    return cmd


@pytest.fixture
async def gateway(cmd):
    """The scene door on the headless PyMOL, drained by the test's own loop."""
    from pymolcode_plugin.scene.gateway import Gateway
    from pymolcode_plugin.scene.headless_drain import make_executor

    executor = make_executor(asyncio.get_running_loop())
    yield Gateway(executor, cmd)
    executor.close()


@pytest.fixture(scope="session")
def oauth():
    """A certified OAuth server; see `node_servers.OAuthServer`."""
    from .node_servers import oauth_server

    with oauth_server() as server:
        yield server
