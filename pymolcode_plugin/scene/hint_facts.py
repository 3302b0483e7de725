"""What the fields of `resources/hints.yaml` stand for, asked from the running PyMOL when a hint needs it."""

from __future__ import annotations

import difflib
import functools
import inspect
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pymol
import pymol.wizard
from pymol import setting as pymol_setting
from pymol.constants import palette_dict

from . import commands, selection_broken, selection_text

_MAX_CLOSE = 4
_MAX_NAMED = 10
_PROPERTIES = (
    "model", "chain", "segi", "resn", "resi", "resv", "name", "elem", "alt", "b", "q", "ss", "type", "vdw", "color",
    "index", "ID", "rank", "oneletter", "formal_charge", "partial_charge", "text_type", "numeric_type",
)  # fmt: skip
_PROPERTY_MEANT = {
    "element": "elem", "symbol": "elem", "residue": "resi", "resid": "resi", "resname": "resn", "res": "resn",
    "residue_name": "resn", "chain_id": "chain", "chainid": "chain", "atom": "name", "atom_name": "name", "id": "ID",
    "bfactor": "b", "b_factor": "b", "beta": "b", "occupancy": "q", "occ": "q", "altloc": "alt", "radius": "vdw",
    "charge": "partial_charge", "segment": "segi", "segid": "segi", "object": "model", "obj": "model",
    "resnum": "resi", "resno": "resi", "serial": "ID", "coord": "x, y, z (iterate_state)",
    "one_letter": "oneletter", "secondary": "ss",
}  # fmt: skip
_REPRESENTATION_MEANT = {
    "ball": "spheres", "balls": "spheres", "cpk": "spheres", "vdw": "spheres", "spacefill": "spheres",
    "space-filling": "spheres", "ball_and_stick": "sticks (with `set stick_ball, 1`)", "backbone": "ribbon",
    "ball-and-stick": "sticks (with `set stick_ball, 1`)", "ballandstick": "sticks (with `set stick_ball, 1`)",
    "trace": "ribbon", "tube": "cartoon (with `cartoon tube`)", "putty": "cartoon (with `cartoon putty`)",
    "newcartoon": "cartoon", "molecular_surface": "surface", "wireframe": "lines", "hbonds": "dashes", "points": "dots",
    "waters": "nonbonded", "bonds": "lines", "all": "everything", "atoms": "nb_spheres", "ions": "spheres",
}  # fmt: skip
_ALTERNATIVES = {
    "morph": "Two states of one object can be shown side by side, or fitted with `align` and switched.",
    "pi_interactions": "`distance NAME, ring1, ring2, mode=4` measures between the centres of rings.",
    "desaturate": "`set_color` makes a paler colour.",
    "assign_stereo": "It needs a chemistry package such as RDKit outside PyMOL.",
}


class Facts:
    """Answers for one command and its error; call on PyMOL's thread.

    Attributes:
        error: The match of the entry on the error text.
        text_match: Its match on the command's text, where it has one.
    """

    def __init__(self, cmd: Any, command_text: str) -> None:
        self._cmd = cmd
        self.command_text = command_text
        self.command = _first(cmd, command_text)
        self.error: re.Match[str] = re.match("", "") or _never()
        self.text_match: re.Match[str] | None = None

    def field(self, name: str) -> str:
        """The answer to one field, or an empty string."""
        if name.isdigit():
            groups = self.error.groups()
            return (groups[int(name) - 1] or "") if int(name) <= len(groups) else ""
        if name.startswith("text") and name[4:].isdigit():
            return self.text_match[int(name[4:])] if self.text_match else ""
        answer = getattr(self, f"_{name}")()
        return str(answer)

    def _wrong(self) -> str:
        """The word the error complains about."""
        return next((group for group in self.error.groups() if group), "")

    def _argument(self, number: int) -> str:
        values = list(self.command.arguments.values())
        return values[number] if number < len(values) else ""

    def _command(self) -> str:
        return self.command.name

    def _spaced(self) -> str:
        return " ".join(self.command_text.partition(" ")[2].replace(",", " ").split())

    def _or_joined(self) -> str:
        return " or ".join(part.strip() for part in self.command_text.partition(" ")[2].split(","))

    # Settings

    def _setting(self) -> str:
        if self.command.name:
            return self._argument(0)
        found = re.search(r"""[(,]\s*["'](\w+)["']""", self.command_text)
        return found[1] if found else ""

    def _setting_words(self) -> str:
        return self._setting().replace("_", " ")

    def _setting_value(self) -> str:
        name = pymol_setting.setting_sc.interpret(self._setting())
        return str(self._cmd.get_setting_text(name)) if isinstance(name, str) and name in _settings() else ""

    def _close_settings(self) -> str:
        wrong = self._setting()
        words = [word for word in wrong.split("_") if len(word) > 2]
        inside = [name for name in _settings() if words and all(word in name for word in words)]
        return _named([*difflib.get_close_matches(wrong, _settings(), n=3), *inside])

    # Colours

    def _colors(self) -> list[str]:
        return [name for name, _ in self._cmd.get_color_indices(all=1)]

    def _close_colors(self) -> str:
        wrong = self._wrong() or self._argument(0)
        if not self.command.name and not self._wrong():
            found = re.search(r"""\(\s*["'](\w+)["']""", self.command_text)
            wrong = found[1] if found else ""
        return _named(difflib.get_close_matches(wrong.strip("\"'").lower(), self._colors(), n=_MAX_CLOSE, cutoff=0.7))

    def _color_ways(self) -> str:
        return "A colour is a name such as salmon or marine, or 0xRRGGBB."

    def _quoted_color(self) -> str:
        wrong = self._wrong() or self._argument(0)
        bare = wrong.strip("\"'")
        return f"Without quotes: `{bare}`." if bare != wrong and bare in self._colors() else ""

    def _color_comma(self) -> str:
        first, _, rest = self._argument(0).partition(" ")
        return f"A comma is missing: `color {first}, {rest}`." if rest and first in self._colors() else ""

    def _color_first(self) -> str:
        wrong, first = self._wrong(), self._argument(0)
        return f"The colour comes first: `color {wrong}, {first}`." if wrong in self._colors() else ""

    def _palettes(self) -> str:
        known = [name for name in ("rainbow", "blue_white_red", "cyan_white_magenta") if name in palette_dict]
        return ", ".join([*known, "and combinations such as blue_white_green"])

    # Choices

    def _all_choices(self) -> list[str]:
        return self.error.string.partition("Choices:")[2].split()

    def _choices(self) -> str:
        return _named(self._all_choices(), limit=30)

    def _close_choices(self) -> str:
        wrong = next((group for group in reversed(self.error.groups()) if group), "")
        return _named(difflib.get_close_matches(wrong.lower(), self._all_choices(), n=3))

    def _representation_first(self) -> str:
        wrong = self._argument(0)
        is_selection = selection_text.keyword(wrong.partition(" ")[0]) or wrong in self._cmd.get_names("public")
        second = self._argument(1)
        if not is_selection or not second:
            return ""
        return f"The representation comes first: `{self.command.name} {second}, {wrong}`."

    def _representation_meant(self) -> str:
        meant = _REPRESENTATION_MEANT.get(self._wrong().lower(), "")
        return f"It is called {meant}." if meant else ""

    # Arguments

    def _signature(self) -> str:
        name = self.command.name
        if not name:
            found = re.search(r"cmd\.(\w+)", self.command_text)
            name = found[1] if found else ""
        function = self._cmd.keyword[name][0] if name in self._cmd.keyword else getattr(self._cmd, name, None)
        return f"`{short_signature(name, function)}`" if function else ""

    # Files

    def _path(self) -> Path:
        return Path(self._wrong() or self._argument(0)).expanduser()

    def _missing_folder(self) -> str:
        folder = self._path().parent
        return "" if folder.is_dir() else f"The folder {folder} does not exist."

    def _close_files(self) -> str:
        path = self._path()
        if not path.parent.is_dir():
            return ""
        names = [entry.name for entry in os.scandir(path.parent) if entry.is_file()][:2000]
        close = difflib.get_close_matches(path.name, names, n=_MAX_CLOSE, cutoff=0.5)
        same_kind = sorted(name for name in names if path.suffix and name.endswith(path.suffix))
        return _named([*close, *same_kind], limit=6)

    def _working_folder(self) -> str:
        return str(Path.cwd())

    # The scene

    def _objects(self) -> str:
        return _named(self._cmd.get_names("public_objects"))

    def _close_objects(self) -> str:
        return _named(difflib.get_close_matches(self._wrong(), self._cmd.get_names("public_objects"), n=3), word=" or ")

    def _maps(self) -> str:
        names = self._cmd.get_names("public_objects")
        return _named([name for name in names if self._cmd.get_type(name) == "object:map"])

    def _type(self) -> str:
        wrong = self._wrong()
        known = wrong in self._cmd.get_names("all")
        return str(self._cmd.get_type(wrong)).removeprefix("object:") if known else ""

    def _scenes(self) -> str:
        return _named(self._cmd.get_scene_list())

    def _states(self) -> str:
        counts = [
            f"{name} has {self._cmd.count_states(f'model {name}')}" for name in self._cmd.get_object_list("all") or ()
        ]
        return f"States: {', '.join(counts[:_MAX_NAMED])}." if counts else ""

    def _discrete(self) -> str:
        """The first object of the command in which every state has atoms of its own."""
        named = " ".join(self.command.arguments.values())
        for name in self._cmd.get_object_list("all") or ():
            if re.search(rf"\b{re.escape(name)}\b", named) and self._cmd.count_discrete(f"model {name}"):
                return str(name)
        return ""

    def _discrete_states(self) -> str:
        name = self._discrete()
        return (
            f"In the discrete object {name} every state has its own atoms: write `{name} and state 1`." if name else ""
        )

    def _discrete_for_trajectory(self) -> str:
        name = self._discrete()
        return f"A discrete object takes no trajectory: `create NEW, {name}, 1, 1` makes one that does." if name else ""

    def _selection_meant(self) -> str:
        wrong = self._wrong()
        selections = self.command.selections or tuple(re.findall(r"""["']([^"']+)["']""", self.command_text))
        text = next((item for item in selections if wrong in item), wrong)
        return selection_broken.meant(self._cmd, text, self.error.string)

    # Expressions

    def _property_meant(self) -> str:
        meant = _PROPERTY_MEANT.get(self._wrong().lower(), "")
        return f"It is called {meant}." if meant else ""

    def _properties(self) -> str:
        return ", ".join(_PROPERTIES)

    def _quoted_value(self) -> str:
        wrong = self._wrong()
        found = re.search(rf"(\w+)\s*=\s*{re.escape(wrong)}\b", self.command_text)
        return f"{found[1]}='{wrong}'" if found else f"'{wrong}'"

    # Libraries

    def _alternative(self) -> str:
        return _ALTERNATIVES.get(self._wrong(), "Another way has to be found.")

    def _close_fragments(self) -> str:
        folder = Path(os.environ.get("PYMOL_DATA", "")) / "chempy" / "fragments"
        return _named(difflib.get_close_matches(self._wrong(), [file.stem for file in folder.glob("*.pkl")], n=4))

    def _close_wizards(self) -> str:
        folder = Path(pymol.wizard.__path__[0])
        return _named(difflib.get_close_matches(self._wrong(), [file.stem for file in folder.glob("*.py")], n=3))

    def _close_functions(self) -> str:
        module, wrong = self.error[1], self.error[2]
        known = [name for name in dir(getattr(pymol, module)) if not name.startswith("_")]
        return _named([f"{module}.{name}" for name in difflib.get_close_matches(wrong, known, n=3)])


def short_signature(name: str, function: Any) -> str:
    """How a command is typed: `distance [name [, selection1 [, selection2 ...]]]`; what has a default is optional."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return name
    shown = [item for item in parameters if not item.name.startswith("_") and item.name != "quiet"]
    words = [item.name if item.default is inspect.Parameter.empty else f"{item.name}={item.default}" for item in shown]
    return f"{name} {', '.join(words[:8])}{', ...' if len(words) > 8 else ''}".strip()


@functools.cache
def _settings() -> list[str]:
    return list(pymol_setting.index_dict)


def _named(names: Iterable[str], *, limit: int = _MAX_NAMED, word: str = ", ") -> str:
    return word.join(list(dict.fromkeys(names))[:limit])


def _first(cmd: Any, text: str) -> commands.Command:
    found = commands.parse(cmd, text)
    return found[0] if found else commands.Command(name="", text=text, kind="python")


def _never() -> re.Match[str]:
    raise AssertionError("an empty pattern always matches")
