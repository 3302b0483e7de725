import pytest

from pymolcode_plugin.scene import expressions


@pytest.mark.parametrize(
    "expression",
    [
        "name", "'%s-%s' % (resn, resi)", '"%s" % resi', "resn + resi", "b > 20 and q == 1.0", "f'{resn}{resi}'",
        "f'{b:.1f}'", "resn if name == 'CA' else ''", "resn[0]", "str(b)", "int(b)", "round(b, 1)", "len(resn)",
        "resn.lower()", "name.strip().upper()", "oneletter", "-b", "(resn, resi)", "", "'text'", "resn; resi",
    ],
)  # fmt: skip
def test_looking_at_properties_only_reads(expression):
    assert expressions.reads_only(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "print(name)", "stored.x", "stored.x.append(b)", "b.real", "resn.__class__", "resn.format(b)", "x = 1", "b = 1",
        "lambda: b", "[b for b in (1,)]", "{b: b}", "(a := b)", "str(b, key=1)", "str(*resn)", "f'{print(b)}'",
        "f'{b:{print(b)}}'", "'%99999d' % b", "'%*d' % (9, b)", "b ** b", "1 << 5", "9999999", "open('x')", "nosuch",
        "b if print(b) else q", "resn[print(b)]", "yield b", "await b", "import os", "del b", "(", "b\x00", "ｐrint(b)",
    ],
)  # fmt: skip
def test_anything_else_is_more_than_reading(expression):
    assert not expressions.reads_only(expression)


@pytest.mark.parametrize("expression", ["chain = 'B'", "b = b * 2", "b += 1", "b = 1; q = 0.5", "(b, q) = (1, 2)"])
def test_giving_properties_values_alters(expression):
    assert expressions.assigns_properties(expression)


@pytest.mark.parametrize(
    "expression",
    ["model = 'x'", "stored = 1", "b.x = 1", "b[0] = 1", "b = open('x')", "b", "b **= 9", "x: int = 1", "*b, q = 1"],
)
def test_other_statements_are_more_than_altering(expression):
    assert not expressions.assigns_properties(expression)


def test_the_altered_properties_are_named():
    assert expressions.assigned("b = q; q += 1; chain = segi") == ("b", "q", "chain")


@pytest.mark.parametrize(
    ("expression", "is_plain"),
    [
        ("count", True),
        ("b", True),
        ("b*2", True),
        ("pc", True),
        ("b), (x", False),
        ("print(b)", False),
        ("b = 1", False),
    ],
)
def test_colouring_by_numbers_of_atoms(expression, is_plain):
    assert expressions.colours_by(expression) is is_plain


@pytest.mark.parametrize(
    ("text", "is_harmless"),
    [
        ("[1, 0.5, -2]", True), ("red", True), ("[red, white]", True), ("(1, 2)", True), ("1 2 3", True), ("", True),
        ("[1/2, 3*4]", True), ("().__class__", False), ("[x for x in (1,)]", False), ("a.b", False), ("f(1)", False),
        ("9**9**9", False), ("[1][0]", False), ("'%s' % a", False),
        ("1" + "+1" * 5000 + "+f()", False),
    ],
)  # fmt: skip
def test_values_that_pymol_evaluates(text, is_harmless):
    assert expressions.is_harmless_value(text) is is_harmless
