"""`python -m tests.evals [--split dev|held-out|all] [--only ID,ID] [--show] [--model-only]`: everyday requests.

Scored by the end state of the session; then some of them are exported and replayed (`tests.evals.replay`).

Runs the real conversation (door, queue, built-in model) on a headless PyMOL. Fails below the goal.
"""

import argparse
import asyncio
import contextlib
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import yaml

from . import replay
from .checks import Before, Outcome, failures

FOLDER = Path(__file__).parent
GOAL_SHARE = 0.8
GOAL_SECONDS = 5.0
_FILES = {"1hpv": "tut/1hpv.pdb", "1tii": "demo/1tii.pdb", "il2": "demo/il2.pdb", "pept": "demo/pept.pkl"}


class _Yes:
    async def ask(self, _question):
        from pymolcode_plugin.core.ports import Answer

        return Answer(allowed=True)


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.evals", description=__doc__)
    parser.add_argument("--split", choices=("dev", "held-out", "all"), default="all")
    parser.add_argument("--only", default="", help="ids, separated by commas")
    parser.add_argument("--show", action="store_true", help="what was done and said in each case")
    parser.add_argument("--model-only", action="store_true", help="every request goes to the model")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        os.environ["PYMOLCODE_HOME"] = os.environ.get("PYMOLCODE_EVAL_HOME", home)
        os.environ.setdefault("PYMOLCODE_MODEL", "builtin")
        return asyncio.run(_run(options))


async def _run(options):
    cmd, conversation, events = _session()
    if options.model_only:
        from pymolcode_plugin.agent.compact import compact_profile

        compact_profile.read_steps = lambda *_: None
    await conversation.brain.prepare()
    print(f"Model: {conversation.brain.title}")
    splits = ("dev", "held_out") if options.split == "all" else (options.split.replace("-", "_"),)
    only = set(options.only.split(",")) - {""}
    totals = []
    for split in splits:
        cases = [
            case for case in yaml.safe_load((FOLDER / f"{split}.yaml").read_text()) if not only or case["id"] in only
        ]
        rows = [
            await _case(cmd, conversation, events, case, quiet=split == "held_out" and not only, show=options.show)
            for case in cases
        ]
        totals.append((split, rows))
    await conversation.aclose()
    met = True
    heads = f"{'requests':10} {'passed':>14} {'at once':>9} {'by the model':>13} {'median s':>9} {'max s':>6}"
    print(f"\n{heads} {'median s, model':>16}")
    everything = [row for _, rows in totals for row in rows]
    for split, scored in [*totals, ("all", everything)]:
        with_model, at_once = [row for row in scored if row[2]], [row for row in scored if not row[2]]
        times = [row[1] for row in scored]
        share, median = _n_passed(scored) / len(scored), statistics.median(times)
        model_s = f"{statistics.median(row[1] for row in with_model):.1f}" if with_model else "-"
        print(
            f"{split:10} {_n_passed(scored):>4}/{len(scored)} {share:>5.0%} {_n_passed(at_once):>5}/{len(at_once)}"
            f" {_n_passed(with_model):>9}/{len(with_model)} {median:>9.2f} {max(times):>6.1f} {model_s:>16}"
        )
        met = met and share >= GOAL_SHARE and median <= GOAL_SECONDS
    print(f"Goal: {GOAL_SHARE:.0%} and a median of {GOAL_SECONDS:g} s: {'met' if met else 'MISSED'}")
    replays = bool(only) or await replay.run(cmd)
    return 0 if (met or only) and replays else 1


def _n_passed(rows):
    return sum(row[0] for row in rows)


async def _case(cmd, conversation, events, case, *, quiet, show):
    cmd.reinitialize()
    conversation.new_chat()
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder) if hasattr(contextlib, "chdir") else _chdir(folder),
    ):
        for name in case["load"]:
            cmd.load(str(Path(os.environ["PYMOL_DATA"]) / _FILES[name]), name, quiet=1)
        before = Before(cmd, case["check"])
        events.clear()
        seconds, asked = [], 0
        requests = case["request"] if isinstance(case["request"], list) else [case["request"]]
        profile = (await conversation.brain._current()).profile
        for request in requests:
            n_before, started = getattr(profile, "n_model_requests", 0), time.monotonic()
            await conversation.prompt(request)
            seconds.append(time.monotonic() - started)
            asked += getattr(profile, "n_model_requests", 1) - n_before
        outcome = _outcome(events, Path(folder))
        wrong = failures(cmd, case["check"], before, outcome)
    if not quiet:
        mark, by = "ok  " if not wrong else "FAIL", "model" if asked else "rules"
        print(f"{mark} {case['id']} {max(seconds):5.1f} s {by}  {' | '.join(requests)}")
        for line in wrong:
            print(f"       {line}")
        if show or wrong:
            done = [event.arguments.replace("\n", " / ") for event in events if event.kind == "step_started"]
            print(f"       did: {done}\n       said: {outcome.said.strip()[:300]!r}")
    return not wrong, max(seconds), bool(asked)


def _session():
    import pymol

    pymol.invocation.parse_args(["pymol", "-cqk"])
    from pymol import cmd

    from pymolcode_plugin import logs
    from pymolcode_plugin.agent.conversation import Conversation
    from pymolcode_plugin.config import paths
    from pymolcode_plugin.scene.gateway import Gateway
    from pymolcode_plugin.scene.headless_drain import make_executor
    from pymolcode_plugin.tools.catalogue import TOOLS

    logs.configure(paths.logs_folder())
    cmd.feedback("disable", "all", "actions results")
    events = []
    gateway = Gateway(make_executor(asyncio.get_running_loop()), cmd)
    return cmd, Conversation(TOOLS, gateway, _Yes(), events.append, sessions_folder=paths.sessions_folder()), events


def _outcome(events, folder):
    from pymolcode_plugin.agent.compact.answers import sentences

    return Outcome(
        steps=[event.text for event in events if event.kind == "step_finished"],
        said="".join(event.text for event in events if event.kind == "text_delta")
        + "".join(event.message for event in events if event.kind == "turn_finished"),
        refusals=tuple(sentences()["cannot"].values()),
        folder=folder,
    )


@contextlib.contextmanager
def _chdir(folder):
    """contextlib.chdir came with 3.11."""
    here = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)


if __name__ == "__main__":
    sys.exit(main())
