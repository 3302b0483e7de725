"""What happens in a chat, as values that fronts show and the transcript keeps."""

from __future__ import annotations

from typing import Annotated, Literal, Union

from pydantic import Field

from .scene import Frozen

StopReason = Literal["done", "stopped", "failed"]
ModelPhase = Literal["absent", "downloading", "loading", "warming", "ready", "failed"]


class Usage(Frozen):
    """Tokens and seconds of a turn or a session, as the provider reported them.

    Attributes:
        n_cached_tokens: Those of the input that were read from the provider's cache.
        n_written_tokens: Those of the input that were written to it, where that is charged for.
        n_requests: To the model.
        n_unpriced: Those of them whose price is not known; then `cost_usd` is only a part of the cost.
        cost_usd: By the price list at hand; 0 on this machine; None where no price is known.
        context_fraction: How full the last request was, 0..1; None where the model's window is not known.
    """

    n_input_tokens: int = 0
    n_cached_tokens: int = 0
    n_output_tokens: int = 0
    n_written_tokens: int = 0
    n_requests: int = 0
    n_unpriced: int = 0
    cost_usd: float | None = None
    context_fraction: float | None = None
    seconds: float = 0.0
    seconds_to_first_step: float = 0.0


class TurnStarted(Frozen):
    """The user sent something.

    Attributes:
        attachments: Names of what went with it, pictures included.
        images: The pictures, PNG or JPEG.
    """

    kind: Literal["turn_started"] = "turn_started"
    turn_id: str
    text: str
    model: str = ""
    images: tuple[bytes, ...] = Field(default=(), exclude=True)
    attachments: tuple[str, ...] = ()


class Steered(Frozen):
    """What the user said meanwhile has reached the model, beside a step's result."""

    kind: Literal["steered"] = "steered"
    turn_id: str
    text: str
    attachments: tuple[str, ...] = ()


class TextDelta(Frozen):
    """The model wrote a piece of its answer (Markdown)."""

    kind: Literal["text_delta"] = "text_delta"
    turn_id: str
    text: str


class ThinkingDelta(Frozen):
    """A model that reasons wrote a piece of its reasoning."""

    kind: Literal["thinking_delta"] = "thinking_delta"
    turn_id: str
    text: str


class StepStarted(Frozen):
    """A tool call began. `title` is words for a person, `arguments` the exact command or JSON."""

    kind: Literal["step_started"] = "step_started"
    turn_id: str
    call_id: str
    tool: str
    title: str
    arguments: str


class StepFinished(Frozen):
    """A tool call ended; `text`, `error` and `diff` were read back from PyMOL.

    Attributes:
        warnings: What the person should know although it worked.
        undoable: It changed the scene, so there is something to take back.
        commands: What ran in PyMOL, as a script would say it.
        files: Full paths of what was written.
        diff_lines: What `diff` says in one sentence, one change a line.
        denied: The person did not allow it.
    """

    kind: Literal["step_finished"] = "step_finished"
    turn_id: str
    call_id: str
    ok: bool
    text: str = ""
    error: str = ""
    warnings: tuple[str, ...] = ()
    diff: str = ""
    diff_lines: tuple[str, ...] = ()
    undoable: bool = False
    commands: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    denied: bool = False
    duration_s: float = 0.0
    image_png: bytes | None = Field(default=None, exclude=True)


class ApprovalAsked(Frozen):
    """A step waits for the person.

    Attributes:
        effects: What it will do, in words and numbers.
        command: The exact command or code.
        editable: The command can be changed before it is allowed.
        always: What "Always allow this here" would allow, in words; empty where that is not offered.
    """

    kind: Literal["approval_asked"] = "approval_asked"
    call_id: str
    question: str
    command: str
    effects: tuple[str, ...] = ()
    editable: bool = False
    always: str = ""


class ApprovalAnswered(Frozen):
    """The person answered; `command` only where it was edited."""

    kind: Literal["approval_answered"] = "approval_answered"
    call_id: str
    allowed: bool
    reason: str = ""
    command: str = ""
    always: bool = False


class ChoiceAsked(Frozen):
    """The model asks the person something, with choices."""

    kind: Literal["choice_asked"] = "choice_asked"
    call_id: str
    question: str
    choices: tuple[str, ...] = ()


class ChoiceAnswered(Frozen):
    """The person chose or wrote; empty when they dismissed the question."""

    kind: Literal["choice_answered"] = "choice_answered"
    call_id: str
    text: str


class SceneRestored(Frozen):
    """Steps were undone or done again; `diff` is what that changed, also a line each, `call_ids` the steps."""

    kind: Literal["scene_restored"] = "scene_restored"
    action: Literal["undo", "redo"]
    call_ids: tuple[str, ...] = ()
    diff: str = ""
    diff_lines: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """For people."""
        done = "Undone" if self.action == "undo" else "Done again"
        return f"{done}: {self.diff or 'the scene was as before already'}."


class TurnFinished(Frozen):
    """The turn is over; `message` explains a stop reason other than done, `session` sums all turns of the chat.

    Attributes:
        sign_in: The provider to sign in to, where that is what would help; empty where any would do.
    """

    kind: Literal["turn_finished"] = "turn_finished"
    turn_id: str
    stop_reason: StopReason
    message: str = ""
    usage: Usage = Usage()
    session: Usage = Usage()
    sign_in: str | None = None


class UsageTold(Frozen):
    """A request to the model ended; the sums of the turn that runs and of the chat."""

    kind: Literal["usage_told"] = "usage_told"
    usage: Usage
    session: Usage


class ModelState(Frozen):
    """Where the chosen model is on its way to ready. `fraction` is 0..1 while it can be known.

    Attributes:
        sign_in: As that of `TurnFinished`.
    """

    kind: Literal["model_state"] = "model_state"
    model: str
    phase: ModelPhase
    detail: str = ""
    fraction: float | None = None
    sign_in: str | None = None


class Notice(Frozen):
    """Something to say outside of a turn."""

    kind: Literal["notice"] = "notice"
    level: Literal["info", "warning", "error"] = "info"
    text: str


Event = Annotated[
    Union[  # noqa: UP007  # pydantic reads the discriminator from Annotated[Union]
        TurnStarted,
        Steered,
        TextDelta,
        ThinkingDelta,
        StepStarted,
        StepFinished,
        ApprovalAsked,
        ApprovalAnswered,
        ChoiceAsked,
        ChoiceAnswered,
        SceneRestored,
        TurnFinished,
        UsageTold,
        ModelState,
        Notice,
    ],
    Field(discriminator="kind"),
]
