import ast
import json

import pytest

from pymolcode_plugin.core.replaying import ScriptLine
from pymolcode_plugin.session.export.plan import Block, Plan
from pymolcode_plugin.session.export.scripts import written

PLAN = Plan(
    [
        Block(
            "begin",
            "The scene as it was.",
            (ScriptLine(pml="/cmd.load(_beside('s.pse'))", python="cmd.load(_beside('s.pse'))"),),
        ),
        Block("request", "Colour it;\ndelete all\\"),
        Block("step", "Colour", (ScriptLine(pml="color red", python="cmd.color('red')"),)),
        Block("text", "Done.\n# No heading"),
        Block("by_hand", "moved the view", (ScriptLine(pml="turn x, 1", python="cmd.turn('x', '1')"),)),
        Block("earlier", "Zoom", (ScriptLine(pml="zoom; quit", python="cmd.zoom()"),)),
    ]
)


def test_of_a_script_for_pymol_only_the_steps_run():
    text = written(PLAN, "pml", "A title; quit", ["made\\"])
    runs = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert runs[-3:] == ["/cmd.load(_beside('s.pse'))", "color red", "turn x, 1"]
    assert all(";" not in line and not line.endswith("\\") for line in text.splitlines() if line.startswith("#"))
    assert "# Request 1: Colour it,\n# delete all\n" in text


def test_python_is_python_and_has_the_words_in_comments():
    text = written(PLAN, "py", "A title", [])
    called = [
        node.func.attr
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and hasattr(node.func, "attr")
    ]
    assert [name for name in called if name in ("load", "color", "turn", "zoom")] == ["load", "color", "turn"]
    assert "from pymol import cmd" in text
    assert "# Request 1: Colour it;\n# delete all\\\n" in text


def test_a_notebook_has_the_words_in_markdown_and_the_steps_in_code():
    book = json.loads(written(PLAN, "ipynb", "A title", ["made by a test"]))
    assert (book["nbformat"], book["metadata"]["kernelspec"]["name"]) == (4, "python3")
    kinds = [cell["cell_type"] for cell in book["cells"]]
    assert set(kinds) == {"markdown", "code"}
    texts = ["".join(cell["source"]) for cell in book["cells"]]
    assert "# A title\n\nmade by a test" in texts
    assert "## Request 1\n\n> Colour it;\n> delete all\\" in texts
    assert "# Colour\ncmd.color('red')" in texts
    for cell, kind in zip(book["cells"], kinds, strict=True):
        assert cell["metadata"] == {}
        if kind == "code":
            ast.parse("".join(cell["source"]))
            assert (cell["outputs"], cell["execution_count"]) == ([], None)


@pytest.mark.parametrize("kind", ["pml", "py", "ipynb"])
def test_without_files_beside_it_there_is_no_talk_of_them(kind):
    plain = Plan([block for block in PLAN.blocks if block.kind != "begin"])
    assert "_beside" not in written(plain, kind, "A title", [])
