"""Blocks as a script for PyMOL, as Python, and as a notebook; what is not run stands in comments."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ...core.replaying import BESIDE, ScriptKind
from .plan import Block, Plan

_PML_HEAD = f"""python
import os as _os
def {BESIDE}(name, _folder=_os.path.dirname(_os.path.abspath(__script__))):
    return _os.path.join(_folder, name)
python end"""
_PY_HEAD = """import os

import pymol
from pymol import cmd, stored"""
_PY_BESIDE = f"""

def {BESIDE}(name):
    here = globals().get("__script__") or __file__  # PyMOL's `run` sets the one, Python the other
    return os.path.join(os.path.dirname(os.path.abspath(here)), name)"""
_CELL_BESIDE = f"""

def {BESIDE}(name):
    return os.path.abspath(name)  # Jupyter runs in the notebook's folder"""
_HEADS = {
    "begin": "The scene at the beginning",
    "by_hand": "Changed by hand",
    "earlier": "Done earlier, and in the scene that is loaded below",
}


def written(plan: Plan, kind: ScriptKind, title: str, about: Sequence[str]) -> str:
    """The text of a script.

    Args:
        plan: What it runs.
        kind: Of script.
        title: Its first line.
        about: Lines that follow: with what and when it was made.
    """
    if kind == "ipynb":
        return _notebook(plan, title, about)
    comment = remark if kind == "pml" else _comment
    lines = [*comment(title), *(line for text in about for line in comment(text)), ""]
    if kind == "py":
        lines += [_PY_HEAD + (_PY_BESIDE if _has_files(plan) else ""), ""]
    elif _has_files(plan):
        lines += [_PML_HEAD, ""]
    number = 0
    for block in plan.blocks:
        number += block.kind == "request"
        lines += _block(block, kind, number)
    return "\n".join(lines).rstrip() + "\n"


def remark(text: str) -> list[str]:
    """As comments of a PyMOL script, which would run what follows a `;`, and take the next line after a backslash."""
    return [f"# {line.replace(';', ',')}".rstrip("\\ ") for line in text.splitlines()]


def _comment(text: str) -> list[str]:
    """As comments of Python."""
    return [f"# {line}".rstrip() for line in text.splitlines()]


def _block(block: Block, kind: ScriptKind, number: int) -> list[str]:
    comment = remark if kind == "pml" else _comment
    if block.kind == "request":
        return ["", "#" + "-" * 78, *comment(f"Request {number}: {block.words}"), ""]
    if block.kind == "text":
        return [*comment(block.words), ""] if block.words else []
    code = [line.python if kind == "py" else line.pml for line in block.lines]
    if block.kind == "earlier":
        code = [line for text in code for line in comment(text)]
    head = _HEADS.get(block.kind)
    words = f"{head}: {block.words}" if head else block.words
    return [*comment(words), *code, ""]


def _has_files(plan: Plan) -> bool:
    return any(BESIDE in line.python for block in plan.blocks for line in block.lines)


def _notebook(plan: Plan, title: str, about: Sequence[str]) -> str:
    """The format that Jupyter reads. Source: https://nbformat.readthedocs.io/en/latest/format_description.html."""
    head = _PY_HEAD + (_CELL_BESIDE if _has_files(plan) else "")
    cells = [_markdown(f"# {title}", *about), _code(head)]
    number = 0
    for block in plan.blocks:
        number += block.kind == "request"
        cells += _cells(block, number)
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    book = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(book, indent=1, ensure_ascii=False) + "\n"


def _cells(block: Block, number: int) -> list[dict[str, Any]]:
    if block.kind == "request":
        return [_markdown(f"## Request {number}", _quoted(block.words))]
    if block.kind == "text":
        return [_markdown(block.words)] if block.words else []
    code = "\n".join(line.python for line in block.lines)
    head = _HEADS.get(block.kind)
    if block.kind == "step":
        return [_code("\n".join([*_comment(block.words), code]))]
    words = _markdown(f"**{head}**", _quoted(block.words))
    if not code:
        return [words]
    return [words, _code("\n".join(_comment(code)) if block.kind == "earlier" else code)]


def _markdown(*texts: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": _source("\n\n".join(text for text in texts if text))}


def _code(text: str) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": _source(text)}


def _source(text: str) -> list[str]:
    """Lines with their ends, as the format has them."""
    return text.splitlines(keepends=True)


def _quoted(text: str) -> str:
    """A person's own words, whatever they look like in Markdown."""
    return "\n".join(f"> {line}" for line in text.splitlines())
