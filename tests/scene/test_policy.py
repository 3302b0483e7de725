import pytest

from pymolcode_plugin.core.risk import Risk
from pymolcode_plugin.scene import policy


@pytest.mark.parametrize(
    ("text", "risk"),
    [
        ("", Risk.READ),
        ("# a remark", Risk.READ),
        ("count_atoms all", Risk.READ),
        ("color red, all", Risk.VIEW),
        ("zoo all", Risk.VIEW),
        ("color red, all\ncreate x, chain A", Risk.MODIFY),
        ("color red, all; delete all", Risk.DESTROY),
        ("color red, all;system ls", Risk.EXEC),
        ("sys ls", Risk.EXEC),
        ("save out.pdb", Risk.FILE),
        ("load x.pdb", Risk.FILE),
        ("load x.pse", Risk.EXEC),
        ("load http://example.org/x.pdb", Risk.NET),
        ("fetch 1abc", Risk.NET),
        ("@script.pml", Risk.EXEC),
        ("/import os", Risk.EXEC),
        ("x = 1", Risk.EXEC),
        ("import os", Risk.EXEC),
        ("python", Risk.EXEC),
        ("no_such_command", Risk.EXEC),
        ("iterate all, name", Risk.READ),
        ("iterate all, print(name)", Risk.EXEC),
        ("alter chain A, chain='B'", Risk.MODIFY),
        ("alter chain A, chain=open('x').read()", Risk.EXEC),
        ('label name CA, "%s" % resi', Risk.VIEW),
        ("label name CA, __import__('os')", Risk.EXEC),
        ("spectrum b", Risk.VIEW),
        ("spectrum __import__('os'), all", Risk.EXEC),
    ],
)
def test_command_text_has_the_class_of_its_worst_command(cmd, text, risk):
    assert policy.assess(cmd, text).risk is risk


def test_every_listed_command_exists_in_this_pymol(cmd):
    assert [name for name in policy._classes() if name not in cmd.keyword] == []
