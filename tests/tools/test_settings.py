async def test_a_global_setting_says_its_old_and_new_value_and_comes_back(call, hiv_protease):
    result = await call("set", setting="bg_rgb", value="white")
    assert "bg_rgb: was 0x000000, is white." in result.text
    await call.undo()
    assert hiv_protease.get_setting_text("bg_rgb") == "0x000000"


async def test_of_an_object_and_of_atoms(call, hiv_protease):
    of_object = await call("set", setting="transparency", value="0.4", selection="1hpv")
    assert "transparency of 1hpv: was 0.00000, is 0.40000." in of_object.text
    of_atoms = await call("set", setting="sphere_scale", value="0.3", selection="organic")
    assert "sphere_scale of organic: was 1, is 0.3." in of_atoms.text
    unset = await call("set", setting="sphere_scale", selection="organic")
    assert "was 0.3, is 1." in unset.text


async def test_a_bond_setting_of_atoms_reaches_their_bonds(call, hiv_protease):
    result = await call("set", setting="stick_radius", value="0.5", selection="organic")
    assert "set for 37 bonds" in result.text
    assert "stick_radius of organic: was 0.25, is 0.5." in result.text
    assert hiv_protease.get_bond("stick_radius", "organic")[0][1][0][2] == 0.5
    again = await call("set", setting="stick_color", value="red", selection="organic")
    assert "is red." in again.text


async def test_everything_is_every_object(call, hiv_protease):
    result = await call("set", setting="cartoon_sampling", value="5", selection="all")
    assert "is 5." in result.text
    assert hiv_protease.get_setting_text("cartoon_sampling", "1hpv") == "5"


async def test_a_setting_that_would_do_nothing_there_is_refused_and_not_left_behind(call, hiv_protease):
    of_atoms = await call("set", setting="bg_rgb", value="white", selection="organic")
    assert "bg_rgb is a global setting and does nothing on `organic`. Leave the selection out." in of_atoms.error
    of_object = await call("set", setting="ambient", value="0.9", selection="1hpv")
    assert "ambient is a global setting" in of_object.error
    assert hiv_protease.get_setting_text("ambient", "1hpv") == hiv_protease.get_setting_text("ambient")
    of_part = await call("set", setting="cartoon_sampling", value="5", selection="chain A")
    assert "Give the name of an object" in of_part.error


async def test_unknown_settings_and_values_are_errors_that_name_the_close_ones(call, hiv_protease):
    assert "sphere_scale" in (await call("set", setting="sphere_size", value="1")).error
    wrong = await call("set", setting="bg_rgb", value="whitish")
    assert "unknown color" in wrong.error
    assert "bg_rgb is 0x000000" in wrong.error
    assert "could not convert" in (await call("set", setting="sphere_scale", value="big")).error
    assert "matches no atom" in (await call("set", setting="sphere_scale", value="1", selection="resn XYZ")).error
