from ..scripted_model import ScriptedModel


async def test_undo_brings_the_scene_back_and_the_model_is_told(open_chat, hiv_protease):
    with ScriptedModel(("run_pymol", {"commands": "color red, chain A"}), "Done.", "I see.") as server:
        conversation, events = open_chat(server)
        await conversation.prompt("colour chain A red")
        await conversation.undoing.undo()
        await conversation.prompt("what now?")
    assert hiv_protease.count_atoms("color red and chain A") == 0
    assert "recoloured 758 atoms" in next(event.diff for event in events if event.kind == "scene_restored")
    assert "The user undid your last change" in str(server.requests[-1]["messages"][-1])


async def test_undo_without_anything_to_undo_says_so(open_chat):
    with ScriptedModel("x") as server:
        conversation, events = open_chat(server)
        await conversation.undoing.undo()
    assert "nothing to undo" in events[-1].text
