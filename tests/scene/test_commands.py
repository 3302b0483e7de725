import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pymol import parsing

from pymolcode_plugin.scene import commands

from .real_parser import RealParser


@pytest.mark.parametrize(
    ("text", "names", "selections"),
    [
        ("color red, chain A; zoo all", ["color", "zoom"], ["chain A", "all"]),
        ("label name CA, resi; system ls", ["label"], ["name CA"]),
        ("select chain A", ["select"], ["chain A"]),
        ("select foo, chain A", ["select"], ["chain A"]),
        ("distance d, a, b", ["distance"], ["a", "b"]),
        ("align mob, tar, object=x", ["align"], ["mob", "tar"]),
        ("delete a b", ["delete"], []),
        ("pair_fit a, b", ["pair_fit"], ["a", "b"]),
        ("zoom \\\n chain A", ["zoom"], ["chain A"]),
    ],
)
def test_commands_and_their_selections_are_read_as_pymol_reads_them(cmd, text, names, selections):
    found = commands.parse(cmd, text)
    assert [item.name for item in found] == names
    assert [value for item in found for value in item.selections] == selections


# Everything a command line is made of, and what could be taken for it.
# fmt: off
_FRAGMENTS = st.sampled_from([
    "color", "color red, all", "zoom all", "zoom", "show sticks, (a", "zoo", "distance d,a,b", "set a,1", "se",
    "sys ls", "select", "set", "label", "iterate", "alter", "alter_state", "alias", "mdo", "mappend", "mdo 1:", "del x",
    "python", "python end", "skip", "skip end", "embed", "embed end", "system", "delete", "util.cbag", "print",
    "import os", "reini", "x = 1", "x=1", "count_atoms", "@a.pml", "@", "/x", "/", "'", '"', "'''",
    "(", ")", "[", "]", "{", "}", ";", ";;", ",", "=", "==", "+=", "#", "\\", "\\\n", "\n", "\r", "\r\n", "\t",
    " ", "  ", ":", "?", "_ ", "PyMOL>", "_", "all", "chain A", "resi 1-5", "a/b", "é", "漢", "\u2028", "\u2029",
    "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\xa0", "\ufeff", "\u200b", "ѕystem", "SYSTEM",
    "red", "name=", "quiet=1", "sele1", "def f():", "for", "if", "end", "extract", "pair_fit", "scene F1, store",
])
# fmt: on
_TEXTS = st.one_of(
    st.lists(st.one_of(_FRAGMENTS, st.just(" ")), max_size=14).map("".join),
    st.lists(st.one_of(_FRAGMENTS, st.just(" ")), max_size=14).map(" ".join),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=60),
)


@given(text=_TEXTS)
@example(text="zoom; python\nzoom; system ls\nzoom; python end")
@example(text="# x\\\nimport os")
@example(text="zoom\n skip ,; zoom")
@example(text="mdo :; zoom\nzoom")
@example(text="zoom \\\n_ \ncolor red, all")
@example(text="zoom \\\nPyMOL>\ncolor red, all")
@example(text=";;label all, name; system ls")
@example(text=" ;label all, name; system ls")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_pymol_and_we_agree_on_how_many_commands_a_text_is_and_on_each(cmd, text):
    real = RealParser(cmd).type(text)
    ours = [_as_noted(item) for item in commands.parse(cmd, text)]
    theirs = [None if piece is None else piece.strip() for piece in real.pieces]
    if real.failed or real.is_open:
        ours = ours[: len(theirs)]
    assert len(ours) == len(theirs)
    assert [None if theirs[at] is None else piece for at, piece in enumerate(ours)] == theirs


@given(text=_TEXTS)
@example(text="set x=1")
@example(text="mdo :")
@example(text="label expression=x, name CA; 'y'")
@example(text="extract a, (b, c), zoom=1")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_pymol_and_we_agree_on_the_arguments_of_each_command(cmd, text):
    calls = RealParser(cmd).type(text).calls
    ours = [item.arguments for item in commands.parse(cmd, text) if _has_named_arguments(cmd, item)]
    assert [
        {key: value for key, value in given.items() if key not in ("_self", "quiet")} for given in ours[: len(calls)]
    ] == calls


def _has_named_arguments(cmd, item):
    return item.kind == "command" and cmd.keyword[item.name][4] >= parsing.NO_CHECK


def _as_noted(item):
    head = item.text.split("\n")[0] if item.name in ("python", "skip") else item.text
    if item.kind in ("python", "comment") and not item.name:
        return item.text.removeprefix("/").strip()
    return head.strip()


@given(text=_TEXTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_a_command_typed_alone_is_the_same_command(cmd, text):
    for item in commands.parse(cmd, text):
        if item.kind in ("command", "script") and "\n" not in item.text and not item.text.endswith("\\"):
            again = commands.parse(cmd, item.text)
            assert [(one.name, one.kind, one.arguments) for one in again] == [(item.name, item.kind, item.arguments)]


def test_a_line_of_thousands_of_commands_is_read(cmd):
    assert len(commands.parse(cmd, "zoom;" * 4000)) == 4000
    assert len(commands.parse(cmd, "\\\n" * 4000 + "zoom")) == 1
