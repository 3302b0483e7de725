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


GARBAGE = """
import gc, sys
from pymolcode_plugin.core.heavy import imported
before = gc.get_freeze_count()
collected = []
gc.callbacks.append(lambda phase, info: collected.append(phase))
imported(".asking", "pymolcode_plugin.llm")
assert collected == [], "a collection holds up the window"
assert gc.isenabled()
frozen = gc.get_freeze_count()
assert frozen > before, "later collections need not look through it"
imported(".asking", "pymolcode_plugin.llm")
assert gc.get_freeze_count() <= frozen, "what is garbage by then must not be kept"
gc.disable()
try:
    imported(".no_such_module", "pymolcode_plugin.llm")
except ImportError:
    pass
assert not gc.isenabled(), "as it was"
"""


def test_no_garbage_is_collected_while_a_module_is_imported_for_the_first_time():
    done = subprocess.run([sys.executable, "-c", GARBAGE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
