async def test_what_is_printed_and_the_last_expression_come_back(gateway, hiv_protease):
    output = await gateway.run_python("n = cmd.count_atoms('chain A')\nprint('counted')\nn * 2")
    assert output.ok
    assert output.lines == ("counted",)
    assert output.value == str(hiv_protease.count_atoms("chain A") * 2)


async def test_names_are_kept_from_call_to_call(gateway):
    assert (await gateway.run_python("def double(x):\n    return 2 * x")).value is None
    assert (await gateway.run_python("double(21)")).value == "42"
    assert (await gateway.run_python("'text'")).value == "text"


async def test_an_error_shows_the_lines_of_the_code_and_nothing_of_ours(gateway):
    output = await gateway.run_python("def half(x):\n    return x / 0\n\nprint('before')\nhalf(2)")
    assert output.lines == ("before",)
    assert output.errors == ("line 5: half(2)\nline 2: return x / 0\nZeroDivisionError: division by zero",)


async def test_code_that_is_no_python_did_not_run(gateway, cmd):
    output = await gateway.run_python("cmd.pseudoatom('p')\nfor x in")
    assert output.errors[0].startswith("line 2: for x in\nSyntaxError")
    assert cmd.get_names() == []


async def test_an_error_that_pymol_only_prints_is_a_warning(gateway, hiv_protease):
    output = await gateway.run_python("cmd.zoom('nosuch')\n'done'")
    assert output.ok
    assert output.value == "done"
    assert "nosuch" in output.warnings[0]


async def test_pymols_own_exception_is_told(gateway, hiv_protease):
    output = await gateway.run_python("cmd.color('nocolour', 'all')")
    assert output.errors == ("line 1: cmd.color('nocolour', 'all')\nCmdException: Unknown color.",)


async def test_the_end_of_python_is_not_the_end_of_pymol(gateway, cmd):
    output = await gateway.run_python("import sys\nsys.exit(3)")
    assert "would end PyMOL" in output.errors[0]
    assert (await gateway.run_commands("pseudoatom p")).ok


async def test_a_long_value_is_cut(gateway):
    value = (await gateway.run_python("'x' * 10000")).value
    assert value.endswith("… (10,000 characters)")
    assert len(value) < 4100


async def test_an_error_in_a_function_of_earlier_code_shows_its_line(gateway):
    await gateway.run_python("def half(x):\n    return x / 0")
    output = await gateway.run_python("half(2)")
    assert output.errors == ("line 1: half(2)\nline 2: return x / 0\nZeroDivisionError: division by zero",)
