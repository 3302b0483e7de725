"""Watches PyMOL's event loop: the gaps between ticks of a short timer are what a user feels as stalls."""

import time

from pymol.Qt import QtCore

INTERVAL_MS = 2


class Heartbeat(QtCore.QObject):
    def __init__(self):
        super().__init__()
        self.gaps_ms = []
        self._last = time.perf_counter()
        self._timer = QtCore.QTimer(self)
        self._timer.setTimerType(QtCore.Qt.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(INTERVAL_MS)

    def _beat(self):
        now = time.perf_counter()
        self.gaps_ms.append((now - self._last) * 1000)
        self._last = now

    def reset(self):
        self.gaps_ms.clear()
        self._last = time.perf_counter()

    def stop(self):
        self._timer.stop()
        gaps = sorted(self.gaps_ms)
        return {"p99_ms": gaps[int(len(gaps) * 0.99)], "max_ms": gaps[-1], "n": len(gaps)}
