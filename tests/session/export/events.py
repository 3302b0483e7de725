"""Made-up chats, for what needs no PyMOL."""

from pymolcode_plugin.core.events import (
    SceneRestored,
    StepFinished,
    StepStarted,
    TextDelta,
    TurnStarted,
)


def asked(text, turn="t1", model="some:model"):
    return TurnStarted(turn_id=turn, text=text, model=model)


def said(text, turn="t1"):
    return TextDelta(turn_id=turn, text=text)


def step(call_id, *commands, turn="t1", tool="run_pymol", title="A step", **more):
    given = {"ok": True, "undoable": True, **more}
    return (
        StepStarted(turn_id=turn, call_id=call_id, tool=tool, title=title, arguments="\n".join(commands)),
        StepFinished(turn_id=turn, call_id=call_id, commands=commands, **given),
    )


def undone(*call_ids, action="undo"):
    return SceneRestored(action=action, call_ids=call_ids)
