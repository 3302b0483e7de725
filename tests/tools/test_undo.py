async def test_steps_are_undone_and_redone(call, hiv_protease):
    await call("color", selection="organic", color="red")
    await call("show", selection="organic", representation="spheres")
    undone = await call("undo", steps=2)
    assert undone.text.startswith("Undone: ")
    assert hiv_protease.count_atoms("rep spheres") == 0
    assert hiv_protease.count_atoms("organic and elem C and color red") == 0
    redone = await call("undo", steps=2, redo=True)
    assert redone.text.startswith("Redone: ")
    assert hiv_protease.count_atoms("rep spheres") == 35


async def test_nothing_to_undo_is_said(call, hiv_protease):
    assert "nothing to undo" in (await call("undo")).error
