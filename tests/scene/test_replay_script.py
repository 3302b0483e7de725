import pytest

from pymolcode_plugin.core.scene import Call
from pymolcode_plugin.scene import journal
from pymolcode_plugin.scene.replay_script import load_beside, of_call, to_lines


def nothing_beside(_path):
    return ""


@pytest.mark.parametrize(
    ("text", "python"),
    [
        ("color red, chain A", "cmd.color('red', selection='chain A')"),
        ("as sticks, organic", "cmd.show_as('sticks', selection='organic')"),
        ("util.cbag chain A", "cmd.util.cbag('chain A')"),
        ("set sphere_scale, value=0.4", "cmd.set('sphere_scale', value='0.4')"),
        ("set sphere_scale=0.4", "cmd.set('sphere_scale', value='0.4')"),
        ("hide", "cmd.hide()"),
        ("/cmd.color('red')", "cmd.color('red')"),
        ("x = 5", "x = 5"),
        ('alter organic, resn="X;Y"', "cmd.alter('organic', expression='resn=\"X;Y\"')"),
        ("python\nfor i in range(3):\n    cmd.turn('x', i)\npython end", "for i in range(3):\n    cmd.turn('x', i)"),
        ("color red, all; zoom", "cmd.do('color red, all; zoom')"),
        ("@other.pml", "cmd.do('@other.pml')"),
    ],
)
def test_a_line_as_python_is_the_call_that_the_parser_would_make(hiv_protease, text, python):
    (line,) = to_lines(hiv_protease, [text], nothing_beside)
    assert line.pml == text
    assert line.python == python


def test_code_that_failed_lets_what_follows_run(hiv_protease):
    code = "python\ncmd.color('red', 'chain A')\nraise ValueError(1)\npython end"
    remark, tried, after = to_lines(hiv_protease, [journal.FAILED, code, "color blue, chain B"], nothing_beside)
    assert remark.python == journal.FAILED
    exec("\n".join([tried.python, after.python]), {"cmd": hiv_protease})
    assert hiv_protease.count_atoms("chain A and color red") == hiv_protease.count_atoms("chain A")
    assert hiv_protease.count_atoms("chain B and color blue") == hiv_protease.count_atoms("chain B")


def test_a_file_is_loaded_by_its_full_path_or_its_copy(hiv_protease, tmp_path, monkeypatch):
    hiv_protease.save(str(tmp_path / "lig.pdb"), "organic")
    monkeypatch.chdir(tmp_path)
    (line,) = to_lines(hiv_protease, ["load lig.pdb, lig2"], nothing_beside)
    assert line.python == f"cmd.load(filename={str(tmp_path / 'lig.pdb')!r}, object='lig2')"
    assert str(tmp_path) in line.pml
    (line,) = to_lines(hiv_protease, ["load lig.pdb, lig2"], lambda path: f"copy-of-{path.name}")
    assert line.python == "cmd.load(_beside('copy-of-lig.pdb'), object='lig2')"
    assert line.pml == f"/{line.python}"


def test_a_call_is_said_in_both_languages():
    assert load_beside("a'b.pse", {"partial": 1}).pml == '/cmd.load(_beside("a\'b.pse"), partial=1)'


def test_a_call_that_the_parser_would_read_otherwise_is_python_in_both(hiv_protease):
    line = of_call(hiv_protease, Call(command="label", arguments={"selection": "all", "expression": "'a;b'"}))
    assert line.pml == "/" + line.python
