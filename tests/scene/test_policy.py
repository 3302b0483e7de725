import pytest

from pymolcode_plugin.core.risk import Risk
from pymolcode_plugin.core.scene import Call
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
        ("label name CA, resn.lower()", Risk.VIEW),
        ("label name CA, f'{resn}{resi}'", Risk.VIEW),
        ("label name CA", Risk.VIEW),
        ("iterate all, stored.x.append(b)", Risk.EXEC),
        ("alter all, b = b * 2; q = 1", Risk.MODIFY),
        ("spectrum b", Risk.VIEW),
        ("spectrum count, rainbow, chain A", Risk.VIEW),
        ("spectrum b*2, blue_red", Risk.VIEW),
        ("print 'text'", Risk.READ),
        ("print name", Risk.EXEC),
        ("set stick_radius, 0.2, chain A", Risk.VIEW),
        ("set bg_rgb, [1, 1, 1]", Risk.VIEW),
        ("set security, off", Risk.EXEC),
        ("set_color c, [0.1, 0.2, 0.3]", Risk.VIEW),
        ("set_color c, [().__class__]", Risk.EXEC),
        ("translate [1, 0, 0], chain A", Risk.MODIFY),
        ("translate [f(1)], chain A", Risk.EXEC),
        ("fab ACDEFG, pep", Risk.MODIFY),
        ('fab A, pep, chain="""+x+"""', Risk.EXEC),
        ("fragment ala", Risk.MODIFY),
        ("fragment ../x", Risk.EXEC),
        ("extra_fit all, method=super", Risk.MODIFY),
        ("extra_fit all, method=delete", Risk.EXEC),
        ("ray 100, 100", Risk.VIEW),
        ("ray 100, 100, renderer=1", Risk.EXEC),
        ("scene F1, store", Risk.VIEW),
        ("scene *, clear", Risk.DESTROY),
        ("view V, clear", Risk.DESTROY),
        ("group g, a b", Risk.VIEW),
        ("group g, action=purge", Risk.DESTROY),
        ("get_area all, load_b=1", Risk.MODIFY),
        ("ls", Risk.READ),
        ("cd x", Risk.FILE),
        ("png x", Risk.FILE),
        ('load "x.pml"', Risk.EXEC),
        ("load x.fasta", Risk.EXEC),
        ("load x.unknown", Risk.EXEC),
        ("load x.pdb, format=pse", Risk.EXEC),
        ("load x.cif.gz", Risk.FILE),
        ("loadall *.pdb", Risk.FILE),
        ("loadall *", Risk.EXEC),
        ("load FTP://example.org/x.pdb", Risk.NET),
        ("fetch 1abc, file=x.py", Risk.EXEC),
        ("set fetch_host, pdbe", Risk.NET),
        ("skip\nzoom\nskip end", Risk.EXEC),
        ("embed x\nzoom\nembed end", Risk.EXEC),
        ("spectrum __import__('os'), all", Risk.EXEC),
    ],
)
def test_command_text_has_the_class_of_its_worst_command(cmd, text, risk):
    assert policy.assess(cmd, text).risk is risk


def test_every_class_that_occurs_is_told_with_the_full_names_of_the_commands(cmd):
    found = policy.assess(cmd, "zoo all; create x, all\nfetch 1abc # a remark\ndelete x")
    assert found.risks == {Risk.VIEW, Risk.MODIFY, Risk.NET, Risk.FILE, Risk.DESTROY}
    assert found.commands == ("zoom", "create", "fetch", "delete")


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (Call(command="color", arguments={"color": "red", "selection": "all"}), "color red, all"),
        (Call(command="label", arguments={"selection": "all", "expression": "open('x')"}), "label all, open('x')"),
        (Call(command="load", arguments={"filename": "x.pse"}), "load x.pse"),
        (Call(command="save", arguments={"filename": "../x.pdb"}), "save ../x.pdb"),
        (Call(command="translate", arguments={"vector": (1.0, 0.0, 0.0)}), "translate [1.0, 0.0, 0.0]"),
        (Call(command="nosuch"), "nosuch"),
    ],
)
def test_a_call_is_judged_as_the_same_command_typed(cmd, call, text):
    assert policy.assess(cmd, [call]).risks == policy.assess(cmd, text).risks
    assert policy.assess(cmd, [call]).outside == policy.assess(cmd, text).outside


def test_what_comes_after_another_working_folder_is_outside(cmd):
    assert policy.assess(cmd, "cd x\nsave a.pdb").outside
    assert not policy.assess(cmd, "save a.pdb").outside


def test_what_would_continue_an_open_block_of_the_user_is_asked_about(cmd):
    try:
        cmd.do("python")
        assert policy.assess(cmd, "zoom").risk is Risk.EXEC
    finally:
        cmd._parser.layer.clear()
    assert policy.assess(cmd, "zoom").risk is Risk.VIEW


def test_only_what_never_changes_anything_only_reads():
    assert policy.only_reads("count_atoms")
    assert not any(policy.only_reads(name) for name in ("iterate", "get_area", "print", "zoom", "nosuch"))


def test_every_listed_command_is_pymols_own(cmd):
    assert [name for name in policy._classes() if not policy._is_pymols_own(cmd, name)] == []


def test_every_listed_command_exists_in_this_pymol(cmd):
    assert [name for name in policy._classes() if name not in cmd.keyword] == []
