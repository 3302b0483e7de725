import pytest

from pymolcode_plugin import bootstrap
from pymolcode_plugin.config import paths
from pymolcode_plugin.core.errors import ConfigError


def test_a_user_folder_that_cannot_be_made_is_said_with_the_remedy(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PYMOLCODE_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(ConfigError, match="cannot be made") as caught:
        paths.user_folder()
    assert "PYMOLCODE_HOME" in caught.value.message
    assert bootstrap.activate() is False, "PyMOL's start must survive it"


def test_the_user_folder_is_private(monkeypatch, tmp_path):
    monkeypatch.setenv("PYMOLCODE_HOME", str(tmp_path / "new"))
    assert paths.user_folder().stat().st_mode & 0o077 == 0


def test_assets_are_found_in_a_checkout():
    assert paths.resource("models.yaml").is_file()
    assert paths.ui("panel.qss").is_file()
