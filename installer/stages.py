"""What `run`, `test`, `check`, `bench` and `eval` do, stage by stage, in the environment."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import bindings, display, environment, npm, system_libraries, versions
from .steps import StepFailed, passthrough, say

CLI = ("-m", "pymolcode_plugin.cli.main")
DEMO_FOLDER = "demo-output"
WEIGHTS = "PYMOLCODE_WEIGHTS"
LOG = "~/.pymolcode/logs/pymolcode.log"
# Each runs even where an earlier one failed, so that one run shows everything.
CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ruff check", ("ruff", "check", ".")),
    ("ruff format", ("ruff", "format", "--check", ".")),
    ("mypy", ("mypy",)),
    ("import-linter", ("lint-imports",)),
)
BENCH = ("-m", "tests.bench")
EVALS = ("-m", "tests.evals")
# Two and more tests at a time; those of a file share what they start, and stay together.
SIDE_BY_SIDE = ("-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder")
# Tests whose servers are missing fail then instead of being skipped; see tests/node_servers.py.
SERVERS_REQUIRED = {"TEST_SERVERS_REQUIRED": "1"}


def run(root: Path, arguments: Sequence[str]) -> int:
    """Start PyMOL with the panel; without a display, record a sample conversation instead."""
    virtual = display.absent()
    system_libraries.ensure(virtual_display=virtual)
    python = environment.ensure(root, environment.FOR_RUN)
    _fetch_weights(root, python)
    if not virtual:
        return passthrough([python, *CLI, *arguments], cwd=Path.cwd(), env=os.environ)
    say("There is no display: recording a sample conversation on a virtual one.")
    output = root / DEMO_FOLDER
    with display.private() as env:
        code = passthrough([python, *CLI, "demo", "--out", output], cwd=root, env=env)
    if code != 0:
        raise StepFailed(
            "Recording the sample conversation",
            f"it ended with code {code}",
            f"Read the lines above and {LOG}.",
        )
    say(f"\nLeft in {output}:")
    for path in sorted(output.iterdir()):
        say(f"  {path.name:16} {path.stat().st_size / 1000:10,.1f} kB")
    return 0


def only(root: Path, name: str) -> int:
    """One of `check`, `bench` and `eval`, in an environment for tests."""
    if name != "check":
        system_libraries.ensure(virtual_display=True, tests=True)
    python = _for_tests(root)
    if name == "check":
        return _summary(check(root, python))
    weights = _fetch_weights(root, python)
    with display.private() as env:
        return passthrough([python, *(BENCH if name == "bench" else EVALS)], cwd=root, env=env | {WEIGHTS: weights})


def test(root: Path, arguments: Sequence[str]) -> int:
    """Everything: the environment, the weights, the checks, the tests, the benchmarks and the evals."""
    results = Results()
    with results.stage("environment"):
        system_libraries.ensure(virtual_display=True, tests=True)
        python = _for_tests(root)
    results.extend(check(root, python))
    weights = ""
    with results.stage("weights", go_on=True):
        weights = _fetch_weights(root, python)
    with display.private() as env:
        env |= {WEIGHTS: weights, **SERVERS_REQUIRED}
        pytest: list[str | Path] = [python, "-m", "pytest", "-q", "--durations=15", *(arguments or SIDE_BY_SIDE)]
        results.command("pytest", pytest, root, env)
        if not arguments:
            other_versions(root, results)
            other_bindings(root, python, results, env)
            results.command("bench", [python, *BENCH], root, env)
            results.command("eval", [python, *EVALS], root, env)
    return _summary(results)


def other_versions(root: Path, results: Results) -> None:
    """The tests of sign-in and wire formats again, on the lowest versions and on the oldest Python."""
    makers = {"lowest versions": versions.lowest, "oldest Python": versions.on_oldest}
    with ThreadPoolExecutor() as pool:  # pip waits for the network half of the time
        making = {name: pool.submit(make, root) for name, make in makers.items()}
        for name, made in making.items():
            with results.stage(f"{name}, made", go_on=True):
                made.result()
    for name, made in making.items():
        if made.exception() is not None:
            continue
        python = made.result()
        if python is None:
            say(f"{name}: not run, this machine has no Python for it besides the one that runs this")
            continue
        say(versions.described(python))
        pytest: list[str | Path] = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", versions.MARK]
        results.command(name, [*pytest, *SIDE_BY_SIDE, *versions.marked(root)], root, os.environ | SERVERS_REQUIRED)


def other_bindings(root: Path, python: Path, results: Results, env: Mapping[str, str]) -> None:
    """PyMOL's window with the panel on the Qt bindings that the environment for tests does not have."""
    tests = root / "tests" / "panel" / "test_bindings.py"
    for name in bindings.BINDINGS:
        made = None
        with results.stage(f"{name}, made", go_on=True):
            made = bindings.ensure(root, name, python)
        if made is not None:
            more = {bindings.PYTHON: str(made), "QT_API": name}
            command: list[str | Path] = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", bindings.MARK]
            results.command(name, [*command, tests], root, {**env, **more})


def check(root: Path, python: Path) -> Results:
    """Every static check; none of them needs a display or a model."""
    results = Results()
    for name, (program, *arguments) in CHECKS:
        results.command(name, [environment.script(python, program), *arguments], root, os.environ)
    return results


class Results:
    """What ran, whether it succeeded, and how long it took."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, bool, float]] = []

    def command(self, name: str, command: Sequence[str | Path], root: Path, env: Mapping[str, str]) -> None:
        """Run one command as a stage; a failure is recorded and the next stage runs."""
        say(f"\n== {name}")
        started = time.monotonic()
        code = passthrough(command, cwd=root, env=env)
        self.rows.append((name, code == 0, time.monotonic() - started))

    @contextlib.contextmanager
    def stage(self, name: str, *, go_on: bool = False) -> Iterator[None]:
        """Time a stage; its failure ends the run unless `go_on` says that the next ones can do without."""
        say(f"\n== {name}")
        started, ok = time.monotonic(), False
        try:
            yield
            ok = True
        except StepFailed as failure:
            if not go_on:
                raise
            say(failure.text)
        finally:
            self.rows.append((name, ok, time.monotonic() - started))

    def extend(self, other: Results) -> None:
        """Take over what another run recorded."""
        self.rows += other.rows


def _for_tests(root: Path) -> Path:
    """The Python of the environment for tests, with the servers that they start."""
    python = environment.ensure(root, environment.FOR_TEST)
    npm.ensure(root, python)
    return python


def _summary(results: Results) -> int:
    say("\n== Summary")
    for name, ok, seconds in results.rows:
        say(f"  {'ok    ' if ok else 'FAILED'}  {name:16} {seconds:7.1f} s")
    say(f"          {'total':16} {sum(row[2] for row in results.rows):7.1f} s")
    failed = [name for name, ok, _ in results.rows if not ok]
    if failed:
        say(f"FAILED: {', '.join(failed)}. The lines above say why.")
    return 1 if failed else 0


def _fetch_weights(root: Path, python: Path) -> str:
    """Get the built-in model unless another one is configured; returns the path of its file, or nothing.

    Raises:
        StepFailed: It could not be had from any source.
    """
    given = os.environ.get(WEIGHTS, "")
    if given:
        return given
    code = passthrough([python, *CLI, "model", "fetch", "--if-needed"], cwd=root, env=os.environ)
    if code != 0:
        raise StepFailed(
            "Getting the built-in model",
            f"the download ended with code {code}",
            f"Run the same command again: it resumes. Or set {WEIGHTS} to a .gguf file, or OPENAI_BASE_URL,"
            " OPENAI_API_KEY and PYMOLCODE_MODEL to a model you have.",
        )
    found = subprocess.run([python, *CLI, "model", "path"], cwd=root, stdout=subprocess.PIPE, text=True, check=False)
    return found.stdout.strip() if found.returncode == 0 else ""
