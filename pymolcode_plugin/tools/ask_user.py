"""A question of the model to the person."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ..core.tool import Context, Tool, ToolArgs, ToolResult
from .assessments import read_only

_MAX_CHOICES = 6


class AskUserArgs(ToolArgs):
    """Ask the user when the request can mean several things."""

    question: str = Field(min_length=1, max_length=1000)
    choices: list[Annotated[str, Field(min_length=1, max_length=200)]] = Field(default=[], max_length=_MAX_CHOICES)


async def ask_user(args: AskUserArgs, context: Context) -> ToolResult:
    """Ask; the person may choose, write something else, or dismiss the question."""
    text = await context.person.choose(call_id=context.call_id, question=args.question, choices=args.choices)
    if not text.strip():
        return ToolResult(text="The user dismissed the question. Do not guess; say what you would need to know.")
    return ToolResult(text=f"The user answered: {text}")


ASK_USER = Tool("ask_user", AskUserArgs, ask_user, read_only, lambda args: args.question)
