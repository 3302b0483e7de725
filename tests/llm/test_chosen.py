"""The file that the built-in model runs from."""

import pytest

from pymolcode_plugin.config.settings import Settings, load
from pymolcode_plugin.core.errors import ConfigError
from pymolcode_plugin.llm.choice import choose, local_file

from .choosing import no_server

pytestmark = pytest.mark.conformance


def test_a_file_by_path_needs_no_download(tmp_path):
    path = tmp_path / "mine.gguf"
    path.write_bytes(b"GGUF")
    choice = choose(load({"PYMOLCODE_WEIGHTS": str(path)}), no_server)
    found, entry = local_file(choice)
    assert (found, entry.title, choice.title) == (path, "mine.gguf", "mine.gguf")


def test_a_path_that_is_not_there_is_said(tmp_path):
    with pytest.raises(ConfigError, match="not there"):
        local_file(choose(Settings(weights=str(tmp_path / "no.gguf")), no_server))
