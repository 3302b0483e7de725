"""`pymolcode-auth logout`."""

from __future__ import annotations

import argparse

from ..auth.credentials import SignedOut
from ..auth.own_loop import stoppable
from ..llm.reach import id_of
from ..llm.standing import key_variable
from . import auth_text
from .auth_user import User, current_user, provider_named


def logout(options: argparse.Namespace) -> int:
    """Forget and revoke one sign-in, or all; each that cannot be revoked says so.

    Raises:
        PymolcodeError: The store cannot be written.
    """
    user = current_user()
    ended: list[SignedOut] = []
    for name in sorted(user.store.all()) if options.all else [provider_named(options.provider).id]:
        ended.append(stoppable(_sign_out(user, name)))
    if options.json:
        found = [
            {"provider": one.provider_id, "revoked": one.revoked, "note": auth_text.plain(one.note)} for one in ended
        ]
        auth_text.show_json(found if options.all else found[0])
        return 0
    for one in ended:
        print(auth_text.wrapped(_signed_out(user, one)))
    if not ended:
        print("Nobody was signed in.")
    return 0


async def _sign_out(user: User, name: str) -> SignedOut:
    if id_of(name):
        return await user.sign_in.sign_out(name)
    user.store.remove(name)  # of another version of this program; nobody knows where it could be revoked
    return SignedOut(provider_id=name, revoked=None, note=f"{auth_text.plain(name)} was forgotten here.")


def _signed_out(user: User, one: SignedOut) -> str:
    if not id_of(one.provider_id):
        return one.note
    provider = provider_named(one.provider_id)
    variable = key_variable(user.settings, provider)
    left = f" {variable} is still set, and is used where nothing else is." if variable else ""
    if one.revoked:
        return f"Signed out of {provider.title}; the sign-in was revoked.{left}"
    return f"{one.note or f'Signed out of {provider.title}; what was stored is forgotten.'}{left}"
