async def test_the_answer_of_the_person_reaches_the_model(call, person):
    person.choice = "chain B"
    result = await call("ask_user", question="Which chain?", choices=["chain A", "chain B"])
    assert result.text == "The user answered: chain B"
    assert person.chosen == [("Which chain?", ("chain A", "chain B"))]


async def test_a_dismissed_question_is_no_answer(call, person):
    assert "dismissed" in (await call("ask_user", question="Which chain?")).text
    assert "choices" in (await call("ask_user", question="Which?", choices=list("abcdefg"))).error
