import sys

import pytest

from installer import system_libraries
from installer.steps import StepFailed
from installer.system_libraries import Library

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
ABSENT = Library("libnosuchthing.so.7", "libnosuchthing7", "nosuchthing")


def test_the_dynamic_linker_decides_what_is_missing():
    assert system_libraries.missing([Library("libc.so.6", "libc6", "glibc"), ABSENT]) == [ABSENT]


def test_programs_are_looked_for_on_the_search_path():
    absent = Library("no-such-program", "x", "x")
    assert system_libraries.missing([Library("sh", "dash", "bash"), absent]) == [absent]


@pytest.mark.parametrize(
    ("manager", "command"),
    [
        ("apt-get", "Run: sudo apt-get install -y libnosuchthing7"),
        ("dnf", "Run: sudo dnf install -y nosuchthing"),
    ],
)
def test_without_root_the_exact_command_is_printed(monkeypatch, manager, command):
    monkeypatch.setattr(system_libraries, "LIBRARIES", (ABSENT,))
    monkeypatch.setattr(system_libraries.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(system_libraries.shutil, "which", lambda name: name if name == manager else None)
    with pytest.raises(StepFailed, match=r"libnosuchthing\.so\.7") as failure:
        system_libraries.ensure(virtual_display=False)
    assert failure.value.remedy == command


def test_root_on_debian_installs_what_is_missing_and_nothing_else(monkeypatch):
    ran = []
    monkeypatch.setattr(system_libraries, "LIBRARIES", (ABSENT, Library("libc.so.6", "libc6", "glibc")))
    monkeypatch.setattr(system_libraries.os, "geteuid", lambda: 0)
    monkeypatch.setattr(system_libraries.shutil, "which", lambda name: name)
    monkeypatch.setattr(system_libraries, "condensed", lambda _step, command, **_more: ran.append(command))
    system_libraries.ensure(virtual_display=False)
    assert ran == [
        ["apt-get", "update"],
        ["apt-get", "install", "-y", "--no-install-recommends", "libnosuchthing7"],
    ]


def test_what_only_tests_need_is_asked_for_by_them_alone(monkeypatch):
    monkeypatch.setattr(system_libraries, "LIBRARIES", ())
    monkeypatch.setattr(system_libraries, "FOR_TESTS", (ABSENT,))
    monkeypatch.setattr(system_libraries, "install_with_apt", lambda _packages: False)
    system_libraries.ensure(virtual_display=False)
    with pytest.raises(StepFailed, match=r"libnosuchthing\.so\.7"):
        system_libraries.ensure(virtual_display=False, tests=True)


def test_where_nothing_is_missing_apt_is_not_started(monkeypatch):
    ran = []
    monkeypatch.setattr(system_libraries, "LIBRARIES", (Library("libc.so.6", "libc6", "glibc"),))
    monkeypatch.setattr(system_libraries, "install_with_apt", ran.append)
    system_libraries.ensure(virtual_display=False)
    assert ran == []
