"""Whatever the tools did in a turn, undoing the turn brings the session back as it was."""

from __future__ import annotations

import random

import pytest

SELECTIONS = ("organic", "chain A", "polymer and resi 20-40", "solvent", "name CA", "1hpv")


def any_calls(chance: random.Random):
    """Endless calls of tools that change the scene; some of them fail, as a model's do."""
    selection = lambda: chance.choice(SELECTIONS)  # noqa: E731
    name = lambda: f"thing{chance.randrange(4)}"  # noqa: E731
    makers = (
        lambda: ("show", {"selection": selection(), "representation": chance.choice(["sticks", "spheres", "dots"])}),
        lambda: (
            "show",
            {"selection": selection(), "representation": "cartoon", "mode": chance.choice(["as", "hide"])},
        ),
        lambda: ("color", {"selection": selection(), "color": chance.choice(["red", "chain", "element", "0x102030"])}),
        lambda: ("color", {"selection": selection(), "color": "b", "minimum": 5, "maximum": 60}),
        lambda: ("label", {"selection": f"({selection()}) and resi 1-50", "text": chance.choice(["residue", "name"])}),
        lambda: ("set", {"setting": "sphere_scale", "value": "0.4", "selection": selection()}),
        lambda: ("set", {"setting": "bg_rgb", "value": chance.choice(["white", "grey80"])}),
        lambda: ("select", {"name": name(), "selection": selection()}),
        lambda: ("view", {"action": chance.choice(["zoom", "orient", "center"]), "selection": selection()}),
        lambda: ("view", {"action": "turn", "amount": chance.randrange(-90, 90)}),
        lambda: ("measure", {"what": "distance", "selections": [selection(), "organic"], "draw": name()}),
        lambda: ("objects", {"action": chance.choice(["create", "extract"]), "name": name(), "source": selection()}),
        lambda: ("objects", {"action": chance.choice(["disable", "ungroup", "enable"]), "name": name()}),
        lambda: ("objects", {"action": "rename", "name": name(), "source": name()}),
        lambda: ("objects", {"action": "group", "name": "several", "source": f"1hpv {name()}"}),
        lambda: ("delete", {"names": [name()]}),
        lambda: ("delete", {"atoms": chance.choice(["solvent", "chain B and resi 1-20"])}),
        lambda: ("alter", {"selection": selection(), "property": "b", "value": "=b/2"}),
        lambda: ("alter", {"selection": "chain B", "property": "resi", "value": "=str(resv+200)"}),
        lambda: ("align", {"mobile": name(), "target": "1hpv", "method": chance.choice(["align", "super"])}),
        lambda: ("symmetry", {"action": "cell", "object": "1hpv"}),
        lambda: ("movie", {"action": "roll", "frames": 20}),
    )
    while True:
        yield chance.choice(makers)()


def state(cmd):
    """Everything that must come back, read from PyMOL by other means than the history's."""
    atoms = []
    expression = "(model, chain, resi, resn, name, b, ss, color, reps, label, s['sphere_scale'])"
    cmd.iterate("all", f"atoms.append({expression})", space={"atoms": atoms})
    xyz = []
    cmd.iterate_state(0, "all", "xyz.append((x, y, z))", space={"xyz": xyz})
    return {
        "names": cmd.get_names("all"),
        "enabled": cmd.get_names("public_objects", enabled_only=1),
        "selections": {name: cmd.count_atoms(f"%{name}") for name in cmd.get_names("public_selections")},
        "atoms": atoms,
        "coordinates": xyz,
        "background": cmd.get_setting_text("bg_rgb"),
        "frames": cmd.count_frames(),
        "view": [round(value, 3) for value in cmd.get_view()],
    }


@pytest.mark.parametrize("seed", range(6))
async def test_undoing_a_turn_restores_the_session_whatever_it_did(call, hiv_protease, seed):
    before = state(hiv_protease)
    calls = any_calls(random.Random(seed))
    results = [await call(name, **arguments) for name, arguments in (next(calls) for _ in range(15))]
    changed = [result for result in results if result.diff]
    assert changed, [result.error for result in results]
    assert state(hiv_protease) != before
    await call.undo()
    assert state(hiv_protease) == before
