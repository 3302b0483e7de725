import os
import shutil
import sys
from pathlib import Path

import pytest

from installer import display
from installer.steps import StepFailed

pytestmark = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="there is no Xvfb here")


def running():
    """Process ids of the displays that this process started and that still run."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return [pid for pid in children if Path(f"/proc/{pid}/comm").read_text().strip() == "Xvfb"]


@pytest.fixture
def servers():
    """Those that the test started; tests that run side by side have one of their own before."""
    before = running()
    return lambda: [pid for pid in running() if pid not in before]


@pytest.mark.window
def test_a_private_display_accepts_windows_and_ends_with_the_block(servers):
    with display.private("640x480x24") as env:
        number = env["DISPLAY"]
        assert Path(f"/tmp/.X11-unix/X{number[1:]}").exists()
        assert len(servers()) == 1
        assert "WAYLAND_DISPLAY" not in env
    assert servers() == []


@pytest.mark.window
def test_two_displays_get_different_numbers():
    with display.private("640x480x24") as first, display.private("640x480x24") as second:
        assert first["DISPLAY"] != second["DISPLAY"]


@pytest.mark.window
def test_an_error_inside_ends_the_display_too(servers):
    with pytest.raises(ValueError, match="inside"), display.private("640x480x24"):
        raise ValueError("inside")
    assert servers() == []


def test_a_display_that_does_not_start_is_said_with_the_command_to_try(servers):
    with pytest.raises(StepFailed) as failure, display.private("nonsense"):
        pytest.fail("it started")
    assert "Xvfb :99" in failure.value.remedy
    assert servers() == []


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, True),
        ({"DISPLAY": ":0"}, False),
        ({"WAYLAND_DISPLAY": "wayland-0"}, False),
        ({"DISPLAY": ""}, True),
    ],
)
def test_a_linux_without_a_screen_is_noticed(monkeypatch, variables, expected):
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert display.absent() is expected
