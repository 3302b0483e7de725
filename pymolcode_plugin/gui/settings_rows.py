"""What the settings dialog shows: sections, and in each the settings with their words; no widgets, no values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from ..core.outgoing import Data
from ..core.risk import Mode

Kind = Literal["choice", "switch", "text", "whole", "number", "lines", "file", "several"]


class Row(NamedTuple):
    """A setting.

    Attributes:
        name: As in config.yaml.
        label: For people.
        kind: `whole` and `number` are numbers that may be left empty where `empty` says what that means; `lines` are
            texts, one a line; `several` any of `choices`.
        words: What it does.
        choices: Value and label of each.
        empty: What stands in an empty field.
        unit: After a number.
    """

    name: str
    label: str
    kind: Kind
    words: str
    choices: Mapping[str, str] = {}
    empty: str = ""
    unit: str = ""


class Section(NamedTuple):
    """A page of the dialog; `links` are buttons that open another dialog, by name and label."""

    title: str
    rows: tuple[Row, ...]
    links: Mapping[str, str] = {}


_MODES = {
    Mode.ASK.value: "Ask: deleting, fetching and code ask first",
    Mode.AUTO.value: "Auto: only code, network and files outside ask",
    Mode.PLAN.value: "Plan: nothing that changes anything runs",
}
_DATA = {
    Data.COORDINATES.value: "Coordinates",
    Data.SEQUENCES.value: "Sequences",
    Data.IMAGES.value: "Images",
    Data.FILE_NAMES.value: "File names",
}

SECTIONS = (
    Section(
        "Model",
        (
            Row(
                "model",
                "Model",
                "text",
                "PROVIDER:MODEL, or `builtin`. Empty: the sign-in that was chosen, then what is found.",
                empty="found by itself",
            ),
            Row(
                "fallback",
                "Where it does not answer",
                "lines",
                "Models to try in this order where the first is overloaded or out of reach, one PROVIDER:MODEL a line.",
                empty="no other",
            ),
            Row("request_limit", "Requests in one turn", "whole", "A model that never stops is stopped after these."),
        ),
        {"models": "Choose a model…", "sign_in": "Sign in…"},
    ),
    Section(
        "Safety",
        (
            Row("mode", "Without a question", "choice", "What runs without asking you first.", _MODES),
            Row("command_limit_s", "One command", "number", "PyMOL is interrupted after this time.", unit="s"),
        ),
        {"rules": "Always allowed…"},
    ),
    Section(
        "Data sent",
        (
            Row(
                "this_machine_only",
                "This machine only",
                "switch",
                "No model, fetch or server elsewhere is contacted.",
            ),
            Row(
                "withhold",
                "Not sent to a model elsewhere",
                "several",
                "These are taken out of every request, the chat's past included.",
                _DATA,
            ),
        ),
        {"sent": "What was sent last…"},
    ),
    Section(
        "Costs",
        (
            Row(
                "budget_usd",
                "Budget of a chat",
                "number",
                "It stops and asks when it is spent.",
                empty="none",
                unit="$",
            ),
            Row("budget_tokens", "Tokens of a chat", "whole", "Sent and received; it stops and asks.", empty="none"),
        ),
    ),
    Section(
        "Panel",
        (
            Row("text_size", "Text size", "whole", "Of the system's; 50 to 300.", unit="%"),
            Row(
                "open_at_start",
                "Open with PyMOL",
                "switch",
                "Where the panel was open when PyMOL was closed.",
            ),
        ),
    ),
    Section(
        "Connections",
        (
            Row("keyring", "Keep secrets in the system's keyring", "switch", "Instead of auth.json."),
            Row("ca_file", "Certificates", "file", "A PEM file to trust besides the usual ones.", empty="none"),
            Row("env_file", "Environment file", "file", "Lines NAME=value; fills what is not set.", empty="none"),
        ),
    ),
)


def shown(row: Row, value: object) -> str:
    """A value as the field has it."""
    if value is None or value == "":
        return ""
    if row.kind == "lines" and isinstance(value, (list, tuple)):
        return "\n".join(map(str, value))
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def parsed(row: Row, text: str) -> object:
    """What a field says, as a plain value of YAML; None for an empty one.

    Raises:
        ValueError: It is no such number; says so.
    """
    text = text.strip()
    if row.kind == "lines":
        return [line.strip() for line in text.splitlines() if line.strip()] or None
    if not text:
        return None
    if row.kind == "whole":
        return _number(text.replace(",", "").replace(" ", ""), int)
    return _number(text.replace(",", "."), float) if row.kind == "number" else text


def _number(text: str, kind: type[int] | type[float]) -> int | float:
    try:
        found = kind(text)
    except ValueError:
        raise ValueError("A whole number is wanted." if kind is int else "A number is wanted.") from None
    if not 0 < found < 10**12:  # infinity and nan too are no settings
        raise ValueError("It must be more than nothing, and finite.")
    return found
