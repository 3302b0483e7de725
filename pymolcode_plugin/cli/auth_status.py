"""`pymolcode-auth status` and `list`: what is used and why, and what could be. Never a secret or a part of one."""

from __future__ import annotations

import argparse
import contextlib
import os
import stat
import time
from collections.abc import Iterable
from pathlib import Path

from ..address import shown
from ..auth.credentials import Credential
from ..auth.providers import Provider, find
from ..auth.providers import providers as all_providers
from ..auth.store_file import is_own_folder
from ..core.errors import AuthError, PymolcodeError
from ..llm.choice import Choice, choose, explained, explained_layers, looked_at
from ..llm.reach import id_of
from ..llm.standing import key_variable, missing_client
from . import auth_text
from .auth_user import User, choice_as_json, considered, current_user, ways


def status(options: argparse.Namespace) -> int:
    """The model that is used, every sign-in, and what is wrong with the store; 1 where no model can be used.

    Raises:
        PymolcodeError: The settings cannot be read.
    """
    user = current_user()
    before = _open_to_others(user.store.path)
    found, unreadable = _sign_ins(user)  # which mends what can be mended
    troubles = [*_rights(user.store.path, before), *filter(None, [unreadable]), *_damaged(user.store.damaged())]
    choice, error = _choice(user)
    if options.json:
        auth_text.show_json(
            {
                **({"error": auth_text.plain(error, limit=2000)} if error else {}),
                "model": choice_as_json(choice),
                "considered": considered(user, choice),
                "sign_ins": [_as_json(item) for item in found],
                "kept_in": user.store.keeps_in,
                "troubles": troubles + list(user.settings.notices),
            }
        )
    else:
        _show_model(user, choice, error)
        _show_sign_ins(found)
        auth_text.say("Kept in", user.store.keeps_in)
        for trouble in [*troubles, *user.settings.notices]:
            auth_text.say("Note", trouble)
    return 1 if error else 0


def _choice(user: User) -> tuple[Choice | None, str]:
    try:
        return choose(user.settings), ""
    except PymolcodeError as error:
        return None, error.message


def _show_model(user: User, choice: Choice | None, error: str) -> None:
    lines = (
        explained(choice)
        if choice
        else ("Model    none", f"Because  {error}", *explained_layers(looked_at(user.settings)))
    )
    for line in lines:
        print(auth_text.wrapped(_printable(line), indent=9))
    if choice and choice.base_url:
        auth_text.say("Address", shown(choice.base_url))


def _printable(line: str) -> str:
    """The same with its columns, but nothing that a terminal would take for a command."""
    return "".join(char if char.isprintable() else " " for char in line)


def _sign_ins(user: User) -> tuple[list[Credential], str]:
    """Every one, the one in use first; and what cannot be read, and why."""
    try:
        found = list(user.store.all().values())
        strange = [f"`{auth_text.plain(name)}`" for name in user.store.unreadable()]
    except AuthError as error:
        return [], error.message
    trouble = (
        f"What is stored for {', '.join(strange)} makes no sense and is left as it is; `pymolcode-auth login` replaces "
        "it, `pymolcode-auth logout` takes it away."
    )
    return sorted(found, key=lambda item: -_chosen_at(item)), trouble if strange else ""


def _show_sign_ins(found: list[Credential]) -> None:
    if not found:
        auth_text.say("Sign-ins", "none; `pymolcode-auth login PROVIDER` signs in, `pymolcode-auth list` shows where")
        return
    print("Sign-ins")
    rows = [
        [
            auth_text.plain(item.provider_id),
            _method(item),
            auth_text.plain(str(item.metadata.get("account", ""))) or "-",
            auth_text.plain(str(item.metadata.get("model", ""))) or "-",
            _state(item),
        ]
        for item in found
    ]
    width = auth_text.columns()
    lines = auth_text.table(["PROVIDER", "BY", "ACCOUNT", "MODEL", "STATE"], rows, width=width and width - 2)
    print("\n".join(f"  {line}" for line in lines))


def _as_json(item: Credential) -> dict[str, object]:
    told = {name: auth_text.plain(str(item.metadata.get(name, ""))) for name in ("account", "model")}
    address = str(item.metadata.get("base_url", ""))
    return {
        "provider": item.provider_id,
        "title": find(item.provider_id).title if id_of(item.provider_id) else "",
        "method": _method(item),
        **told,
        "expires_at": item.expires_at,
        "state": _state(item),
        "over": _is_over(item),
        "chosen_at": _chosen_at(item) or None,
        "base_url": shown(address) if address else "",
    }


def _method(item: Credential) -> str:
    if not item.has_secret:
        return "no key"
    return str(item.metadata.get("method", "")) or ("key" if item.token_type == "api_key" else "token")  # noqa: S105  # a kind


def _is_over(item: Credential) -> bool:
    expired = item.expires_at is not None and item.expires_at <= time.time()
    return bool(item.metadata.get("over")) or (expired and not item.can_renew)


def _state(item: Credential) -> str:
    """Until when, in words."""
    if not id_of(item.provider_id):
        return "unknown to this version"
    if _is_over(item):
        return "expired: sign in again"
    if item.expires_at is None:
        return "chosen" if not item.has_secret else "does not expire"
    left = item.expires_at - time.time()
    if left <= 0:
        return "renewed at the next request"
    return f"{auth_text.duration(left)} left{', then renewed' if item.can_renew else ''}"


def _chosen_at(item: Credential) -> float:
    found = item.metadata.get("chosen_at", 0.0)
    return float(found) if isinstance(found, (int, float)) else 0.0


def _open_to_others(path: Path) -> dict[Path, int]:
    """Modes of the store and its folder, where others may read them; a folder that all share is no trouble."""
    found = {}
    for place in (path, path.parent):
        with contextlib.suppress(OSError):
            mode = stat.S_IMODE(place.stat().st_mode)
            if os.name != "nt" and mode & 0o077 and (place == path or is_own_folder(place)):
                found[place] = mode
    return found


def _rights(path: Path, before: dict[Path, int]) -> list[str]:
    """What was wrong with who may read the store, and whether it still is."""
    told = []
    for place, mode in before.items():
        could = f"{place} could be read by other accounts of this computer (mode {mode:04o})"
        if place in _open_to_others(path):
            told.append(f"{could}, and that cannot be changed from here: `chmod go= {place}` as its owner.")
        elif place == path:
            told.append(f"{could}; that was mended. Make new keys if somebody may have read it.")
        else:
            told.append(f"{could}; that was mended.")
    return told


def _damaged(put_aside: Iterable[Path]) -> list[str]:
    return [
        f"{aside} could not be read and was put aside; sign in again, and remove it when you need nothing of it."
        for aside in put_aside
    ]


def providers(options: argparse.Namespace) -> int:
    """All providers: how to sign in, and where that was done.

    Raises:
        PymolcodeError: The settings or the store cannot be read.
    """
    user = current_user()
    stored = user.store.all()
    entries = [_entry(user, provider, stored.get(provider.id)) for provider in all_providers()]
    if options.json:
        auth_text.show_json(entries)
        return 0
    heads = ["PROVIDER", "SIGN IN BY", "STATE", "NAME"]
    rows = [[str(entry["id"]), _ways(entry), _have(entry), str(entry["title"])] for entry in entries]
    lines = auth_text.table(heads, rows)
    if len(lines) > len(rows) + 1:  # too wide for lines: the name can be done without
        lines = auth_text.table(heads[:-1], [row[:-1] for row in rows])
    print("\n".join(lines))
    print()
    print(
        auth_text.wrapped(
            "* a preview, which may change   + needs a client id of your own, set under `auth:` in config.yaml"
        )
    )
    for entry in entries:
        if entry["note"]:
            print(auth_text.wrapped(f"{entry['id']}: {entry['note']}", indent=2))
    return 0


def _entry(user: User, provider: Provider, held: Credential | None) -> dict[str, object]:
    return {
        "id": provider.id,
        "title": provider.title,
        "methods": list(provider.methods),
        "signed_in": held is not None and held.has_secret,
        "state": _state(held) if held else "",
        "over": held is not None and _is_over(held),
        "key_variable": key_variable(user.settings, provider),
        "needs_key": provider.needs_key,
        "local": provider.local,
        "preview": bool(provider.oauth and provider.oauth.preview),
        "needs_own_client": bool(missing_client(user.settings, provider)),
        "bring_client": provider.oauth.bring_client if provider.oauth else "",
        "key_page": provider.key_page,
        "note": provider.note,
    }


def _ways(entry: dict[str, object]) -> str:
    marks = {"preview": "*", "needs_own_client": "+"}
    mark = "".join(sign for name, sign in marks.items() if entry[name])
    named = ways(find(str(entry["id"])))
    return ", ".join(f"{words}{mark if method != 'key' else ''}" for method, words in named.items()) or "-"


def _have(entry: dict[str, object]) -> str:
    if entry["signed_in"]:
        return "expired: sign in again" if entry["over"] else "signed in"
    if entry["key_variable"]:
        return f"{entry['key_variable']} is set"
    if entry["state"]:
        return str(entry["state"])
    return "needs none" if entry["local"] else "-"
