"""Widgets without a window on any screen; a real PyMOL window is in tests/panel."""

import pytest


@pytest.fixture(scope="session")
def qt_application():
    import os

    before = os.environ.get("QT_QPA_PLATFORM")
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from pymolcode_plugin.gui.qt import QtWidgets

    application = QtWidgets.QApplication.instance() or QtWidgets.QApplication([])
    if before is None:
        del os.environ["QT_QPA_PLATFORM"]
    else:
        os.environ["QT_QPA_PLATFORM"] = before
    return application
