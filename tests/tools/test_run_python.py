async def test_python_is_asked_for_and_gives_what_it_printed_and_its_value(call, person, hiv_protease):
    result = await call("run_python", code="print('hello')\ncmd.count_atoms('organic') + 1")
    assert [question.command for question in person.asked] == ["print('hello')\ncmd.count_atoms('organic') + 1"]
    assert result.text.splitlines() == ["hello", "= 36"]


async def test_what_python_changed_is_said_and_undone(call, hiv_protease):
    result = await call("run_python", code="cmd.color('red', 'organic')")
    assert "recoloured 35 atoms of 1hpv" in result.diff.text
    await call.undo()
    assert hiv_protease.count_atoms("organic and color red") == 0


async def test_an_exception_is_an_error_the_model_can_read(call, hiv_protease):
    result = await call("run_python", code="1 / 0")
    assert not result.ok
    assert "ZeroDivisionError" in result.error
