"""Installs the dependencies into the private folder with pip; standard library only, no Qt, no `pymol`."""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import os
import queue
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from . import bootstrap
from .config import paths
from .core.errors import InstallFailed
from .interpreter import python_executable

DOWNLOAD_MB = 47
ON_DISK_MB = 220
_ABANDONED_AFTER_S = 24 * 3600


def requirements_file() -> Path:
    """The list shipped in the zip; absent in a checkout and in a pip installation."""
    return paths.resource("requirements.txt")


def requirements() -> list[str]:
    """What to install, with the runtime of the built-in model, as pip reads it."""
    shipped = requirements_file()
    if shipped.is_file():
        return [line for line in shipped.read_text(encoding="utf-8").splitlines() if line.strip()]
    try:
        declared = importlib.metadata.requires("pymolcode") or []
    except importlib.metadata.PackageNotFoundError:
        raise InstallFailed(
            f"The list of dependencies is missing: {shipped}.",
            hint="Install the plugin again from its zip file.",
        ) from None
    return [text for text in (_without_extra(item, "local") for item in declared) if text]


def _without_extra(requirement: str, wanted: str) -> str:
    """`requirement` without its `extra ==` marker; empty where it belongs to another extra."""
    text, _, marker = requirement.partition(";")
    found = re.search(r"""extra\s*==\s*['"]([^'"]+)['"]""", marker)
    if found is None:
        return requirement
    if found.group(1) != wanted:
        return ""
    rest = re.sub(r"""\s*(and\s+)?extra\s*==\s*['"][^'"]+['"]""", "", marker).strip().strip("()").strip()
    return f"{text.strip()}; {rest}" if rest else text.strip()


def pip_command() -> list[str]:
    """How to start pip; where PyMOL's Python has none, the copy that `ensurepip` carries runs from its wheel.

    Raises:
        InstallFailed: There is no pip at all.
    """
    python = python_executable()
    if importlib.util.find_spec("pip") is not None:
        return [python, "-m", "pip"]
    for folder in _bundled_wheel_folders():
        wheels = sorted(folder.glob("pip-*.whl"))
        if wheels:
            return [python, str(wheels[-1] / "pip")]
    raise InstallFailed(
        f"The Python that runs PyMOL ({python}) has no pip.",
        hint="Install pip for it (on Debian and Ubuntu: sudo apt install python3-pip), then try again.",
    )


def _bundled_wheel_folders() -> Iterator[Path]:
    spec = importlib.util.find_spec("ensurepip")
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin).parent / "_bundled"
    shared = sysconfig.get_config_var("WHEEL_PKG_DIR")
    if shared:
        yield Path(shared)


def install_command(*, wheel_folder: Path | None = None, target: Path | None = None) -> list[str]:
    """The command that installs everything into `target` (default: the private folder).

    Args:
        wheel_folder: Install from the wheels in this folder only, without a network.
        target: The folder to fill.

    Raises:
        InstallFailed: There is no pip, or the list of dependencies is missing.
    """
    sources = ["--no-index", "--find-links", str(wheel_folder)] if wheel_folder else []
    shipped = requirements_file()
    what = ["-r", str(shipped)] if shipped.is_file() else requirements()
    return [
        *pip_command(),
        "install",
        "--target",
        str(target or bootstrap.dependency_folder()),
        "--only-binary=:all:",
        "--no-input",
        "--no-warn-script-location",
        "--disable-pip-version-check",
        "--progress-bar=off",
        *sources,
        *what,
    ]


def install(
    on_line: Callable[[str], None],
    *,
    wheel_folder: Path | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Install the dependencies and make them importable in this process; returns their folder.

    Blocks until pip ends, so call it in a worker thread; it touches neither Qt nor `cmd`. pip writes to a
    temporary sibling that takes its name only when complete, and unpacks in another one: a broken or stopped
    installation leaves nothing behind.

    Args:
        on_line: Gets each line pip prints, in the calling thread.
        wheel_folder: Install from the wheels in this folder only, without a network.
        cancelled: Asked several times a second; True ends pip.

    Raises:
        InstallFailed: With the reason and the remedy; also when cancelled.
    """
    if wheel_folder is not None and not any(wheel_folder.glob("*.whl")):
        raise InstallFailed(
            f"There are no wheels (*.whl) in {wheel_folder}.", hint=f"Fill it with: {download_command()}"
        )
    target = bootstrap.dependency_folder()
    # pip first unpacks everything into the temporary folder. Stopped, it would leave 200 MB there; and a small
    # /tmp may be full where the user folder has room.
    with _temporary_sibling(target) as part, _temporary_sibling(target) as unpacked:
        command = install_command(wheel_folder=wheel_folder, target=part)
        _run_pip(command, on_line, cancelled, temporary_folder=unpacked)
        _publish(part, target)
    bootstrap.activate()
    absent = bootstrap.missing()
    if absent:
        raise InstallFailed(
            f"pip succeeded, and these still cannot be imported: {', '.join(absent)}.",
            hint=f"Delete {target} and install again.",
        )
    return target


def download_command(folder: str = "FOLDER") -> str:
    """The command that fills a folder of wheels on a computer with the same system and Python version."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    wanted = " ".join(f'"{item}"' for item in requirements())
    return f"python{version} -m pip download --only-binary=:all: -d {folder} {wanted}"


@contextlib.contextmanager
def _temporary_sibling(target: Path) -> Iterator[Path]:
    folder = _new_sibling(target)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _new_sibling(target: Path) -> Path:
    parent = target.parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        for leftover in parent.glob(f".{target.name}-*"):
            if time.time() - leftover.stat().st_mtime > _ABANDONED_AFTER_S:
                shutil.rmtree(leftover, ignore_errors=True)
        return Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=parent))
    except OSError as error:
        raise InstallFailed(
            f"{parent} cannot be written: {error.strerror or error}.",
            hint="Set PYMOLCODE_HOME to a folder of yours and start PyMOL again.",
        ) from error


def _publish(part: Path, target: Path) -> None:
    """Give the finished folder its name; an older one is moved away first and then deleted."""
    old = part.with_name(f"{part.name}-old")
    part.chmod(0o755)  # mkdtemp made it 0700
    try:
        if target.exists():
            target.rename(old)
        part.rename(target)
    except OSError as error:
        if old.exists() and not target.exists():
            old.rename(target)
        raise InstallFailed(
            f"{target} cannot be replaced: {error.strerror or error}.",
            hint="Close every other PyMOL window and try again.",
        ) from error
    shutil.rmtree(old, ignore_errors=True)


def _run_pip(
    command: list[str], on_line: Callable[[str], None], cancelled: Callable[[], bool], *, temporary_folder: Path
) -> None:
    try:
        process = subprocess.Popen(  # noqa: S603  # our own list of arguments, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            # A user's own pip settings must not turn --target into an error. Python looks at TMPDIR first, on
            # Windows too.
            env={
                **os.environ,
                "PIP_USER": "0",
                "PIP_REQUIRE_VIRTUALENV": "0",
                "PYTHONUNBUFFERED": "1",
                "TMPDIR": str(temporary_folder),
            },
        )
    except OSError as error:
        raise InstallFailed(f"pip could not be started: {error}.", hint=" ".join(command)) from error
    printed: list[str] = []
    try:
        for line in _lines(process, cancelled):
            printed.append(line)
            on_line(line)
    finally:
        _end(process)
    if cancelled():
        raise InstallFailed("The installation was cancelled.", hint="Nothing was changed.")
    if process.returncode != 0:
        raise _explained(printed, process.returncode)


def _lines(process: subprocess.Popen[str], cancelled: Callable[[], bool]) -> Iterator[str]:
    """Lines as they are printed, until the process ends or `cancelled` says so.

    A thread reads: a pip that waits for the network prints nothing, and Cancel has to work then too.
    """
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def _read() -> None:
        with process.stdout or contextlib.nullcontext(()) as output:
            for line in output:
                lines.put(line.rstrip())
        lines.put(None)

    threading.Thread(target=_read, name="pip-output", daemon=True).start()
    while not cancelled():
        with contextlib.suppress(queue.Empty):
            line = lines.get(timeout=0.2)
            if line is None:
                process.wait()
                return
            yield line


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _explained(printed: list[str], returncode: int) -> InstallFailed:
    """What pip said, and what to do about it."""
    errors = [line for line in printed if re.match(r"\s*(error|fatal)", line, re.IGNORECASE)] or printed[-3:]
    reason = "\n".join(errors[-3:]) or f"pip ended with code {returncode}"
    return InstallFailed(reason, hint=_remedy("\n".join(printed).lower()))


def _remedy(text: str) -> str:
    if "no space left" in text:
        return f"Free about {2 * ON_DISK_MB} MB where the user folder is, or set PYMOLCODE_HOME to another disk."
    if "permission denied" in text or "access is denied" in text:
        return "Set PYMOLCODE_HOME to a folder of yours and start PyMOL again."
    if re.search(r"connection|resolve|timed? ?out|no matching distribution|ssl|proxy", text):
        return (
            "Check the network and the proxy. Without a network, fill a folder on a computer like this one:\n"
            f"  {download_command()}\nand choose “From a folder of wheels…”."
        )
    return "The log above says more."
