import subprocess
import sys

from pymolcode_plugin.session import lock

HOLDER = """
import sys
from pathlib import Path
from pymolcode_plugin.session import lock
held = lock.take(Path(sys.argv[1]))
print("held" if held else "refused", flush=True)
sys.stdin.read()
"""


def test_a_session_is_of_one_process_until_it_dies(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        assert lock.is_open(tmp_path)
        assert lock.take(tmp_path) is None
        other.kill()
    assert not lock.is_open(tmp_path)
    held = lock.take(tmp_path)
    assert held is not None
    assert lock.take(tmp_path) is None, "a second chat of the same process does not get it either"
    held.release()


def test_a_folder_that_was_never_opened_stays_without_a_lock_file(tmp_path):
    assert not lock.is_open(tmp_path)
    assert list(tmp_path.iterdir()) == []
