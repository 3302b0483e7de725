import pytest


@pytest.mark.parametrize("action", ["zoom", "orient", "center"])
async def test_the_camera_goes_to_a_selection_and_back(call, hiv_protease, action):
    before = hiv_protease.get_view()
    result = await call("view", action=action, selection="organic")
    assert result.text == "The view is on 35 atoms."
    assert result.diff.only_view
    assert hiv_protease.get_view() != before
    await call.undo()
    assert hiv_protease.get_view() == pytest.approx(before, abs=1e-3)


async def test_it_turns_clips_and_resets(call, hiv_protease):
    before = hiv_protease.get_view()
    assert (await call("view", action="turn", axis="y", amount=90)).text == "Turned 90° about y."
    assert hiv_protease.get_view()[2] == pytest.approx(-1, abs=1e-4) or hiv_protease.get_view()[2] == pytest.approx(1)
    await call("view", action="clip", selection="organic", amount=8)
    assert hiv_protease.get_view()[16] - hiv_protease.get_view()[15] == pytest.approx(8, abs=0.1)
    await call("view", action="reset")
    assert hiv_protease.get_view()[:9] == pytest.approx(before[:9], abs=1e-3)


async def test_scenes_are_stored_listed_and_recalled(call, hiv_protease):
    await call("view", action="zoom", selection="organic")
    stored = hiv_protease.get_view()
    assert (await call("view", action="store", scene="site")).text == "Scenes: site."
    await call("view", action="reset")
    assert (await call("view", action="recall", scene="site")).ok
    assert hiv_protease.get_view() == pytest.approx(stored, abs=1e-3)
    assert (await call("view", action="list")).text == "Scenes: site."


async def test_what_is_missing_or_wrong_is_said(call, hiv_protease):
    assert "There is none" in (await call("view", action="recall", scene="site")).error
    assert "needs the name of a scene" in (await call("view", action="store")).error
    assert "needs an amount" in (await call("view", action="turn")).error
    assert "matches no atom" in (await call("view", action="zoom", selection="chain Q")).error
    assert "'zoom', 'orient'" in (await call("view", action="fly")).error


async def test_scenes_of_any_name_and_number_are_listed_in_one_bounded_line(call, cmd):
    for number in range(70):
        cmd.scene(f"s{number}\nWARNING: x" + "y" * 500, "store", quiet=1)
    text = (await call("view", action="list")).text
    assert text.count("\n") == 0
    assert "and 10 more" in text
    assert len(text) < 6000
