import subprocess
import sys

CODE = """
import threading
from pymolcode_plugin.core.heavy import imported
failed = []
def run(module):
    try:
        imported(module, "pymolcode_plugin.llm")
    except ImportError as error:
        failed.append(str(error))
threads = [threading.Thread(target=run, args=[name]) for name in (".asking", ".build", ".failures", ".asking")]
for thread in threads: thread.start()
for thread in threads: thread.join()
assert not failed, failed
"""


def test_modules_that_need_each_other_can_be_wanted_by_several_threads_at_once():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
