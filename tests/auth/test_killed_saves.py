"""kill -9 at every step of a save."""

import os
import random
import signal
import subprocess
import sys
from collections import Counter

import pytest
from pydantic import SecretStr

from pymolcode_plugin.auth.credentials import Credential
from pymolcode_plugin.auth.store import TokenStore

from ..pymol_process import ROOT
from .saver import AFTER, BEFORE, IN, STEPS, secret

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(os.name == "nt", reason="a process forks there"),
]

N_KILLS = 200


class Saver:
    """Starts saves and kills each at the step that it is told.

    Attributes:
        parts: How many were killed before, in and after the replacement: by what they said last.
    """

    def __init__(self, process):
        self._process = process
        self.parts = Counter()

    def kill(self, run, step):
        self._process.stdin.write(f"{run} {step}\n".encode())
        self._process.stdin.flush()
        pid = int(self._line())
        reached = []
        while step not in reached:
            reached.append(self._line())
        if step == "replacing":
            self._spin()
        os.kill(pid, signal.SIGKILL)
        assert self._line() == "ended", "it went on behind the step at which it was to be killed"
        self.parts["before" if reached[-1] in BEFORE else "in" if reached[-1] in IN else "after"] += 1

    def _spin(self):
        """For up to a tenth of a millisecond: the system's own call takes less."""
        for _ in range(random.randrange(3_000)):
            pass

    def _line(self):
        return self._process.stdout.readline().decode().rstrip("\n")


@pytest.fixture
def saver(tmp_path):
    command = [sys.executable, "-m", "tests.auth.saver", str(tmp_path / "auth.json")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as process:
        yield Saver(process)
        process.stdin.close()


def test_killed_200_times_before_in_and_after_the_replacement_the_store_always_reads(saver, tmp_path, record_property):
    store = TokenStore(tmp_path / "auth.json")
    store.put(Credential(provider_id="x", access_token=SecretStr(secret(-1))))
    held, replaced = -1, Counter()
    for run in range(N_KILLS):
        step = STEPS[run % len(STEPS)]
        saver.kill(run, step)
        found = store.get("x").access_token.get_secret_value()
        may_be = {secret(held)} if step in BEFORE else {secret(run)} if step in AFTER else {secret(held), secret(run)}
        assert found in may_be, f"killed when it was {step}"
        assert store.set_aside is None
        if step in IN:
            replaced["new" if found == secret(run) else "old"] += 1
        held = int(found.partition("-")[0]) if found[0] != "-" else -1
    record_property("killed", f"{dict(saver.parts)}; in the replacement it was {dict(replaced)}")
    print(f"killed: {dict(saver.parts)}; in the replacement the store was {dict(replaced)}")
    assert saver.parts == {"before": 80, "in": 40, "after": 80}
    assert sum(saver.parts.values()) == N_KILLS
    assert replaced["new"] >= 20, "killed when it had its name, and nobody was told"
    store.put(Credential(provider_id="y", access_token=SecretStr("a-key-canary")))
    assert set(store.all()) == {"x", "y"}
    assert not [item for item in tmp_path.iterdir() if item.is_dir()], "what was killed left something"
