from pymolcode_plugin.agent.meanwhile import Meanwhile
from pymolcode_plugin.core.attachments import Message


async def heard(message):
    return f"heard {message.text}"


async def test_each_is_heard_once_in_order():
    meanwhile = Meanwhile(heard)
    assert not meanwhile
    for text in ("one", "two", "three"):
        meanwhile.say(Message(text=text))
    meanwhile.take_back(Message(text="two"))
    meanwhile.take_back(Message(text="never said"))
    assert await meanwhile.take() == ("heard one", "heard three")
    assert await meanwhile.take() == ()


async def test_what_a_turn_did_not_hear_the_next_one_does_not_either():
    meanwhile = Meanwhile(heard)
    meanwhile.say(Message(text="too late"))
    meanwhile.clear()
    assert await meanwhile.take() == ()


async def test_what_is_said_while_the_model_hears_the_rest_is_for_the_result_after():
    async def slow(message):
        meanwhile.say(Message(text=f"after {message.text}"))
        return message.text

    meanwhile = Meanwhile(slow)
    meanwhile.say(Message(text="one"))
    assert await meanwhile.take() == ("one",)
    assert await meanwhile.take() == ("after one",)
