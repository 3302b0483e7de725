"""Finds the system libraries that PyMOL's window needs; installs them on Debian and Ubuntu as root."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Iterable
from typing import NamedTuple

from .steps import StepFailed, condensed


class Library(NamedTuple):
    """A shared library (or a program) and the package that brings it."""

    name: str
    apt: str
    dnf: str


# What `ldd` says of PyMOL's and Qt's binaries (_cmd.so, libqxcb.so) and their wheels do not bring.
LIBRARIES = (
    Library("libGL.so.1", "libgl1", "mesa-libGL"),
    Library("libEGL.so.1", "libegl1", "mesa-libEGL"),
    Library("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb"),
    Library("libXext.so.6", "libxext6", "libXext"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm"),
    Library("libxcb-image.so.0", "libxcb-image0", "xcb-util-image"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms"),
    Library("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil"),
    Library("libxcb-util.so.1", "libxcb-util1", "xcb-util"),
    Library("libxcb-randr.so.0", "libxcb-randr0", "libxcb"),
    Library("libxcb-shape.so.0", "libxcb-shape0", "libxcb"),
    Library("libxcb-shm.so.0", "libxcb-shm0", "libxcb"),
    Library("libxcb-sync.so.1", "libxcb-sync1", "libxcb"),
    Library("libxcb-xfixes.so.0", "libxcb-xfixes0", "libxcb"),
    Library("libxcb-xinerama.so.0", "libxcb-xinerama0", "libxcb"),
    Library("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb"),
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11"),
    Library("libfontconfig.so.1", "libfontconfig1", "fontconfig"),
    Library("libdbus-1.so.3", "libdbus-1-3", "dbus-libs"),
    Library("libglib-2.0.so.0", "libglib2.0-0", "glib2"),
    Library("libgthread-2.0.so.0", "libglib2.0-0", "glib2"),
)
# A virtual display draws in software.
VIRTUAL_DISPLAY = (
    Library("Xvfb", "xvfb", "xorg-x11-server-Xvfb"),
    Library("libGLX_mesa.so.0", "libglx-mesa0", "mesa-libGL"),
)
# Moves the mouse over menus that PyMOL draws itself, as a hand does.
FOR_TESTS = (Library("xdotool", "xdotool", "xdotool"),)


def ensure(*, virtual_display: bool, tests: bool = False) -> None:
    """Make sure a PyMOL window can open on this Linux; elsewhere the wheels bring everything.

    Args:
        virtual_display: Also where there is no screen.
        tests: Also what only tests need.

    Raises:
        StepFailed: Something is missing and cannot be installed from here; carries the exact command.
    """
    if not sys.platform.startswith("linux"):
        return
    absent = missing(LIBRARIES + (VIRTUAL_DISPLAY if virtual_display else ()) + (FOR_TESTS if tests else ()))
    if not absent or install_with_apt(item.apt for item in absent):
        return
    raise StepFailed(
        "Looking for system libraries",
        f"missing: {', '.join(item.name for item in absent)}",
        command_for(
            [item.apt for item in absent],
            dnf=[item.dnf for item in absent],
            fallback="Install the packages of your system that bring these files.",
        ),
    )


def missing(libraries: Iterable[Library]) -> list[Library]:
    """Those that the dynamic linker, or the search path for programs, does not find."""
    return [item for item in libraries if not _present(item.name)]


def _present(name: str) -> bool:
    if ".so" not in name:
        return shutil.which(name) is not None
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def install_with_apt(packages: Iterable[str]) -> bool:
    """Install as root on Debian and Ubuntu; returns False where that is not possible.

    Raises:
        StepFailed: apt failed.
    """
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    names = sorted(set(packages))
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    remedy = f"Run it by hand to see more: apt-get update && apt-get install -y {' '.join(names)}"
    condensed("Updating apt's lists", ["apt-get", "update"], remedy=remedy, env=env)
    condensed(
        f"Installing {', '.join(names)}",
        ["apt-get", "install", "-y", "--no-install-recommends", *names],
        remedy=remedy,
        env=env,
    )
    return True


def command_for(apt: Iterable[str], *, dnf: Iterable[str] = (), fallback: str) -> str:
    """The command that a person types on this system to install packages."""
    managers = (
        ("apt-get", "sudo apt-get install -y", apt),
        ("dnf", "sudo dnf install -y", dnf),
    )
    for program, start, packages in managers:
        names = sorted(set(packages))
        if names and shutil.which(program) is not None:
            return f"Run: {start} {' '.join(names)}"
    if sys.platform == "darwin" and shutil.which("brew") is not None:
        return "Run: brew install python@3.12"
    return fallback
