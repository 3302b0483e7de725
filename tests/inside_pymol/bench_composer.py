"""Times keys in the composer: in plain text, and while 5,000 names are offered."""

import statistics
import time

import panel
from composing_names import names
from pymol.Qt import QtWidgets
from report import QTest

from pymolcode_plugin.gui.completing import _searched
from pymolcode_plugin.gui.completion import Finder

TYPED = ("structure_12", "st", "xyz", "chain a", "s4999", "e_e_e", "zzzz", "0", "tcrs", "structure_4999")


def timed_ms(app, key):
    started = time.thread_time()
    QTest.keyClicks(app.dock.composer, key)
    app.dock.repaint()
    QtWidgets.QApplication.sendPostedEvents()
    return 1000 * (time.thread_time() - started)


def filter_ms(found):
    slowest = 0.0
    for query in TYPED:
        finder = Finder(found, kind=lambda item: item.kind, searched=_searched)
        for length in range(len(query) + 1):
            started = time.thread_time()
            finder.found(query[:length])
            slowest = max(slowest, 1000 * (time.thread_time() - started))
    return slowest


async def measure(app):
    found = names(5_000)
    completing = app.controller.sending.completing

    async def read():
        return found

    completing._read_mentionable = read
    composer = app.dock.composer
    composer.setFocus()
    plain = [timed_ms(app, letter) for letter in "which residues are close to the ligand in every chain?" * 3]
    keys = []
    for query in TYPED:
        composer.clear()
        QTest.keyClicks(composer, "@")
        await panel.until(app.dock.completions.isVisible, "the list is open")
        await panel.painted()
        keys += [timed_ms(app, letter) for letter in query]
    return {
        "slowest_ms": max(keys), "median_ms": statistics.median(keys), "n_keys": len(keys), "plain_ms": max(plain),
        "filter_ms": filter_ms(found),
    }  # fmt: skip


panel.script(measure)
