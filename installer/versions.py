"""Other environments that a part of the tests runs in: the lowest versions that pyproject.toml allows, and Python 3.10.

That part is marked `conformance`: sign-in, the store and the wire formats, which need no PyMOL.
"""

from __future__ import annotations

import glob
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from . import environment

MARK = "conformance"
OLDEST = (3, 10)
EXTRAS = frozenset({"test"})
_NAMED = ("pydantic-ai-slim", "openai", "anthropic", "google-genai", "httpx2", "pydantic")
_FLOOR = re.compile(r'^\s*"(?P<name>[\w.-]+)(?:\[[^]]*])?>=(?P<floor>[\w.]+)[^;"]*(?P<marker>;[^"]*)?"')
_VERSIONS = (
    "import sys, importlib.metadata as m\n"
    "print('Python', sys.version.split()[0], *(f'{name} {m.version(name)}' for name in sys.argv[1:]), sep=', ')"
)


def lowest(root: Path) -> Path:
    """The Python of an environment with every dependency at its floor.

    Raises:
        StepFailed: They cannot be installed together.
    """
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    return environment.ensure(root, EXTRAS, name=".env-lowest", constraints=floors(text))


def on_oldest(root: Path) -> Path | None:
    """The Python of an environment on the oldest version we support; None where this machine has no other than ours.

    Raises:
        StepFailed: The packages cannot be installed there.
    """
    base = oldest_python()
    return environment.ensure(root, EXTRAS, name=".env-oldest", base=base) if base else None


def floors(pyproject: str) -> str:
    """Constraints that pin each of `dependencies`, and of the extra `google`, to the lowest version it allows."""
    blocks = [pyproject.partition(f"\n{name} = [")[2].partition("\n]")[0] for name in ("dependencies", "google")]
    found = [match for block in blocks for match in map(_FLOOR.match, block.splitlines()) if match]
    return "".join(dict.fromkeys(f"{match['name']}=={match['floor']}{match['marker'] or ''}\n" for match in found))


def oldest_python() -> str:
    """An interpreter of the oldest version we support that really runs; empty where there is none."""
    if sys.version_info[:2] == OLDEST:
        return ""
    name = ".".join(map(str, OLDEST))
    by_pyenv = sorted(glob.glob(f"{os.environ.get('PYENV_ROOT', '')}/versions/{name}.*/bin/python3"))  # noqa: PTH207  # a pattern from the root
    for candidate in (shutil.which(f"python{name}"), *by_pyenv):
        if candidate and _runs(candidate):
            return candidate
    return ""


def marked(root: Path) -> list[Path]:
    """Files of tests with the mark; others need what these environments do not have, to be imported even."""
    files = sorted((root / "tests").rglob("test_*.py"))
    return [path for path in files if f"pytest.mark.{MARK}" in path.read_text(encoding="utf-8")]


def described(python: Path) -> str:
    """What the tests run on, on one line."""
    done = subprocess.run([python, "-c", _VERSIONS, *_NAMED], stdout=subprocess.PIPE, text=True, check=False)
    return done.stdout.strip()


def _runs(python: str) -> bool:
    """A launcher of a version manager may be there for a version that is not chosen."""
    test = "import sys, venv, ensurepip; print(sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", test], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return done.stdout.strip() == str(OLDEST)
