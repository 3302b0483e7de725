"""What scenarios with answers share: their blocks, the words in them that are links, and a click on one."""

import panel
from cards import KEYS
from pymol import cmd

from pymolcode_plugin.core.scene import LINKED
from pymolcode_plugin.gui.text_block import TextBlock

QTest = panel.QTest


def blocks(app, kind):
    return [row.widget for row in app.dock.transcript.rows if isinstance(row.widget, kind)]


def links(app):
    """The words that are links to atoms, with the block they stand in."""
    found = {}
    for block in blocks(app, TextBlock):
        for link in block._links:
            found[block.toPlainText()[link.start : link.end]] = (block, link)
    return found


async def click_on(block, link):
    """A real click on the first letter of a link."""
    cursor = block.textCursor()
    cursor.setPosition(link.start + 1)
    block.setTextCursor(cursor)
    place = block.cursorRect(cursor).center()
    QTest.mouseClick(block.viewport(), KEYS.LeftButton, pos=place)
    await panel.until(lambda: cmd.count_atoms(f"?{LINKED}"), "the atoms are selected")
    await panel.painted()


async def settled(app):
    await panel.until(lambda: app.dock.transcript.is_settled, "everything near is made")
    await panel.painted()
