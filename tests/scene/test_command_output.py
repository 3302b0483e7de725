from pymolcode_plugin.scene.command_output import CommandRunner


def test_output_of_c_code_and_of_python_is_read_in_order(hiv_protease):
    output = CommandRunner(hiv_protease).run("count_atoms chain A\niterate first chain B, print(resi)")
    assert output.ok
    assert output.completed == 2
    assert output.lines[0].strip() == f"count_atoms: {hiv_protease.count_atoms('chain A')} atoms"
    assert output.lines[1] == "1"


def test_a_failure_without_an_exception_is_an_error(hiv_protease):
    output = CommandRunner(hiv_protease).run("zoom nosuch")
    assert not output.ok
    assert 'Invalid selection name "nosuch"' in output.errors[0]


def test_the_first_error_stops_the_lines_after_it(hiv_protease):
    output = CommandRunner(hiv_protease).run("color red, chain A\ncolor nocolor, all\ndelete all")
    assert output.completed == 1
    assert output.errors == ("Unknown color.",)
    assert hiv_protease.get_names() == ["1hpv"]


def test_an_unknown_word_is_named_with_the_command_it_resembles(cmd):
    output = CommandRunner(cmd).run("colr red, all")
    assert output.errors == ("`colr` is not a PyMOL command. Did you mean color or colour or recolor?",)


def test_an_open_python_block_does_not_swallow_the_users_next_command(cmd):
    runner = CommandRunner(cmd)
    output = runner.run("python\nx = 1")
    assert "never closed" in output.errors[0]
    assert runner.run("pseudoatom here").ok
    assert cmd.get_names() == ["here"]


def test_long_output_is_cut_and_says_how_much_is_missing(hiv_protease):
    output = CommandRunner(hiv_protease).run("iterate all, print(name)")
    assert len(output.lines) == 201
    assert output.lines[-1] == f"… and {hiv_protease.count_atoms() + 1 - 200} more lines"
