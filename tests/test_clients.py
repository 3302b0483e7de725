import subprocess
import sys
import threading

from pymolcode_plugin import clients

ENDING = """
import ctypes, threading
from pymolcode_plugin import clients
made = threading.Semaphore(0)
def make():
    while True:
        clients.new_client()
        made.release()
for _ in range(4):
    threading.Thread(target=make, daemon=True).start()
for _ in range(6):
    made.acquire()
clients.make_no_more()
ctypes.CDLL(None).exit(0)
"""


def test_a_process_that_ends_as_pymol_does_while_clients_are_made_ends_well():
    codes = [subprocess.run([sys.executable, "-c", ENDING], check=False, timeout=30).returncode for _ in range(6)]
    assert codes == [0] * 6


def test_waiting_for_one_that_hangs_has_a_limit(monkeypatch):
    monkeypatch.setattr(clients, "_making", threading.Lock())
    clients._making.acquire()
    clients.make_no_more(limit_s=0.01)
    assert clients._making.locked()
