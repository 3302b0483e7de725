"""The step language: one short line a step, parsed to frozen values and printed back; a closed union."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field, ValidationError

from ...core.scene import Frozen
from .targets import Target, parse_target

Representation = Literal[
    "sticks", "cartoon", "lines", "spheres", "surface", "mesh", "dots", "ribbon", "nonbonded",
    "nb_spheres", "labels", "dashes", "everything",
]  # fmt: skip
Key = Literal["b", "chain", "ss", "rainbow", "element", "residue"]
Unit = Literal["atoms", "heavy", "residues", "chains", "ligands", "objects"]
Fact = Literal[
    "sequence", "ligands", "chains", "objects", "residues", "area", "sasa", "bfactor", "center", "scene",
]  # fmt: skip
LabelText = Literal["residue", "number", "resn", "name", "chain", "b", "element"]
Style = Literal["pretty", "publication", "simple", "ballandstick", "default"]
Impossible = Literal["docking", "simulation", "prediction", "download", "design", "unrelated", "unsure"]
Talk = Literal["hello", "abilities", "thanks"]
Axis = Literal["x", "y", "z"]

Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.+-]+$")]
FileName = Annotated[str, Field(pattern=r"^[\w. -]+\.(png|pdb|cif|pse)$")]
Targets = Annotated[tuple[Target, ...], Field(max_length=4)]


class Step(Frozen):
    """Base of all steps. `ARGUMENTS` are the fields written between the verb and the bar."""

    ARGUMENTS: ClassVar[tuple[str, ...]] = ()
    N_TARGETS: ClassVar[tuple[int, int]] = (0, 0)

    verb: str
    targets: Targets = ()

    @property
    def text(self) -> str:
        """The step as one line."""
        words = [self.verb, *(_plain(getattr(self, name)) for name in self.ARGUMENTS)]
        line = " ".join(words)
        return f"{line} | {' to '.join(target.text for target in self.targets)}" if self.targets else line

    @property
    def target(self) -> Target:
        """The first target; everything where none is named."""
        return self.targets[0] if self.targets else Target()


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


class Color(Step):
    """Paint one colour."""

    ARGUMENTS = ("color",)
    N_TARGETS = (0, 1)
    verb: Literal["color"] = "color"
    color: Word


class Spectrum(Step):
    """Paint by a property."""

    ARGUMENTS = ("key",)
    N_TARGETS = (0, 1)
    verb: Literal["spectrum"] = "spectrum"
    key: Key


class Show(Step):
    """Show, hide, or show as nothing but a representation."""

    ARGUMENTS = ("representation",)
    N_TARGETS = (0, 1)
    verb: Literal["show", "hide", "as"]
    representation: Representation


class Select(Step):
    """Make a named selection."""

    ARGUMENTS = ("name",)
    N_TARGETS = (1, 1)
    verb: Literal["select"] = "select"
    name: Word


class Look(Step):
    """Move the camera."""

    N_TARGETS = (0, 1)
    verb: Literal["zoom", "center", "orient"]


class Reset(Step):
    """Bring the whole scene back into view."""

    verb: Literal["reset"] = "reset"


class Turn(Step):
    """Turn the camera."""

    ARGUMENTS = ("axis", "angle_deg")
    verb: Literal["turn"] = "turn"
    axis: Axis
    angle_deg: float


class Background(Step):
    """Colour the background."""

    ARGUMENTS = ("color",)
    verb: Literal["bg"] = "bg"
    color: Word


class Setting(Step):
    """Change a PyMOL setting, for everything or for a target."""

    ARGUMENTS = ("setting", "value")
    N_TARGETS = (0, 1)
    verb: Literal["set"] = "set"
    setting: Word
    value: Word


class Label(Step):
    """Write labels."""

    ARGUMENTS = ("what",)
    N_TARGETS = (1, 1)
    verb: Literal["label"] = "label"
    what: LabelText


class Measure(Step):
    """Measure between atoms; one target stands for its copies in different chains."""

    N_TARGETS = (1, 4)
    verb: Literal["distance", "angle", "dihedral"]


class Contacts(Step):
    """Draw hydrogen bonds between two parts."""

    N_TARGETS = (1, 2)
    verb: Literal["hbonds"] = "hbonds"


class Count(Step):
    """Count things."""

    ARGUMENTS = ("unit",)
    N_TARGETS = (0, 1)
    verb: Literal["count"] = "count"
    unit: Unit


class Tell(Step):
    """Read something from the scene."""

    ARGUMENTS = ("fact",)
    N_TARGETS = (0, 1)
    verb: Literal["tell"] = "tell"
    fact: Fact


class Cut(Step):
    """Remove atoms, or remove everything but them."""

    N_TARGETS = (1, 1)
    verb: Literal["remove", "keep"]


class Switch(Step):
    """Turn an object on or off, or delete an object or selection."""

    ARGUMENTS = ("name",)
    verb: Literal["enable", "disable", "delete"]
    name: Word


class Rename(Step):
    """Give an object or selection another name."""

    ARGUMENTS = ("name", "new_name")
    verb: Literal["rename"] = "rename"
    name: Word
    new_name: Word


class Extract(Step):
    """Make a new object of atoms, taking them out of the old one or copying them."""

    ARGUMENTS = ("name",)
    N_TARGETS = (1, 1)
    verb: Literal["extract", "copy"]
    name: Word


class Align(Step):
    """Superpose the first target on the second."""

    N_TARGETS = (2, 2)
    verb: Literal["align"] = "align"


class Hydrogens(Step):
    """Add hydrogens."""

    N_TARGETS = (0, 1)
    verb: Literal["h_add"] = "h_add"


class Save(Step):
    """Write a picture, coordinates or the session; the ending decides."""

    ARGUMENTS = ("file",)
    N_TARGETS = (0, 1)
    verb: Literal["save"] = "save"
    file: FileName


class Preset(Step):
    """A ready-made look."""

    ARGUMENTS = ("style",)
    N_TARGETS = (0, 1)
    verb: Literal["preset"] = "preset"
    style: Style


class Cannot(Step):
    """The request is outside what this profile does."""

    ARGUMENTS = ("topic",)
    verb: Literal["cannot"] = "cannot"
    topic: Impossible


class Chat(Step):
    """The request wants words, not steps."""

    ARGUMENTS = ("topic",)
    verb: Literal["chat"] = "chat"
    topic: Talk


AnyStep = (
    Color | Spectrum | Show | Select | Look | Reset | Turn | Background | Setting | Label | Measure | Contacts
    | Count | Tell | Cut | Switch | Rename | Extract | Align | Hydrogens | Save | Preset | Cannot | Chat
)  # fmt: skip
STEPS: tuple[type[Step], ...] = get_args(AnyStep)


def _verbs(kind: type[Step]) -> tuple[str, ...]:
    return get_args(kind.model_fields["verb"].annotation)


BY_VERB: dict[str, type[Step]] = {verb: kind for kind in STEPS for verb in _verbs(kind)}


def parse_step(line: str) -> AnyStep:
    """Read one step.

    Raises:
        ValueError: The line is not of the language; the message says why.
    """
    head, bar, tail = line.strip().partition(" | ")
    verb, *words = head.split()
    kind = BY_VERB.get(verb)
    if kind is None:
        raise ValueError(f"'{verb}' is not a step")
    if len(words) != len(kind.ARGUMENTS):
        raise ValueError(f"'{verb}' takes {len(kind.ARGUMENTS)} words, not {len(words)}")
    targets = tuple(parse_target(piece) for piece in tail.split(" to ")) if bar else ()
    if not kind.N_TARGETS[0] <= len(targets) <= kind.N_TARGETS[1]:
        raise ValueError(f"'{verb}' cannot have {len(targets)} targets")
    fields: dict[str, object] = dict(zip(kind.ARGUMENTS, words, strict=True))
    try:
        step = kind.model_validate({"verb": verb, "targets": targets, **fields})
    except ValidationError as error:
        raise ValueError(f"'{line}': {error.errors()[0]['msg']}") from error
    if not isinstance(step, AnyStep):  # BY_VERB holds members of the union only
        raise ValueError(f"'{verb}' is not a step")  # noqa: TRY004  # the caller knows one kind of failure
    return step


def parse_steps(text: str) -> list[AnyStep]:
    """Read steps separated by `;` or line ends. Raises ValueError like `parse_step`."""
    lines = [line for line in text.replace("\n", ";").split(";") if line.strip()]
    return [parse_step(line) for line in lines]
