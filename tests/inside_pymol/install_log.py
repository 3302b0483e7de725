"""What the installation dialog shows of a log that is longer than its field, with lines that wrap."""

import report
from pymol.gui import get_qtwindow

from pymolcode_plugin.gui import install_dialog

# As pip begins: after these two lines, and not after any, Qt's own following stops.
FIRST = (
    "Looking in links: /srv/wheels",
    "Ignoring anthropic: markers 'python_version < \"3.11\"' don't match your environment",
)
PACKAGE = (
    "Collecting package<3,>=2 (from another->-r /home/somebody/.pymol/startup/resources/requirements.txt (line 1))",
    "  Downloading package-2.10.0-py3-none-any.whl (94 kB)",
)


def printed(dialog, n_packages):
    """Line by line, as they come from pip's thread; the window draws between them."""
    for line in (*FIRST, *PACKAGE * n_packages):
        dialog._worker.printed.emit(line)
        yield lambda: True, "it is drawn", 1


def running(height_px):
    dialog = install_dialog.InstallDialog(get_qtwindow())
    dialog._worker.start = lambda _wheel_folder: None  # its lines are printed here instead
    dialog.resize(680, height_px)
    dialog.open()
    dialog.install_button.click()
    return dialog, dialog.log.verticalScrollBar()


def story():
    behind = []
    for height_px in range(435, 475, 5):
        dialog, bar = running(height_px)
        yield from printed(dialog, 6)
        behind.append((bar.maximum() - bar.value(), bar.maximum() > 0))
        dialog.done(0)
    dialog, bar = running(460)
    yield from printed(dialog, 6)
    bar.setValue(3)
    yield from printed(dialog, 6)
    scrolled_up = bar.value()
    bar.setValue(bar.maximum())
    yield from printed(dialog, 6)
    behind_again = bar.maximum() - bar.value()
    bar.setValue(0)
    dialog._worker.failed.emit("", "")
    dialog.install_button.click()
    dialog.resize(680, 460)  # the message of the first try had made it higher
    yield from printed(dialog, 6)
    return {
        "behind": behind,
        "scrolled_up": scrolled_up,
        "behind_again": behind_again,
        "behind_at_the_second_try": bar.maximum() - bar.value(),
    }


report.run_when_idle(lambda: report.play(story()))
