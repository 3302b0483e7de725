"""Looks at the end state of a session, never at a model's words: objects, colours, representations, view, files.

A number counts as answered when a step gave it, read from PyMOL.
"""

import math
import re
from dataclasses import dataclass, field
from pathlib import Path

_LABELS = 1 << 3
_KEY = "model, segi, chain, resi, resn, name, alt"
_REPRESENTATIONS = (
    "sticks",
    "spheres",
    "surface",
    "mesh",
    "dots",
    "cartoon",
    "ribbon",
    "lines",
    "nonbonded",
    "nb_spheres",
)


@dataclass
class Outcome:
    """What a case left behind, beside the scene itself."""

    steps: list[str] = field(default_factory=list)  # texts the steps gave
    said: str = ""
    refusals: tuple[str, ...] = ()
    folder: Path = Path()

    @property
    def given(self):
        return "\n".join(self.steps)


class Before:
    """The scene before the request."""

    def __init__(self, cmd, checks):
        self.n_kept = {
            text: cmd.count_atoms(text) for check in checks for name, text in check.items() if name == "n_atoms_kept"
        }
        self.atoms = _atoms(cmd, "all")
        self.objects = tuple(cmd.get_names("public_objects"))
        self.view = cmd.get_view()
        self.settings = {
            name: cmd.get(name) for name in ("bg_rgb", "transparency", "cartoon_transparency", "stick_radius")
        }

    def differs(self, cmd):
        settings = {name: cmd.get(name) for name in self.settings}
        return (
            self.atoms != _atoms(cmd, "all")
            or self.objects != tuple(cmd.get_names("public_objects"))
            or settings != self.settings
        )


def failures(cmd, checks, before, outcome):
    """What is not as it should be; empty when all is."""
    return [
        f"{name}: {wanted}"
        for check in checks
        for name, wanted in check.items()
        if not _CHECKS[name](cmd, wanted, before, outcome)
    ]


def _atoms(cmd, selection):
    found = {}

    def note(key, color, reps, *xyz):
        found[key] = (color, reps & ~_LABELS, *xyz)  # a label is an addition, not a change of how an atom is shown

    cmd.iterate_state(-1, selection, f"note(({_KEY}), color, reps, x, y, z)", space={"note": note})
    return found


def _values(cmd, selection, expression):
    found = []
    cmd.iterate(selection, f"note({expression})", space={"note": found.append})
    return found


def _as_list(value):
    return value if isinstance(value, list) else [value]


def _same_color(cmd, index, name):
    return all(abs(a - b) < 0.02 for a, b in zip(cmd.get_color_tuple(index), cmd.get_color_tuple(name), strict=True))


def _color(cmd, wanted, _before, _outcome):
    colors = set(_values(cmd, wanted["selection"], "color"))
    return bool(colors) and all(
        any(_same_color(cmd, index, name) for name in _as_list(wanted["is"])) for index in colors
    )


def _unchanged(cmd, selection, before, _outcome):
    after = _atoms(cmd, selection)
    return all(before.atoms.get(key, values)[:2] == values[:2] for key, values in after.items())


def _share(cmd, selection, rep):
    n = cmd.count_atoms(selection)
    return cmd.count_atoms(f"({selection}) and rep {rep}") / n if n else 0.0


def _rep(cmd, wanted, _before, _outcome):
    has = all(_share(cmd, wanted["selection"], rep) > 0.9 for rep in wanted.get("has", ()))
    return has and all(_share(cmd, wanted["selection"], rep) == 0 for rep in wanted.get("lacks", ()))


def _only_rep(cmd, wanted, _before, _outcome):
    others = [rep for rep in _REPRESENTATIONS if rep not in wanted["is"]]
    return all(_share(cmd, wanted["selection"], rep) > 0.9 for rep in wanted["is"]) and all(
        _share(cmd, wanted["selection"], rep) == 0 for rep in others
    )


def _residue_names(cmd, selection):
    return set(_values(cmd, selection, "(resn, chain, resi)"))


def _answer_residues(cmd, wanted, _before, outcome):
    expected = {f"{resn} {chain}/{resi}" for resn, chain, resi in _residue_names(cmd, wanted["selection"])}
    found = set(re.findall(r"\w+ \w*/-?\d+\w?", outcome.given))
    right = len(expected & found)
    return bool(found) and right >= wanted["share"] * len(expected) and right >= wanted["share"] * len(found)


def _numbers(text):
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d{3})", "", text))]


def _answer_number(cmd, wanted, _before, outcome):
    ((unit, selection),) = wanted.items()
    n = {
        "atoms": lambda: cmd.count_atoms(selection),
        "residues": lambda: len(_residue_names(cmd, selection)),
        "chains": lambda: len({(m, c) for m, c in _values(cmd, selection, "(model, chain)")}),
    }[unit]()
    return n in _numbers(outcome.given)


def _answer_distance(cmd, wanted, _before, outcome):
    expected = cmd.get_distance(*wanted)
    return any(abs(number - expected) < 0.02 for number in _numbers(outcome.given))


def _answer_sequence(cmd, selection, _before, outcome):
    expected = "".join(line for line in cmd.get_fastastr(selection).splitlines() if not line.startswith(">"))
    return expected in re.sub(r"\s", "", outcome.given)


def _answer_has(_cmd, wanted, _before, outcome):
    return all(re.search(rf"(?<!\w){re.escape(str(word))}(?!\w)", outcome.given) for word in _as_list(wanted))


def _answer_mean_b(cmd, selection, _before, outcome):
    values = _values(cmd, selection, "b")
    return any(abs(number - sum(values) / len(values)) < 0.1 for number in _numbers(outcome.given))


def _answer_area(cmd, wanted, _before, outcome):
    cmd.set("dot_solvent", int(wanted["solvent"]))
    expected = cmd.get_area(wanted["selection"])
    cmd.set("dot_solvent", 0)
    return any(abs(number - expected) < 0.02 * expected for number in _numbers(outcome.given))


def _background(cmd, wanted, _before, _outcome):
    return any(
        all(
            abs(a - b) < 0.02
            for a, b in zip(cmd.get_setting_tuple("bg_rgb")[1], cmd.get_color_tuple(name), strict=True)
        )
        if len(cmd.get_setting_tuple("bg_rgb")[1]) == 3
        else _same_color(cmd, cmd.get_setting_int("bg_rgb"), name)
        for name in _as_list(wanted)
    )


def _hidden_atoms(cmd, selection, _before, _outcome):
    return not any(_values(cmd, selection, "reps"))


def _view_of(cmd, selection, _before, _outcome):
    found = cmd.get_view()
    cmd.zoom(selection)
    wanted = cmd.get_view()
    cmd.set_view(found)
    ratio = found[11] / wanted[11]
    return math.dist(found[12:15], wanted[12:15]) < 5 and (0.5 < ratio < 2 or abs(found[11] - wanted[11]) < 30)


def _centered_on(cmd, selection, _before, _outcome):
    found = cmd.get_view()
    cmd.center(selection)
    wanted = cmd.get_view()
    cmd.set_view(found)
    return math.dist(found[12:15], wanted[12:15]) < 3


def _view_oriented(cmd, selection, _before, _outcome):
    found = cmd.get_view()
    cmd.orient(selection)
    wanted = cmd.get_view()
    cmd.set_view(found)
    return all(abs(abs(a) - abs(b)) < 0.05 for a, b in zip(found[:9], wanted[:9], strict=True))


def _rotated(cmd, wanted, before, _outcome):
    found = cmd.get_view()
    for sign in (1, -1):
        cmd.set_view(before.view)
        cmd.turn(wanted["axis"], sign * wanted["angle"])
        expected = cmd.get_view()
        if all(abs(a - b) < 0.02 for a, b in zip(found[:9], expected[:9], strict=True)):
            cmd.set_view(found)
            return True
    cmd.set_view(found)
    return False


def _color_by(cmd, wanted, _before, _outcome):
    key = wanted["key"]
    if key in ("b", "rainbow"):
        return len(set(_values(cmd, wanted["selection"], "color"))) >= wanted.get("n_colors", 5)
    groups = {}
    for value, color in _values(cmd, wanted["selection"], f"({key if key != 'element' else 'elem'}, color)"):
        groups.setdefault(value if key != "ss" or value in ("H", "S") else "L", set()).add(color)
    return (
        len(groups) > 1
        and all(len(colors) == 1 for colors in groups.values())
        and len(set.union(*groups.values())) == len(groups)
    )


def _setting(cmd, wanted, _before, _outcome):
    selection = wanted.get("selection", "all")
    values = _values(cmd, selection, f"s.{wanted['name']}")
    values += [
        bond[2] for _, bonds in cmd.get_bond(wanted["name"], selection) or [] for bond in bonds if bond[2] is not None
    ]
    return any(abs(float(value) - float(wanted["value"])) < 0.011 for value in values)


def _labels(cmd, wanted, _before, _outcome):
    labels = _values(cmd, wanted["selection"], "label")
    return bool(labels) and all(labels)


def _selection(cmd, wanted, _before, _outcome):
    names = cmd.get_names("public_selections") if wanted["name"] == "*" else [wanted["name"]]
    found = [
        set(_values(cmd, f"%{name}", "(model, index)")) for name in names if name in cmd.get_names("public_selections")
    ]
    return any(atoms == set(_values(cmd, text, "(model, index)")) for atoms in found for text in wanted["equals_any"])


def _file(_cmd, name, _before, outcome):
    return (outcome.folder / name).is_file() and (outcome.folder / name).stat().st_size > 0


def _n_atoms(cmd, wanted, before, outcome):
    selection = wanted["selection"]
    return cmd.count_atoms(selection) == wanted["is"] or (
        wanted.get("or_hidden", False) and _hidden_atoms(cmd, selection, before, outcome)
    )


def _n_atoms_kept(cmd, selection, before, _outcome):
    now = set(_atoms(cmd, selection))
    return bool(now) and now <= set(before.atoms) and len(now) == before.n_kept[selection]


def _measurement(cmd, _wanted, _before, _outcome):
    return any(cmd.get_type(name) == "object:measurement" for name in cmd.get_names("public_objects"))


def _objects(cmd, wanted, _before, _outcome):
    return set(cmd.get_names("public_objects")) == set(wanted)


def _enabled(cmd, name):
    return name in cmd.get_names("public_objects", enabled_only=1)


def _moved(cmd, name, before, _outcome):
    return any(before.atoms.get(key, values)[2:] != values[2:] for key, values in _atoms(cmd, name).items())


def _refused(cmd, _wanted, before, outcome):
    return not outcome.steps and not before.differs(cmd) and any(text in outcome.said for text in outcome.refusals)


_CHECKS = {
    "color": _color, "unchanged": _unchanged, "rep": _rep, "only_rep": _only_rep, "answer_residues": _answer_residues,
    "answer_number": _answer_number, "answer_distance": _answer_distance, "answer_sequence": _answer_sequence,
    "answer_has": _answer_has, "answer_mean_b": _answer_mean_b, "answer_area": _answer_area, "background": _background,
    "hidden_atoms": _hidden_atoms, "view_of": _view_of, "centered_on": _centered_on, "view_oriented": _view_oriented,
    "rotated": _rotated, "color_by": _color_by, "setting": _setting, "labels": _labels, "selection": _selection,
    "file": _file, "n_atoms": _n_atoms, "n_atoms_kept": _n_atoms_kept, "measurement": _measurement, "objects": _objects,
    "has_object": lambda cmd, name, *_: name in cmd.get_names("public_objects"),
    "hidden": lambda cmd, name, *_: not _enabled(cmd, name), "visible": lambda cmd, name, *_: _enabled(cmd, name),
    "moved": _moved, "not_moved": lambda *given: not _moved(*given), "refused": _refused,
    "nothing_changed": lambda cmd, _wanted, before, _outcome: not before.differs(cmd),
    "changed": lambda cmd, _wanted, before, _outcome: before.differs(cmd),
}  # fmt: skip
