"""Watches PyMOL's event loop: the gaps between ticks of a short timer are what a user feels as stalls."""

import time

from pymol.Qt import QtCore

INTERVAL_MS = 2


class Heartbeat(QtCore.QObject):
    def __init__(self):
        super().__init__()
        self.gaps_ms, self.own_ms = [], []
        self._last, self._last_own = time.perf_counter(), time.thread_time()
        self._timer = QtCore.QTimer(self)
        self._timer.setTimerType(QtCore.Qt.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(INTERVAL_MS)

    def _beat(self):
        now, own = time.perf_counter(), time.thread_time()
        self.gaps_ms.append((now - self._last) * 1000)
        self.own_ms.append((own - self._last_own) * 1000)
        self._last, self._last_own = now, own

    def reset(self):
        self.gaps_ms.clear()
        self.own_ms.clear()
        self._last, self._last_own = time.perf_counter(), time.thread_time()

    def stop(self):
        self._timer.stop()
        gaps, own = sorted(self.gaps_ms), sorted(self.own_ms)
        at = int(len(gaps) * 0.99)
        # What the window's thread worked itself says the same on a machine that does other things beside.
        mine = {"own_p99_ms": own[at], "own_max_ms": own[-1]}
        return {"p99_ms": gaps[at], "max_ms": gaps[-1], "n": len(gaps), **mine}
