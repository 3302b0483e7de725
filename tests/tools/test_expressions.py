import pytest

from pymolcode_plugin.core.errors import ArgumentsInvalid
from pymolcode_plugin.tools.expressions import need_expression


@pytest.mark.parametrize("text", ["resn+resi", "b/2 + q", "str(resv+100)", '"active site"', '"%.1f" % b', "resn[0]"])
def test_expressions_of_atom_properties_pass(text):
    assert need_expression(f" {text} ") == text


@pytest.mark.parametrize(
    "text", ["os.remove('x')", "__import__('os')", "b = 1", "1; 2", "1\n2", "(", "", "cmd.quit()", "stored.x", "\0"]
)
def test_everything_else_is_refused(text):
    with pytest.raises(ArgumentsInvalid):
        need_expression(text)
