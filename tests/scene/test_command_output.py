import asyncio

import pytest

from pymolcode_plugin.core.tasks import spawn
from pymolcode_plugin.scene.listening import plain


async def test_output_of_c_code_and_of_python_is_read_in_order(gateway, hiv_protease):
    output = await gateway.run_commands("count_atoms chain A\niterate first chain B, print(resi)")
    assert output.ok
    assert output.completed == 2
    assert output.lines[0].strip() == f"count_atoms: {hiv_protease.count_atoms('chain A')} atoms"
    assert output.lines[1] == "1"


async def test_a_failure_without_an_exception_is_an_error(gateway, hiv_protease):
    output = await gateway.run_commands("zoom nosuch")
    assert not output.ok
    assert 'Invalid selection name "nosuch"' in output.errors[0]


async def test_the_first_error_stops_the_lines_after_it(gateway, hiv_protease):
    output = await gateway.run_commands("color red, chain A\ncolor nocolor, all\ndelete all")
    assert output.completed == 1
    assert output.errors[0].startswith("Unknown color.")
    assert hiv_protease.get_names() == ["1hpv"]


async def test_an_unknown_word_is_named_with_the_command_it_resembles(gateway):
    output = await gateway.run_commands("colr red, all")
    assert output.errors == ("`colr` is not a PyMOL command. Did you mean color or colour or recolor?",)


async def test_an_open_python_block_does_not_swallow_the_users_next_command(gateway, cmd):
    output = await gateway.run_commands("python\nx = 1")
    assert "never closed" in output.errors[0]
    assert (await gateway.run_commands("pseudoatom here")).ok
    assert cmd.get_names() == ["here"]


async def test_a_python_block_and_a_continued_line_run_as_wholes(gateway, hiv_protease):
    output = await gateway.run_commands(
        "python\nfor name in ('m', 'n'):\n\n    cmd.pseudoatom(name)\npython end\n"
        "color red, \\\n  chain A\ncount_atoms m"
    )
    assert output.ok, output
    assert output.completed == 7
    assert hiv_protease.get_names() == ["1hpv", "m", "n"]
    assert hiv_protease.count_atoms("color red") == 758


async def test_long_output_is_cut_and_says_how_much_is_missing(gateway, hiv_protease):
    output = await gateway.run_commands("iterate all, print(name)")
    assert len(output.lines) == 201
    assert output.lines[-1] == f"… and {hiv_protease.count_atoms() + 1 - 200} more lines"


async def test_other_calls_come_in_between_two_commands_of_a_text(gateway, cmd):
    text = "\n".join(f"pseudoatom p{number}" for number in range(20))
    running = spawn(gateway.run_commands(text), name="text")
    seen = []
    while not running.done():
        seen.append(len((await gateway.snapshot()).objects))
    assert len(set(seen)) > 10


async def test_a_text_that_is_cancelled_stops_before_its_next_command(gateway, cmd):
    text = "\n".join(f"pseudoatom p{number}" for number in range(1000))
    running = spawn(gateway.run_commands(text), name="text")
    while not (await gateway.snapshot()).objects:
        assert not running.done()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    ran = len(cmd.get_names())
    await gateway.snapshot()
    assert 0 < ran < 10
    assert len(cmd.get_names()) == ran


async def test_the_rest_of_a_line_of_the_user_that_failed_does_not_run_with_the_agents_next_command(gateway, cmd):
    cmd.do("color nosuchcolour, all; pseudoatom stale")
    assert (await gateway.run_commands("count_atoms all")).ok
    assert cmd.get_names() == []


async def test_the_rest_of_a_line_of_the_agent_that_failed_does_not_run_with_the_users_next_command(gateway, cmd):
    assert not (await gateway.run_commands("color nosuchcolour, all; pseudoatom stale")).ok
    cmd.do("count_atoms all")
    assert cmd.get_names() == []


def test_an_error_is_told_without_the_number_that_an_operating_system_gives_it():
    assert plain("Error: [Errno 28] No space left on device") == "No space left on device"
