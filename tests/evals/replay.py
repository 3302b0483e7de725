"""`python -m tests.evals.replay [--number N|all] [--only ID,ID] [--kinds pml,py,ipynb]`: exported and replayed.

The requests that one works with and that need no model run through the door; those that ran something are exported as
.pml, .py and .ipynb, and each script is run in a fresh PyMOL of its own: scene and camera must come out the same.
"""

import argparse
import asyncio
import contextlib
import itertools
import os
import sys
import tempfile
import time
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent
KINDS = ("pml", "py", "ipynb")
N_REQUESTS = 40  # taken evenly; `all` takes all of them


class NeedsModel(Exception):
    """The request is not read by rules alone."""


class _NoModel:
    async def complete(self, _prompt, *, grammar, max_tokens):
        raise NeedsModel

    async def warm(self, _prefix):
        return 0.0


class _Yes:
    async def ask(self, _question):
        from pymolcode_plugin.core.ports import Answer

        return Answer(allowed=True)

    async def choose(self, *, call_id, question, choices):
        return ""


class Chat:
    """One conversation without a model: the compact profile, the real door, the events."""

    def __init__(self, gateway, folder):
        from pymolcode_plugin.agent.approvals import Policy, Rules
        from pymolcode_plugin.agent.compact.compact_profile import CompactProfile
        from pymolcode_plugin.agent.door import Door
        from pymolcode_plugin.tools.catalogue import TOOLS, Catalogue

        catalogue = Catalogue(TOOLS)
        policy = Policy(Rules(folder / "rules.yaml"))
        self.events = []
        self.scene = gateway
        self._numbers = itertools.count(1)
        self._turn = None
        self.door = Door(
            catalogue.find, catalogue.names, gateway, gateway, _Yes(), policy, working_folder=lambda: str(folder)
        )
        self._profile = CompactProfile(_NoModel(), gateway, self._call)

    async def say(self, text):
        from pymolcode_plugin.agent.door import Turn
        from pymolcode_plugin.core.events import TurnStarted

        self._turn = Turn(f"turn{next(self._numbers)}", self.events.append)
        self.events.append(TurnStarted(turn_id=self._turn.turn_id, text=text))
        await self.door.look_again()
        await self._profile.run(self._turn.turn_id, text, self.events.append)

    @property
    def ran(self):
        return any(event.commands for event in self.events if event.kind == "step_finished")

    async def _call(self, call_id, name, arguments):
        return await self.door.call(self._turn, f"{self._turn.turn_id}.{call_id}", name, arguments)


async def replayed(chat, folder, kinds):
    """What differs after a replay, what PyMOL complained of in it, and what no command said; empty as it should be."""
    from pymolcode_plugin.databases.fetch import cache_folder
    from pymolcode_plugin.session.export import exporter
    from pymolcode_plugin.session.export.plan import Place

    out = Path(folder) / "export"
    out.mkdir()
    now = await chat.scene.keep()
    exported = exporter.Chat("A request", tuple(chat.events), chat.door.kept_steps, now)
    place = Place(out, "eval", cache_folder())
    done = await exporter.export_scripts(exported, kinds, chat.scene.replaying, place)
    differ = [
        f"{Path(path).name}: {text}"
        for path, proof in done.proofs.items()
        for text in (*proof.differences, *(f"said {error}" for error in proof.errors))
    ]
    return differ + [f"left to the whole scene: {text}" for text in done.plan.not_said]


async def run(cmd, *, number=N_REQUESTS, only=(), kinds=KINDS):
    """Print what came of it; True where all replay exactly."""
    from pymolcode_plugin.scene.gateway import Gateway
    from pymolcode_plugin.scene.headless_drain import make_executor

    cases = yaml.safe_load((FOLDER / "dev.yaml").read_text())
    if only:
        cases = [case for case in cases if case["id"] in only]
    wanted = len(cases) if number == "all" else int(number)
    executor = make_executor(asyncio.get_running_loop())
    started, n_exact, failed, n_ran = time.monotonic(), 0, {}, 0
    for at, case in enumerate(cases):
        n_left = wanted - n_exact - len(failed)
        if n_left <= 0 or (at * wanted) // len(cases) < n_exact + len(failed):
            continue
        wrong = await _case(cmd, Gateway(executor, cmd), case, kinds)
        if wrong is None:
            continue
        n_ran += 1
        if wrong:
            failed[case["id"]] = wrong
            print(f"FAIL {case['id']}", *wrong, sep="\n       ", flush=True)
        else:
            n_exact += 1
    seconds = time.monotonic() - started
    as_what = ", ".join(f".{kind}" for kind in kinds)
    print(f"Exported as {as_what}, {n_exact} of {n_ran} requests replay exactly; {seconds:.0f} s.", flush=True)
    return not failed and n_ran > 0


async def _case(cmd, gateway, case, kinds):
    """What is wrong with the replay; None where nothing ran that could be replayed, or only a model knows what."""
    from .__main__ import _FILES, _chdir

    cmd.reinitialize()
    with tempfile.TemporaryDirectory() as folder, _chdir(folder):
        for name in case["load"]:
            cmd.load(str(Path(os.environ["PYMOL_DATA"]) / _FILES[name]), name, quiet=1)
        chat = Chat(gateway, Path(folder))
        requests = case["request"] if isinstance(case["request"], list) else [case["request"]]
        with contextlib.suppress(NeedsModel):
            for request in requests:
                await chat.say(request)
            return await replayed(chat, folder, kinds) if chat.ran else None
    return None


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.evals.replay", description=__doc__)
    parser.add_argument("--number", default=str(N_REQUESTS))
    parser.add_argument("--only", default="", help="ids, separated by commas")
    parser.add_argument("--kinds", default=",".join(KINDS))
    options = parser.parse_args()
    import pymol

    pymol.invocation.parse_args(["pymol", "-cqk"])
    from pymol import cmd

    cmd.feedback("disable", "all", "actions results")
    with tempfile.TemporaryDirectory() as home:
        os.environ["PYMOLCODE_HOME"] = home
        only = set(options.only.split(",")) - {""}
        met = asyncio.run(run(cmd, number="all" if only else options.number, only=only, kinds=options.kinds.split(",")))
    sys.stdout.flush()
    os._exit(0 if met else 1)  # PyMOL's own way out aborts after a scene was recalled without a window


if __name__ == "__main__":
    main()
