async def test_python_is_asked_for_each_time(call, person, hiv_protease):
    await call("run_python", code="1 + 1")
    assert [question.command for question in person.asked] == ["1 + 1"]
