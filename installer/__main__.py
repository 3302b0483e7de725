"""The command line: `python3 -m installer run | test | check | bench | eval | zip | install`."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

if sys.version_info < (3, 10):  # noqa: UP036  # the reader may start it with any Python
    sys.exit(f"pymolcode needs Python 3.10 or newer. Run it as: python3.12 -m installer {' '.join(sys.argv[1:])}")

from . import archive, into, stages
from .steps import StepFailed

ROOT = Path(__file__).resolve().parents[1]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; every failure names the step, the reason and the remedy."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the private display is ended too
    try:
        return int(options.run(options))
    except StepFailed as failure:
        print(f"\n{failure.text}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m installer", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="make the environment, get the built-in model, start PyMOL")
    run.add_argument(
        "arguments",
        nargs="*",
        help="PyMOL's own arguments, e.g. files to open (after -- if they start with -)",
    )
    run.set_defaults(run=lambda options: stages.run(ROOT, options.arguments))

    test = commands.add_parser("test", help="make the environment, run every check and every test")
    test.add_argument("arguments", nargs="*", help="pytest's own arguments, after --")
    test.set_defaults(run=lambda options: stages.test(ROOT, options.arguments))

    for name, text in (
        ("check", "ruff, mypy, import-linter"),
        ("bench", "the benchmarks"),
        ("eval", "the requests"),
    ):
        command = commands.add_parser(name, help=f"make the environment, run {text}")
        command.set_defaults(run=lambda options: stages.only(ROOT, options.command))

    build = commands.add_parser("zip", help="build the archive for PyMOL's Plugin Manager in dist/")
    build.set_defaults(run=lambda _options: archive.main(ROOT))

    install = commands.add_parser("install", help="install into the Python of a PyMOL you have")
    install.add_argument("--into", metavar="PYTHON", required=True, help="that PyMOL's Python interpreter")
    install.set_defaults(run=lambda options: into.install(ROOT, options.into))
    return parser


if __name__ == "__main__":
    sys.exit(main())
