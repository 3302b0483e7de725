import pytest


def colors(cmd, selection):
    found = {}
    cmd.iterate(selection, "found.setdefault(color, elem)", space={"found": found})
    return found


async def test_a_colour_by_name_or_by_hex(call, hiv_protease):
    result = await call("color", selection="chain A and polymer", color="red")
    assert "Coloured red: 758 atoms of 1hpv." in result.text
    assert hiv_protease.count_atoms("color red") >= 758
    assert (await call("color", selection="organic", color="#10ff20")).ok
    assert list(colors(hiv_protease, "organic")) == [hiv_protease.get_color_index("0x10ff20")]
    await call.undo()
    assert hiv_protease.count_atoms("color red and chain A and elem C") == 0


async def test_by_element_keeps_the_colour_of_the_carbons(call, hiv_protease):
    await call("color", selection="organic", color="orange")
    await call("color", selection="organic", color="element")
    orange = hiv_protease.get_color_index("orange")
    by_element = {element: color for color, element in colors(hiv_protease, "organic").items()}
    assert by_element.pop("C") == orange
    assert len(set(by_element.values()) - {orange}) == len(by_element)


@pytest.mark.parametrize("scheme", ["chain", "ss", "b", "rainbow"])
async def test_by_a_property_gives_several_colours(call, hiv_protease, scheme):
    before = colors(hiv_protease, "polymer and name CA")
    result = await call("color", selection="polymer", color=scheme)
    assert result.ok, result.error
    assert f"Coloured by {scheme}: 1,516 atoms" in result.text
    after = colors(hiv_protease, "polymer and name CA")
    assert len(after) > 1
    assert after.keys() != before.keys()


async def test_the_range_of_a_spectrum_is_said(call, hiv_protease):
    result = await call("color", selection="all", color="b", palette="yellow_red", minimum=10, maximum=50)
    assert "range (10.00000 to 50.00000)" in result.text


async def test_wrong_colours_and_palettes_are_refused_with_what_is_close(call, hiv_protease):
    assert "marine" in (await call("color", selection="all", color="marin blue")).error
    assert "blue_white_red" in (await call("color", selection="all", color="b", palette="blue-white-red")).error
    assert "palette and range go with" in (await call("color", selection="all", color="red", minimum=1)).error
    assert "matches no atom" in (await call("color", selection="resn XYZ", color="red")).error
