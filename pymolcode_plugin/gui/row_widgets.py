"""What a list of rows asks of their widgets: how high they want to be, who has the keyboard, where Tab stops."""

from __future__ import annotations

from typing import Any

from .qt import QtCore, QtWidgets

_SETTLING = 3  # times that a card may change its mind about its height


def holds(outer: QtWidgets.QWidget, inner: QtWidgets.QWidget) -> bool:
    """Whether a widget is another, or stands in it."""
    return outer is inner or bool(outer.isAncestorOf(inner))


def settled_height(widget: Any, width: int) -> int:  # noqa: ANN401  # Qt's or ours
    """Height at a width of a widget that is shown, once it has settled."""
    if hasattr(widget, "height_for"):
        return int(widget.height_for(width))
    height = 0
    for _ in range(_SETTLING):
        widget.resize(width, max(1, height or widget.height()))
        layout = widget.layout()
        if layout is not None:
            layout.activate()
        wanted = widget.heightForWidth(width) if widget.hasHeightForWidth() else widget.sizeHint().height()
        if wanted == height:
            break
        height = wanted
    return max(1, height)


def leave_menu_to_area(widget: QtWidgets.QWidget) -> None:
    """Text that is only read has the area's context menu; a field that is written in keeps its own."""
    for inner in (widget, *widget.findChildren(QtWidgets.QWidget)):
        is_text = isinstance(inner, (QtWidgets.QLabel, QtWidgets.QTextEdit, QtWidgets.QPlainTextEdit))
        if is_text and not (hasattr(inner, "isReadOnly") and not inner.isReadOnly()):
            inner.setContextMenuPolicy(QtCore.Qt.ContextMenuPolicy.NoContextMenu)


def focusable(widget: QtWidgets.QWidget) -> list[QtWidgets.QWidget]:
    """Those inside that Tab stops at, in their order."""
    inside = [widget, *widget.findChildren(QtWidgets.QWidget)]
    policy = QtCore.Qt.FocusPolicy
    stops = (policy.TabFocus, policy.StrongFocus, policy.WheelFocus)
    takes = [item for item in inside if item.isVisible() and item.isEnabled() and item.focusPolicy() in stops]
    chain, at = [], widget
    wanted = {id(item): item for item in takes}
    for _ in range(len(inside) * 4):
        if id(at) in wanted:
            chain.append(wanted.pop(id(at)))
        if not wanted:
            break
        at = at.nextInFocusChain()
    return [*chain, *wanted.values()]
