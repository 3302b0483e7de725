"""The dialog that installs what is missing, in a real window."""

import pytest

from ..pymol_process import ROOT, run_inside


@pytest.mark.window
def test_the_log_follows_pip_unless_its_reader_scrolled_up(tmp_path):
    seen = run_inside("install_log", tmp_path, more_path=ROOT)
    assert seen["behind"] == [[0, True]] * 8
    assert seen["scrolled_up"] == 3
    assert seen["behind_again"] == 0
    assert seen["behind_at_the_second_try"] == 0
