import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pymolcode_plugin.agent.approvals import Policy, Rules
from pymolcode_plugin.core.errors import ToolFailed
from pymolcode_plugin.core.risk import Mode
from pymolcode_plugin.core.tool import Context
from pymolcode_plugin.tools import scripts
from pymolcode_plugin.tools.anchors import Anchored
from pymolcode_plugin.tools.scripts import Edit, EditScriptArgs, ReadScriptArgs, edit_script, read_script

_LINES = ["load 1hpv.pdb", "color red, all", "", "zoom", "", "color red, all", "png x.png"]


@pytest.fixture
def script(folder):
    path = folder / "figure.pml"
    path.write_text("\n".join(_LINES) + "\n")
    return path


def rows(text):
    """Anchors and texts of what a tool showed."""
    found = [line.partition("|") for line in text.splitlines() if "|" in line]
    return {head.partition(":")[2]: text for head, _, text in found}


async def anchors_of(call, file="figure.pml"):
    return list(rows((await call("read_script", file=file)).text))


async def test_a_script_is_read_with_an_anchor_on_every_line(call, script, person):
    result = await call("read_script", file="figure.pml")
    assert result.ok, result.error
    assert list(rows(result.text).values()) == _LINES
    assert len(rows(result.text)) == len(_LINES)
    assert result.text.startswith("1:")
    assert person.asked == []


async def test_edits_are_made_all_at_once_and_shown_with_fresh_anchors(call, script, person):
    names = await anchors_of(call)
    result = await call(
        "edit_script",
        file="figure.pml",
        edits=[
            {"op": "replace", "anchor": names[1], "text": "color blue, chain A\ncolor green, chain B"},
            {"op": "delete", "anchor": f"5:{names[4]}|", "end_anchor": names[5]},
            {"op": "insert_before", "anchor": names[0], "text": "reinitialize"},
            {"op": "insert_after", "anchor": names[6], "text": "quit\n"},
        ],
    )
    assert result.ok, result.error
    expected = ["reinitialize", _LINES[0], "color blue, chain A", "color green, chain B", "", "zoom", _LINES[6], "quit"]
    assert script.read_text() == "\n".join(expected) + "\n"
    assert "8 lines now, 4 written, 3 gone" in result.text
    assert len(person.asked) == 1, "a file that is there is changed"
    again = await call(
        "edit_script", file="figure.pml", edits=[{"op": "delete", "anchor": next(iter(rows(result.text)))}]
    )
    assert again.ok, again.error
    assert script.read_text() == "\n".join(expected[1:]) + "\n"


async def test_an_edit_of_a_line_that_was_changed_meanwhile_is_refused_with_the_lines_as_they_are(call, script):
    names = await anchors_of(call)
    script.write_text(script.read_text().replace("zoom", "orient"))
    before = script.read_bytes()
    result = await call(
        "edit_script",
        file="figure.pml",
        edits=[
            {"op": "replace", "anchor": f"1:{names[0]}", "text": "fetch 1hpv"},
            {"op": "replace", "anchor": f"4:{names[3]}", "text": "zoom organic"},
        ],
    )
    assert not result.ok
    assert f"no line has the anchor `4:{names[3]}` now" in result.error
    assert "orient" in rows(result.error).values()
    assert script.read_bytes() == before
    fresh = next(name for name, text in rows(result.error).items() if text == "orient")
    assert (await call("edit_script", file="figure.pml", edits=[{"op": "delete", "anchor": fresh}])).ok


async def test_an_insertion_elsewhere_does_not_matter(call, script):
    names = await anchors_of(call)
    script.write_text("# by hand\n" + script.read_text())
    result = await call("edit_script", file="figure.pml", edits=[{"op": "delete", "anchor": f"4:{names[3]}"}])
    assert result.ok, result.error
    assert script.read_text() == "# by hand\n" + "\n".join(_LINES[:3] + _LINES[4:]) + "\n"


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ([{"op": "delete", "anchor": "1:00000000"}], "no line has the anchor `1:00000000`"),
        ([{"op": "delete", "anchor": ""}], "needs an anchor"),
        ([{"op": "explode", "anchor": "x"}], "edits.0.op"),
        ([], "at least 1"),
    ],
)
async def test_an_edit_that_fails_changes_nothing(call, script, edits, words):
    before = script.read_bytes()
    result = await call("edit_script", file="figure.pml", edits=edits)
    assert words in result.error
    assert script.read_bytes() == before


async def test_two_edits_of_one_line_are_refused(call, script):
    names = await anchors_of(call)
    edits = [
        {"op": "delete", "anchor": names[0], "end_anchor": names[2]},
        {"op": "replace", "anchor": names[1], "text": "x"},
    ]
    result = await call("edit_script", file="figure.pml", edits=edits)
    assert "two edits touch line 2" in result.error
    edits = [{"op": "replace", "anchor": names[2], "end_anchor": names[0], "text": "x"}]
    assert "is before" in (await call("edit_script", file="figure.pml", edits=edits)).error
    assert script.read_text().splitlines() == _LINES


async def test_a_new_script_is_made_with_one_insertion(call, folder):
    result = await call("edit_script", file="new.pml", edits=[{"op": "insert_after", "text": "load a.pdb\nzoom"}])
    assert result.ok, result.error
    assert (folder / "new.pml").read_text() == "load a.pdb\nzoom\n"
    assert result.text.startswith(f"Made {folder / 'new.pml'}: 2 lines now")
    result = await call("edit_script", file="other.pml", edits=[{"op": "replace", "anchor": "1:00000000", "text": "x"}])
    assert "other.pml is not there" in result.error
    assert [path.name for path in folder.iterdir()] == ["new.pml"]
    result = await call("edit_script", file="new.pml", edits=[{"op": "insert_after", "text": "overwritten"}])
    assert "needs an anchor" in result.error


async def test_line_endings_encoding_and_the_missing_last_newline_stay(call, folder):
    path = folder / "windows.pml"
    path.write_bytes(b"\xef\xbb\xbfload a.pdb\r\nzoom\r\n# caf\xc3\xa9")
    names = await anchors_of(call, "windows.pml")
    edits = [
        {"op": "replace", "anchor": names[1], "text": "orient\nray"},
        {"op": "insert_after", "anchor": names[2], "text": "quit"},
    ]
    result = await call("edit_script", file="windows.pml", edits=edits)
    assert result.ok, result.error
    assert path.read_bytes() == b"\xef\xbb\xbfload a.pdb\r\norient\r\nray\r\n# caf\xc3\xa9\r\nquit"


async def test_only_scripts_and_notes_are_touched_and_files_outside_are_asked_for(call, folder, tmp_path, person):
    (folder / "x.pdb").write_text("ATOM")
    assert "x.pdb is no script or note" in (await call("read_script", file="x.pdb")).error
    assert "is no script" in (await call("edit_script", file="x.sh", edits=[{"op": "insert_after", "text": "x"}])).error
    assert "There is no file gone.pml" in (await call("read_script", file="gone.pml")).error
    assert "is no text file" in (await call("read_script", file=_binary(folder))).error
    assert person.asked == []
    (tmp_path / "outside.py").write_text("print(1)\n")
    assert (await call("read_script", file=str(tmp_path / "outside.py"))).ok
    assert len(person.asked) == 1


def _binary(folder):
    (folder / "picture.txt").write_bytes(b"\x89PNG\x00\x00")
    return "picture.txt"


async def test_a_script_can_be_read_for_a_plan_and_not_be_edited(call, script, tmp_path):
    plan = Policy(Rules(tmp_path / "rules.yaml"), mode=Mode.PLAN)
    assert (await call("read_script", plan, file="figure.pml")).ok
    result = await call("edit_script", plan, file="new.pml", edits=[{"op": "insert_after", "text": "zoom"}])
    assert "The mode is plan" in result.error


async def test_an_empty_script_and_a_pipe(call, folder):
    (folder / "empty.pml").write_text("")
    assert "empty.pml has 0 lines" in (await call("read_script", file="empty.pml")).text
    assert (await call("edit_script", file="empty.pml", edits=[{"op": "insert_before", "text": "zoom"}])).ok
    assert (folder / "empty.pml").read_text() == "zoom\n"
    os.mkfifo(folder / "pipe.pml")
    assert "no ordinary file" in (await call("read_script", file="pipe.pml")).error
    edits = [{"op": "insert_after", "text": "zoom"}]
    assert "no ordinary file" in (await call("edit_script", file="pipe.pml", edits=edits)).error


async def test_a_long_script_is_read_in_parts_and_a_huge_one_not_at_all(call, folder):
    (folder / "long.pml").write_text("".join(f"turn x, {n}\n" for n in range(1000)))
    first = await call("read_script", file="long.pml")
    assert first.text.endswith("600 more lines; go on with from_line=401.")
    second = await call("read_script", file="long.pml", from_line=401)
    assert next(iter(rows(second.text).values())) == "turn x, 400"
    assert "has 1000 lines" in (await call("read_script", file="long.pml", from_line=2000)).text
    (folder / "wide.txt").write_text("x" * 1000 + "\n")
    assert "…[600 more characters]" in (await call("read_script", file="wide.txt")).text
    (folder / "huge.txt").write_text("x" * 1_000_001)
    assert "larger than 1 MB" in (await call("read_script", file="huge.txt")).error
    result = await call("edit_script", file="big.txt", edits=[{"op": "insert_after", "text": "é" * 600_000}])
    assert "would be larger than 1 MB" in result.error
    assert not (folder / "big.txt").exists()


async def test_a_change_at_the_very_moment_is_not_overwritten(folder, script, monkeypatch):
    written = scripts.anchors.apply

    def apply(lines, changes):
        script.write_text("by hand\n")
        return written(lines, changes)

    monkeypatch.setattr(scripts.anchors, "apply", apply)
    edits = [Edit(op="delete", anchor=Anchored(_LINES).names[0])]
    with pytest.raises(ToolFailed, match="changed at the same moment"):
        await edit_script(EditScriptArgs(file="figure.pml", edits=edits), Context(None, None, None, "c"))
    assert script.read_text() == "by hand\n"


# Properties, on real files.

texts = st.lists(st.sampled_from(["", "a", "b", "ü", "color red", " x|y"]), min_size=1, max_size=10)
ops = st.sampled_from(["replace", "delete", "insert_after", "insert_before"])
on_files = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


@st.composite
def edited(draw):
    """Lines, edits that do not overlap as (op, first, last, new lines), a line ending, and whether it ends the file."""
    lines = draw(texts)
    edits, at = [], 0
    while at < len(lines):
        last = draw(st.integers(at, len(lines) - 1))
        if draw(st.booleans()):
            op = draw(ops)
            is_range = op in ("replace", "delete")
            edits.append((op, at, last if is_range else at, draw(texts) if op != "delete" else []))
            at = last if is_range else at
        at += 1
    # Without a last newline an empty last line is none, and a single line does not say how lines end.
    is_ended = len(lines) == 1 or lines[-1] == "" or draw(st.booleans())
    return lines, edits, draw(st.sampled_from(["\n", "\r\n"])), is_ended


def model(lines, edits):
    """What edits give, said line by line instead of bottom-up."""
    result = []
    for at, line in enumerate(lines):
        here = [edit for edit in edits if edit[1] <= at <= edit[2]]
        op, first, _, new = here[0] if here else ("keep", at, at, [])
        if op == "insert_after":
            result += [line, *new]
        elif op == "insert_before":
            result += [*new, line]
        elif op == "keep":
            result.append(line)
        elif at == first:
            result += new
    return result


def as_edits(lines, edits):
    names = Anchored(lines).names
    return [
        Edit(
            op=op,
            anchor=names[first],
            end_anchor=names[last] if last != first else "",
            text="".join(line + "\n" for line in new),
        )
        for op, first, last, new in edits
    ]


@on_files
@given(edited())
async def test_any_edits_give_what_the_model_of_them_gives(folder, case):
    lines, edits, ending, is_ended = case
    path = folder / "x.txt"

    def as_bytes(some):
        return (ending.join(some) + (ending if is_ended and some else "")).encode()

    path.write_bytes(as_bytes(lines))
    if edits and as_bytes(lines):
        await edit_script(EditScriptArgs(file="x.txt", edits=as_edits(lines, edits)), Context(None, None, None, "c"))
        assert path.read_bytes() == as_bytes(model(lines, edits))


@on_files
@given(edited(), st.data())
async def test_a_touched_line_that_somebody_changed_is_refused_and_nothing_is_written(folder, case, data):
    lines, edits, _, _ = case
    if not edits:
        return
    path = folder / "x.txt"
    made = as_edits(lines, edits)
    _, first, last, _ = data.draw(st.sampled_from(edits))
    at = data.draw(st.sampled_from(sorted({first, last})))
    instead = data.draw(st.sampled_from([["changed"], [], ["a"], ["b", "c"]]).filter(lambda new: new != [lines[at]]))
    now = "".join(line + "\n" for line in [*lines[:at], *instead, *lines[at + 1 :]]).encode()
    path.write_bytes(now)
    with pytest.raises(ToolFailed, match="Nothing was written"):
        await edit_script(EditScriptArgs(file="x.txt", edits=made), Context(None, None, None, "c"))
    assert path.read_bytes() == now


@on_files
@given(texts)
async def test_what_is_read_holds_every_line(folder, lines):
    (folder / "x.txt").write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    result = await read_script(ReadScriptArgs(file="x.txt"), Context(None, None, None, "c"))
    assert [row.partition("|")[2] for row in result.text.split("\n")] == lines
