"""A private virtual display for machines without one; ended by its own process id."""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator

from . import system_libraries
from .steps import StepFailed

SIZE = "1600x1000x24"
_START_TIMEOUT_S = 30
_PR_SET_PDEATHSIG = 1


def absent() -> bool:
    """True on a Linux without a screen; Windows and macOS always have one."""
    return sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@contextlib.contextmanager
def private(size: str = SIZE) -> Iterator[dict[str, str]]:
    """Start Xvfb on a free number; yields the environment in which windows open there.

    Off Linux the user's own screen is used: there is no Xvfb to start.

    Raises:
        StepFailed: Xvfb did not start.
    """
    if not sys.platform.startswith("linux"):
        yield dict(os.environ)
        return
    system_libraries.ensure(virtual_display=True)
    read_end, write_end = os.pipe()
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", size, "-nolisten", "tcp", "-noreset"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(write_end,),
        preexec_fn=_end_with_parent,  # safe: this program has one thread
    )
    os.close(write_end)
    try:
        number = _read_number(read_end)
        yield {key: value for key, value in os.environ.items() if key != "WAYLAND_DISPLAY"} | {"DISPLAY": f":{number}"}
    finally:
        os.close(read_end)
        _end(process)


def _end_with_parent() -> None:
    """Ask Linux to end the display when this program is killed and cannot do it."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _read_number(read_end: int) -> str:
    number = b""
    while not number.endswith(b"\n"):
        ready, _, _ = select.select([read_end], [], [], _START_TIMEOUT_S)
        part = os.read(read_end, 16) if ready else b""
        if not part:
            raise StepFailed(
                "Starting a virtual display",
                "Xvfb did not start",
                f"Run `Xvfb :99 -screen 0 {SIZE}` to see why, or set DISPLAY to a screen you have.",
            )
        number += part
    return number.decode().strip()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
