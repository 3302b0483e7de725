"""The camera flies to what a link points at, and something is done before it has arrived."""

import os
from pathlib import Path

import panel
from pymol import cmd
from pymol.gui import get_qtwindow

from pymolcode_plugin.agent.pointing import Pointing


def is_at(view):
    return all(abs(one - two) < 1e-3 for one, two in zip(cmd.get_view(), view, strict=True))


async def under_way(app, selection):
    """Fly, and come back when the camera is between where it was and where it goes."""
    start = cmd.get_view()
    await Pointing(app.gateway).show(selection)
    flight = app.gateway._camera._flight
    await panel.until(lambda: not is_at(start), "the camera has left")
    return flight


async def fly(app):
    cmd.load(str(Path(os.environ["PYMOL_DATA"]) / "tut" / "1hpv.pdb"))
    await panel.painted()
    cmd.turn("y", 40)
    flight = await under_way(app, "chain A and resi 25")
    on_the_way = []

    def has_arrived():
        on_the_way.append(cmd.get_view())
        return is_at(flight.target)

    await panel.until(has_arrived, "the camera has arrived")
    seen = {
        "n_views": len(set(on_the_way)),
        "all_on_the_way": all(flight.passes(view) for view in on_the_way),
    }

    flight = await under_way(app, "chain B and resi 50")
    seen["is_under_way"] = not is_at(flight.target)
    before = await app.gateway.keep()
    seen["arrived"] = is_at(flight.target)
    await app.gateway.run_commands("color red, chain A")
    after = await app.gateway.keep()
    seen["changed"] = (await app.gateway.compare(before.number, after.number)).text

    await under_way(app, "chain A and resi 25")
    mouse = get_qtwindow().pymolwidget.pymol  # what the widget tells of the mouse
    mouse.button(0, 0, 200, 200, 0)
    for x in range(210, 300, 10):
        mouse.drag(x, 200, 0)
        await panel.painted()
    mouse.button(0, 1, 290, 200, 0)
    await panel.painted()
    turned = cmd.get_view()
    await app.gateway.keep()
    seen["stays_as_turned"] = is_at(turned)
    return seen


panel.script(fly)
