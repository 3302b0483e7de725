"""Wherever code is put into a command text, the text is EXEC."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pymolcode_plugin.core.risk import Risk
from pymolcode_plugin.scene import policy

_CODE = "open('canary','w')"
_HARMLESS = st.sampled_from(
    [
        "zoom",
        "color red, all",
        "select s, (name CA)",
        "show sticks, organic",
        "set stick_radius, 0.2",
        "# remark",
        "count_atoms",
    ]
)
_SEPARATOR = st.sampled_from(
    [";", " ; ", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", ";;", "\n\n;"]
)
_DANGEROUS = st.sampled_from(
    ["system ls", "sys ls", f"/{_CODE}", f"x = {_CODE}", _CODE, "@x.pml", f"python\n{_CODE}\npython end", "run x.py",
     "load x.pse", "alias a, system ls", "import os", f"print {_CODE}", f"label all, {_CODE}", f"iterate all, {_CODE}",
     f"alter all, b={_CODE}", f"spectrum {_CODE}, red blue", "nosuchcommand", "set_key F1, system ls"]
)  # fmt: skip


@given(
    before=st.lists(st.tuples(_HARMLESS, _SEPARATOR), max_size=4),
    code=_DANGEROUS,
    after=st.lists(_HARMLESS, max_size=2),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_dangerous_commands_are_exec_wherever_they_stand(cmd, before, code, after):
    text = (
        "".join(f"{command}{separator}" for command, separator in before)
        + code
        + "".join(f"\n{item}" for item in after)
    )
    assert Risk.EXEC in policy.assess(cmd, text).risks


_PLACES = st.sampled_from(
    ["b{}", "({})", "[{}][0]", "b + {}", "b if {} else q", "'%s' % ({},)", "f'{{{}}}'", "str({})", "b == {}", "not {}",
     "resn[{}]", "{}, b", "b or {}", "(b, ({}))", "f'{{b:{{{}}}}}'"]
)  # fmt: skip
_CODES = st.sampled_from(
    [_CODE, "__import__('os')", "().__class__", "b.__class__", "(lambda: b)()", "[b for i in (1,)]", "(a := b)",
     "(i for i in (b,))", "globals()", "stored.x", "cmd.quit()", "eval('1')", "b ** 99999", "getattr(b, 'real')",
     "'{0.x}'.format(b)"]
)  # fmt: skip


@given(
    place=_PLACES,
    inner=_PLACES,
    code=_CODES,
    command=st.sampled_from(["label all, ", "iterate all, ", "alter all, b = "]),
)
@example(place="b{}", inner="b{}", code="()", command="label all, ")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_code_anywhere_in_an_expression_is_exec(cmd, place, inner, code, command):
    assert policy.assess(cmd, command + place.format(inner.format(code))).risk is Risk.EXEC


@given(text=st.text(st.characters(exclude_categories=("Cs",)), max_size=80))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_any_text_at_all_has_a_class(cmd, text):
    assert policy.assess(cmd, text).risks


@given(word=st.text("abcdefghijklmnopqrstuvwxyz_.", min_size=1, max_size=12), rest=st.text(max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_a_word_that_is_no_command_is_exec(cmd, word, rest):
    if word in cmd.kwhash or word == "_":
        return
    assert Risk.EXEC in policy.assess(cmd, f"{word} {rest}").risks


@pytest.mark.parametrize("name", ["zoom", "color", "label"])
def test_a_command_with_another_meaning_is_exec(cmd, name):
    original = cmd.keyword[name]
    try:
        cmd.alias(name, "system ls")
        assert policy.assess(cmd, f"{name} all").risk is Risk.EXEC
    finally:
        cmd.keyword[name] = original
