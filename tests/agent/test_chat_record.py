from ..scripted_model import ScriptedModel


async def test_a_new_chat_has_no_history_and_a_transcript_of_its_own(open_chat):
    with ScriptedModel("One.", "Two.") as server:
        conversation, _ = open_chat(server)
        await conversation.prompt("first question")
        before = conversation.transcript.path
        conversation.new_chat()
        await conversation.prompt("second question")
    assert "first question" not in str(server.requests[1])
    assert conversation.transcript.path != before
    assert before.exists()


async def test_a_full_disk_is_said_once_and_the_chat_goes_on(open_chat, monkeypatch):
    with ScriptedModel("One.") as server:
        conversation, events = open_chat(server)
        monkeypatch.setattr(conversation.transcript, "_write", _no_room)
        end = await conversation.prompt("x")
    assert end.stop_reason == "done"
    (notice,) = [event for event in events if event.kind == "notice"]
    assert notice.text == "The transcript cannot be written: No space left on device."


def _no_room(_event):
    raise OSError(28, "No space left on device")
