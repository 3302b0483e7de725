import pytest


@pytest.mark.parametrize("action", ["rock", "roll"])
async def test_a_movie_says_how_many_frames_it_has(call, hiv_protease, action):
    result = await call("movie", action=action, frames=30)
    assert result.text == "30 frames, now at 1."
    assert hiv_protease.count_frames() == 30
    assert (await call("movie", action="frame", frames=12)).text == "30 frames, now at 12."
    assert "there are 30" in (await call("movie", action="frame", frames=99)).error
    await call("movie", action="clear")
    assert hiv_protease.count_frames() == 1


async def test_states_become_frames(call, hiv_protease):
    assert "only one state" in (await call("movie", action="states")).error
    for _ in range(3):
        hiv_protease.create("models", "organic", 1, -1)
    assert (await call("movie", action="states")).text.startswith("3 frames")
    hiv_protease.frame(3)
    assert hiv_protease.get_state() == 3


async def test_scenes_become_a_movie(call, hiv_protease):
    assert "There are 0 scenes" in (await call("movie", action="scenes")).error
    await call("view", action="store", scene="one")
    await call("view", action="turn", amount=90)
    await call("view", action="store", scene="two")
    assert (await call("movie", action="scenes", frames=40)).text.startswith("40 frames")


async def test_it_plays_and_stops(call, hiv_protease):
    await call("movie", action="roll", frames=10)
    await call("movie", action="play")
    assert hiv_protease.get_movie_playing()
    await call("movie", action="stop")
    assert not hiv_protease.get_movie_playing()
