"""Whether the plugin opens its panel when PyMOL starts; nobody asks for it here."""

import report
from pymol.Qt import QtCore


def start():
    from pymolcode_plugin import plugin

    plugin.register()

    def look():
        report.finish({"opened": plugin._life.opening or plugin.application() is not None})

    QtCore.QTimer.singleShot(0, look)  # after what `register` may have put in the same queue


QtCore.QTimer.singleShot(0, start)
