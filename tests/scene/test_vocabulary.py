import pytest

from pymolcode_plugin.core.errors import CommandFailed


async def test_names_come_with_their_types(gateway, hiv_protease):
    hiv_protease.select("drug", "organic")
    hiv_protease.map_new("density", "gaussian", 2.0, "organic", 2)
    assert await gateway.names() == {"1hpv": "object:molecule", "drug": "selection", "density": "object:map"}


async def test_words_are_those_of_the_running_pymol(gateway, hiv_protease):
    hiv_protease.set_color("house_style", [0.1, 0.2, 0.3])
    hiv_protease.scene("front", "store", quiet=1)
    assert {"cartoon", "sticks", "everything"} <= set(await gateway.vocabulary("representation"))
    assert {"red", "marine", "house_style"} <= set(await gateway.vocabulary("color"))
    assert "blue_white_red" in await gateway.vocabulary("palette")
    assert len(await gateway.vocabulary("setting")) > 500
    assert await gateway.vocabulary("scene") == ("front",)


async def test_a_setting_is_read_where_it_was_written(gateway, hiv_protease):
    hiv_protease.set("sphere_scale", 0.5, "organic and name N1")
    hiv_protease.set("transparency", 0.3, "1hpv")
    assert await gateway.setting("sphere_scale") == "1.00000"
    assert await gateway.setting("sphere_scale", "organic") == "1, 0.5"
    assert await gateway.setting("transparency", "1hpv") == "0.30000"
    with pytest.raises(CommandFailed, match="no setting `nosuch`"):
        await gateway.setting("nosuch")
    with pytest.raises(CommandFailed, match="cannot read the selection"):
        await gateway.setting("sphere_scale", "chain (")


async def test_a_reserved_word_gets_another_name(gateway, hiv_protease):
    assert await gateway.legal_name("b") == "b_"
    assert await gateway.legal_name("drug") == "drug"
