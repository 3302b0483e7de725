"""`pymolcode doctor`: what is wrong and what to do, from a terminal; needs neither PyMOL nor the dependencies."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from .. import bootstrap
from ..core.errors import PymolcodeError

if TYPE_CHECKING:
    from ..doctor import Finding

_OK, _PROBLEM = 0, 1


def main(arguments: list[str]) -> int:
    """Look at everything; 0 where nothing is wrong, 1 where something is."""
    parser = argparse.ArgumentParser(prog="pymolcode doctor", description=__doc__)
    parser.add_argument("--json", action="store_true", help="the findings as JSON")
    parser.add_argument(
        "--test-model", action="store_true", help="ask the model for one token, which leaves this machine"
    )
    options = parser.parse_args(arguments)
    missing = bootstrap.missing()
    if missing:
        return _cannot_look(missing, as_json=options.json)
    from ..doctor import examine, report

    findings = examine()
    if options.test_model:
        findings = (*findings, _asked())
    if options.json:
        print(json.dumps([item.model_dump() for item in findings], indent=2))
    else:
        print(report(findings))
    return _PROBLEM if any(item.state == "problem" for item in findings) else _OK


def _cannot_look(missing: tuple[str, ...], *, as_json: bool) -> int:
    """Without its libraries only that can be said."""
    words, remedy = f"missing: {', '.join(missing)}", bootstrap.REMEDY
    if as_json:
        print(json.dumps([{"name": "Packages", "state": "problem", "words": words, "remedy": remedy}], indent=2))
    else:
        print(f"PROBLEM  Packages: {words}\n          -> {remedy}")
    return _PROBLEM


def _asked() -> Finding:
    """The answer of the model that is used."""
    from ..doctor import Finding
    from ..llm.choice import choose
    from .auth_models import probed
    from .auth_user import current_user

    name = "Model's answer"
    try:
        user = current_user()
        answer = probed(user, choose(user.settings))
    except PymolcodeError as error:
        return Finding(name=name, state="problem", words=error.message)
    return Finding(name=name, state="ok", words=f"came after {answer['seconds']} s")
