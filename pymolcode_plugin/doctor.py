"""Looks whether everything pymolcode needs is here and right, and says the remedy where it is not.

It reads files and settings and imports nothing heavy; no request leaves this machine (the model is asked by
`llm.probe`, where the user wants that). What only a running PyMOL knows is given to it. Never a secret.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable
from typing import Literal

from . import bootstrap
from .auth.store import TokenStore
from .config import paths, settings
from .config.settings import Settings
from .core.counting import counted
from .core.errors import PymolcodeError
from .core.scene import Frozen, HostFacts
from .core.version import version
from .llm.choice import BUILTIN, Choice, choose, local_file

State = Literal["ok", "note", "problem"]
_OLDEST_PYMOL = (2, 5)
_SECOND_TIER = (3, 10)
_LIBRARIES = ("pydantic-ai-slim", "openai", "anthropic", "httpx2", "qasync", "pydantic")
# What draws without a graphics card.
_SOFTWARE = ("llvmpipe", "softpipe", "swrast", "swiftshader", "gdi generic", "microsoft basic", "warp")
_LEAST_FREE_MB = 500
_MB = 1_000_000


class Finding(Frozen):
    """What was found in one place.

    Attributes:
        name: The place, for people.
        state: `note` works, but could be better.
        words: What is so.
        remedy: What to do; empty where nothing is to be done.
    """

    name: str
    state: State
    words: str
    remedy: str = ""


def examine(host: HostFacts | None = None) -> tuple[Finding, ...]:
    """Every check, the ones that others rest on first; blocking, so use a worker thread. Never raises.

    Args:
        host: What the running PyMOL says of itself; None outside of one.
    """
    read: Settings | None = None

    def settings_read() -> Iterable[Finding]:
        nonlocal read
        read = settings.load()
        return _settings(read)

    checks: tuple[tuple[str, Callable[[], Iterable[Finding]]], ...] = (
        ("Python", _python),
        ("Packages", _packages),
        ("PyMOL", lambda: _pymol(host)),
        ("Graphics", lambda: _graphics(host)),
        ("Folder", _folders),
        ("Settings", settings_read),
        ("Sign-ins", lambda: _store(read)),
        ("Model", lambda: _model(read)),
    )
    return tuple(finding for name, check in checks for finding in _looked(name, check))


def _looked(name: str, check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    try:
        return list(check())
    except Exception as error:  # noqa: BLE001  # border: a broken place must not hide the others
        message = error.message if isinstance(error, PymolcodeError) else f"{type(error).__name__}: {error}"
        return [Finding(name=name, state="problem", words=message)]


def report(findings: Iterable[Finding]) -> str:
    """As text, to copy into a question: nothing in it is a secret."""
    marks = {"ok": "ok      ", "note": "note    ", "problem": "PROBLEM "}
    lines = []
    for item in findings:
        lines.append(f"{marks[item.state]} {item.name}: {item.words}")
        if item.remedy:
            lines.append(f"          -> {item.remedy}")
    return "\n".join(lines)


def _python() -> Iterable[Finding]:
    words = f"{platform.python_version()} on {platform.system()} {platform.machine()}, pymolcode {version()}"
    if sys.version_info[:2] == _SECOND_TIER:
        yield Finding(
            name="Python",
            state="note",
            words=f"{words}; for 3.10 the model libraries get no more updates",
            remedy="A PyMOL with Python 3.11 or newer has the current ones.",
        )
    else:
        yield Finding(name="Python", state="ok", words=words)


def _packages() -> Iterable[Finding]:
    missing = bootstrap.missing()
    if missing:
        yield Finding(
            name="Packages",
            state="problem",
            words=f"missing: {', '.join(missing)}",
            remedy=bootstrap.REMEDY,
        )
        return
    versions = ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES)
    yield Finding(name="Packages", state="ok", words=versions)


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "(version not known)"


def _pymol(host: HostFacts | None) -> Iterable[Finding]:
    if host is None:
        there = importlib.util.find_spec("pymol") is not None
        words = "here; /doctor in its panel says more" if there else "not in this Python"
        remedy = "" if there else "Sign-in works without it; for the rest run pymolcode in PyMOL's own Python."
        yield Finding(name="PyMOL", state="ok" if there else "note", words=words, remedy=remedy)
        return
    words = f"{host.pymol_version}, {host.qt or 'no window'}"
    numbers = tuple(int(part) for part in host.pymol_version.split(".")[:2] if part.isdigit())
    if numbers < _OLDEST_PYMOL:
        yield Finding(name="PyMOL", state="note", words=words, remedy="pymolcode is made for PyMOL 2.5 and newer.")
    else:
        yield Finding(name="PyMOL", state="ok", words=words)


def _graphics(host: HostFacts | None) -> Iterable[Finding]:
    if host is None or not host.renderer:
        return
    if any(name in host.renderer.lower() for name in _SOFTWARE):
        yield Finding(
            name="Graphics",
            state="note",
            words=f"drawn by the processor ({host.renderer})",
            remedy="It works, slowly. With a graphics card: install its driver, and start PyMOL on its own screen.",
        )
    else:
        yield Finding(name="Graphics", state="ok", words=host.renderer)


def _folders() -> Iterable[Finding]:
    folder = paths.user_folder()
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        yield Finding(
            name="Folder",
            state="problem",
            words=f"{folder} cannot be written: {error.strerror or error}",
            remedy="Make it yours, or set PYMOLCODE_HOME to a folder of yours.",
        )
        return
    free_mb = shutil.disk_usage(folder).free // _MB
    if free_mb < _LEAST_FREE_MB:
        yield Finding(
            name="Folder",
            state="problem",
            words=f"{folder}: {free_mb:,} MB are left on the disk",
            remedy="Make room: transcripts and the states of Undo need it.",
        )
    elif os.name != "nt" and stat.S_IMODE(folder.stat().st_mode) & 0o022:
        yield Finding(
            name="Folder",
            state="problem",
            words=f"{folder} can be changed by other accounts of this computer",
            remedy=f"`chmod go-w {folder}`",
        )
    else:
        yield Finding(name="Folder", state="ok", words=f"{folder}, {free_mb / 1000:,.0f} GB free")
    yield from _logs()


def _logs() -> Iterable[Finding]:
    log = paths.logs_folder()
    if log.exists() and not os.access(log, os.W_OK):
        yield Finding(name="Log", state="note", words=f"{log} cannot be written", remedy="Make it yours.")


def _settings(found: Settings) -> Iterable[Finding]:
    named = sorted({source for source in found.sources.values() if source})
    yield Finding(name="Settings", state="ok", words=f"from {', '.join(named)}" if named else "the usual ones")
    for notice in found.notices:
        yield Finding(name="Settings", state="problem", words=notice)


def _store(read: Settings | None) -> Iterable[Finding]:
    """Without settings it is not known where the user wants secrets to be, so that is not said."""
    store = TokenStore.users_own(keyring=read is not None and read.keyring)
    found = store.all()
    words = counted(len(found), "sign-in") + (f" in {store.keeps_in}" if read is not None else "")
    yield Finding(name="Sign-ins", state="ok", words=words if found else "none yet")
    for aside in store.damaged():
        yield Finding(
            name="Sign-ins",
            state="note",
            words=f"{aside} could not be read and was put aside",
            remedy="Sign in again, and remove it when you need nothing of it.",
        )


def _model(read: Settings | None) -> Iterable[Finding]:
    if read is None:
        yield Finding(name="Model", state="note", words="not known while the settings cannot be read")
        return
    choice = choose(read)
    if choice.api == BUILTIN:
        yield _builtin(choice)
    else:
        yield Finding(name="Model", state="ok", words=f"{choice.title}: {choice.why}")


def _builtin(choice: Choice) -> Finding:
    words = f"{choice.title}: {choice.why}"
    path, entry = local_file(choice)
    if path is None:
        return Finding(
            name="Model",
            state="problem",
            words=f"{words}; its weights are not here ({entry.title})",
            remedy="Press Download in the panel, or run `pymolcode model fetch`; or sign in to a provider.",
        )
    if importlib.util.find_spec("xllamacpp") is None:
        return Finding(
            name="Model",
            state="problem",
            words=f"{words}; what runs it is not installed",
            remedy="Install `xllamacpp` into PyMOL's Python, or sign in to a provider.",
        )
    return Finding(name="Model", state="ok", words=words)
