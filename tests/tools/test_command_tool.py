from pymolcode_plugin.core.scene import Call
from pymolcode_plugin.tools.command_tool import run_calls


async def test_calls_stop_at_the_first_that_fails_and_say_how_many_did_not_run(gateway, hiv_protease):
    result, outputs = await run_calls(
        gateway,
        [
            Call(command="color", arguments={"color": "red", "selection": "organic"}),
            Call(command="color", arguments={"color": "nosuch", "selection": "organic"}),
            Call(command="bg_color", arguments={"color": "white"}),
        ],
    )
    assert not result.ok
    assert "nosuch" in result.error
    assert "Unknown color." in result.error
    assert result.error.endswith(" 1 call after it did not run.")
    assert len(outputs) == 2
    assert hiv_protease.count_atoms("organic and color red") == 35
    assert hiv_protease.get_setting_text("bg_rgb") == "0x000000"


async def test_an_error_without_words_gives_what_pymol_printed(gateway, hiv_protease):
    result, _ = await run_calls(
        gateway, [Call(command="align", arguments={"mobile": "organic", "target": "nosuch", "quiet": 0})]
    )
    assert not result.ok
    assert 'Invalid selection name "nosuch"' in result.error
