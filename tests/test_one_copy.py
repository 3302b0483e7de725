import subprocess
import sys

from .pymol_process import INSIDE, ROOT, environment


def test_both_names_lead_to_the_same_modules_also_after_a_reload(tmp_path):
    """In a process of its own, from a folder that is not on `sys.path`, as PyMOL loads a plugin."""
    plugdir = tmp_path / "startup"
    plugdir.mkdir()
    (plugdir / "pymolcode_plugin").symlink_to(ROOT / "pymolcode_plugin")
    done = subprocess.run(
        [sys.executable, "-S", "-W", "error", str(INSIDE / "both_names.py"), str(plugdir)],
        env=environment(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["same_package", "same_submodule", "canonical_spec", "same_after_reload"], done.stderr
