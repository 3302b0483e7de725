"""Where the secrets of a sign-in may live instead of `auth.json`: the system's keyring, an extra of this package."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from typing import Protocol

from ..core.errors import AuthError

_SERVICE = "pymolcode"
_LIMIT_S = 60.0  # somebody may have to find and type a password
_HINT = "Set `keyring: false` in config.yaml to keep sign-ins in a file, and sign in again."


class Vault(Protocol):
    """Keeps one text for each provider; every call may raise AuthError."""

    def get(self, provider_id: str) -> str:
        """Empty where there is none."""
        ...

    def put(self, provider_id: str, text: str) -> None:
        """Keep it, in place of what was there."""
        ...

    def remove(self, provider_id: str) -> None:
        """Forget it."""
        ...


class SystemKeyring:
    """The keyring of Windows, macOS or the desktop; may ask the user to unlock it, so use a worker thread."""

    def get(self, provider_id: str) -> str:
        """Implements Vault."""
        return _asked("get_password", provider_id) or ""

    def put(self, provider_id: str, text: str) -> None:
        """Implements Vault."""
        _asked("set_password", provider_id, text)

    def remove(self, provider_id: str) -> None:
        """Implements Vault."""
        if self.get(provider_id):
            _asked("delete_password", provider_id)


def _asked(what: str, provider_id: str, *text: str) -> str | None:
    try:
        import keyring  # noqa: PLC0415  # an extra
    except ImportError:
        raise AuthError(
            "Sign-ins are to be kept in the system's keyring, and the package `keyring` is not installed.",
            hint=f"pip install 'pymolcode[keyring]'. {_HINT}",
        ) from None
    ask: Callable[..., str | None] = getattr(keyring, what)
    try:
        return _in_time(lambda: ask(_SERVICE, provider_id, *text))
    except TooLate:
        raise AuthError(
            f"The system's keyring did not answer within {_LIMIT_S:.0f} s; it may wait for a password in a window.",
            hint=f"Unlock it and try again. {_HINT}",
        ) from None
    except Exception as error:  # noqa: BLE001  # border: each system's keyring has errors of its own
        raise AuthError(f"The system's keyring cannot be used: {type(error).__name__}.", hint=_HINT) from None


def _in_time(ask: Callable[[], str | None]) -> str | None:
    """In a thread that nobody waits for: a keyring that hangs must not keep this process from ending.

    Raises:
        TooLate: It took longer than the limit.
    """
    answer: Future[str | None] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:  # noqa: BLE001  # border: raised by whoever waits
            answer.set_exception(error)

    threading.Thread(target=run, name="pymolcode-keyring", daemon=True).start()
    return answer.result(_LIMIT_S)
