"""What the typed tools ask for before they run, in the mode a new user has."""

import pytest


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("show", {"selection": "organic", "representation": "sticks", "mode": "as"}),
        ("color", {"selection": "organic", "color": "element"}),
        ("color", {"selection": "all", "color": "chain"}),
        ("color", {"selection": "all", "color": "ss"}),
        ("color", {"selection": "all", "color": "b", "palette": "yellow_red"}),
        ("color", {"selection": "all", "color": "rainbow"}),
        ("label", {"selection": "resi 25"}),
        ("label", {"selection": "organic", "text": "name"}),
        ("label", {"selection": "organic", "text": "b"}),
        ("label", {"selection": "organic", "text": '"active site"'}),
        ("label", {"selection": "organic", "text": "none"}),
        ("set", {"setting": "bg_rgb", "value": "white"}),
        ("set", {"setting": "sphere_scale", "value": "0.3", "selection": "organic"}),
        ("set", {"setting": "sphere_scale"}),
        ("select", {"name": "site", "selection": "resi 25"}),
        ("view", {"action": "store", "scene": "one"}),
        ("view", {"action": "clip", "selection": "organic", "amount": 8}),
        ("measure", {"what": "distance", "selections": ["organic", "resi 25"], "draw": "d"}),
        ("align", {"mobile": "1hpv and chain A", "target": "1hpv and chain B"}),
        ("objects", {"action": "create", "name": "drug", "source": "organic"}),
        ("objects", {"action": "copy", "name": "twin", "source": "1hpv"}),
        ("objects", {"action": "extract", "name": "drug", "source": "organic"}),
        ("objects", {"action": "group", "name": "g", "source": "1hpv"}),
        ("objects", {"action": "rename", "name": "protease", "source": "1hpv"}),
        ("alter", {"selection": "organic", "property": "b", "value": "20"}),
        ("alter", {"selection": "organic", "property": "resi", "value": "=str(resv+100)"}),
        ("alter", {"selection": "organic", "property": "chain", "value": "L"}),
        ("symmetry", {"action": "mates", "object": "1hpv"}),
        ("movie", {"action": "rock", "frames": 20}),
        ("movie", {"action": "clear"}),
        ("look", {"selection": "organic"}),
    ],
)
async def test_what_can_be_undone_runs_without_a_question(call, person, hiv_protease, name, arguments):
    result = await call(name, **arguments)
    assert person.asked == []
    if name != "align":  # one object cannot be aligned with itself
        assert result.ok, result.error


async def test_deleting_asks_and_says_how_much(call, person, hiv_protease):
    await call("delete", names=["1hpv"])
    assert len(person.asked) == 1
    assert "1,631 atoms" in " ".join(person.asked[0].effects)
    await call("undo")
    assert len(person.asked) == 1


async def test_removing_atoms_asks_and_says_how_many(call, person, hiv_protease):
    await call("delete", atoms="solvent")
    assert "80 atoms" in " ".join(person.asked[0].effects)


async def test_code_in_an_expression_asks(call, person, hiv_protease):
    await call("alter", selection="organic", property="name", value="=name.__class__.__name__")
    assert len(person.asked) == 1
    assert "code" in person.asked[0].question
