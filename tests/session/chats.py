"""Sessions on disk, as chats would have left them."""

from __future__ import annotations

from pathlib import Path

from pymolcode_plugin.core.events import StepFinished, StepStarted, TextDelta, TurnFinished, TurnStarted
from pymolcode_plugin.session.transcript import Transcript


def chat(
    root: Path,
    name: str,
    *requests: str,
    answer: str = "Done.",
    diff: str = "",
    commands: tuple[str, ...] = (),
    model: str = "a model",
) -> Path:
    """A session with a turn for each request; closed."""
    transcript = Transcript(root / name)
    for number, text in enumerate(requests, 1):
        turn = f"turn{number}"
        transcript.append(TurnStarted(turn_id=turn, text=text, model=model))
        transcript.append(
            StepStarted(turn_id=turn, call_id=f"c{number}", tool="run_pymol", title="zoom", arguments="zoom chain_q")
        )
        transcript.append(
            StepFinished(turn_id=turn, call_id=f"c{number}", ok=True, diff=diff, commands=commands, undoable=True)
        )
        transcript.append(TextDelta(turn_id=turn, text=answer))
        transcript.append(TurnFinished(turn_id=turn, stop_reason="done"))
    transcript.close()
    return transcript.folder
