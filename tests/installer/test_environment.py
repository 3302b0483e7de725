import json
import sys

import pytest

from installer import environment, system_libraries
from installer.steps import StepFailed


@pytest.fixture
def root(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    return tmp_path


@pytest.fixture
def installs(monkeypatch):
    """Records what pip would install; the environments themselves are real, without pip."""
    done = []
    monkeypatch.setattr(
        environment, "_install", lambda _root, _python, extras, _constraints: done.append(sorted(extras))
    )
    monkeypatch.setattr(environment, "condensed", make_without_pip)
    return done


def make_without_pip(_step, command, *, remedy):
    import venv

    venv.create(command[-1], with_pip=False)


def test_a_second_call_installs_nothing(root, installs):
    first = environment.ensure(root, environment.FOR_TEST)
    assert environment.ensure(root, environment.FOR_TEST) == first
    assert installs == [["local", "pymol", "test"]]


def test_an_environment_for_tests_serves_a_run_too(root, installs):
    environment.ensure(root, environment.FOR_TEST)
    environment.ensure(root, environment.FOR_RUN)
    assert len(installs) == 1


def test_an_environment_for_a_run_is_widened_for_tests_and_kept(root, installs):
    python = environment.ensure(root, environment.FOR_RUN)
    (python.parent / "kept").write_text("")
    environment.ensure(root, environment.FOR_TEST)
    assert installs == [["local", "pymol"], ["local", "pymol", "test"]]
    assert (python.parent / "kept").exists()


def test_a_changed_pyproject_makes_it_anew(root, installs):
    python = environment.ensure(root, environment.FOR_RUN)
    (python.parent / "old").write_text("")
    (root / "pyproject.toml").write_text("[project]\n# another dependency\n")
    environment.ensure(root, environment.FOR_RUN)
    assert len(installs) == 2
    assert not (python.parent / "old").exists()


def test_an_interrupted_installation_is_not_taken_for_a_finished_one(root, installs, monkeypatch):
    def broken(*_arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(environment, "_install", broken)
        with pytest.raises(KeyboardInterrupt):
            environment.ensure(root, environment.FOR_RUN)
    environment.ensure(root, environment.FOR_RUN)
    assert installs == [["local", "pymol"]]


@pytest.mark.parametrize("content", ["", "[]", json.dumps({"fingerprint": 1})])
def test_a_damaged_stamp_is_taken_for_none(root, installs, content):
    environment.ensure(root, environment.FOR_RUN)
    (root / ".venv" / "pymolcode-stamp.json").write_text(content)
    environment.ensure(root, environment.FOR_RUN)
    assert len(installs) == 2


def test_a_folder_that_is_no_environment_is_left_alone(root, installs):
    (root / ".venv").mkdir()
    (root / ".venv" / "thesis.docx").write_text("the only copy")
    with pytest.raises(StepFailed, match="no virtual environment"):
        environment.ensure(root, environment.FOR_RUN)
    assert (root / ".venv" / "thesis.docx").exists()


def test_a_python_without_venv_gets_the_exact_package(root, installs, monkeypatch):
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setattr(system_libraries, "install_with_apt", lambda _packages: False)
    monkeypatch.setattr(system_libraries.shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(StepFailed) as failure:
        environment.ensure(root, environment.FOR_RUN)
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert failure.value.remedy == f"Run: sudo apt-get install -y {package}"
