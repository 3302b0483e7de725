"""The one tree of errors; every message says what failed, on what, and what to do next.

PymolcodeError
├── ConfigError
├── AuthError                signing in; never carries a secret
│   ├── NotSignedIn          nobody is, or the sign-in expired for good
│   └── SignInFailed         refused, timed out, or not an answer to our request
├── InstallFailed            the plugin's dependencies could not be installed
├── SessionError             a kept chat that cannot be opened, or only in part
├── ProviderError            the model's side
│   ├── ProviderTimeout
│   ├── RateLimited          .retry_after_s
│   ├── Rejected             .status
│   ├── StreamBroken         cut in the middle of an answer
│   └── ModelUnavailable     not reachable, not downloaded, died
├── WeightsError             a weight file that is missing, corrupt, or has no room
├── ToolError
│   ├── ArgumentsInvalid     the model retries
│   ├── Denied               the user or the policy said no; the model adapts
│   │   └── NotAllowed       the user did
│   └── ToolFailed           ran and failed; the model adapts
└── SceneError
    ├── CommandFailed        PyMOL's own message
    ├── SelectionEmpty       valid and matches nothing
    ├── SceneChanged         the scene is not the one the call was planned on
    └── GatewayClosed        PyMOL is quitting
"""

from __future__ import annotations


class PymolcodeError(Exception):
    """Base of all errors this package raises on purpose.

    Attributes:
        hint: What to try next, or an empty string.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    @property
    def message(self) -> str:
        """The message with its hint, as a person reads it."""
        return f"{self.args[0]} {self.hint}".strip()


class ConfigError(PymolcodeError):
    """A setting cannot be read or makes no sense."""


class AuthError(PymolcodeError):
    """Signing in failed, or what was signed in with cannot be kept or read."""


class NotSignedIn(AuthError):
    """Nobody is signed in, or the sign-in expired and cannot be renewed."""


class SignInFailed(AuthError):
    """A sign-in did not come to a credential."""


class InstallFailed(PymolcodeError):
    """The plugin's dependencies could not be installed; nothing was changed."""


class SessionError(PymolcodeError):
    """A kept chat cannot be opened, or only in part."""


class ProviderError(PymolcodeError):
    """The model's side failed."""


class ProviderTimeout(ProviderError):
    """The model did not answer in time."""


class RateLimited(ProviderError):
    """The provider asks to wait."""

    def __init__(self, message: str, *, retry_after_s: float | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.retry_after_s = retry_after_s


class Rejected(ProviderError):
    """The provider refused the request."""

    def __init__(self, message: str, *, status: int, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.status = status


class StreamBroken(ProviderError):
    """The connection ended in the middle of an answer."""


class ModelUnavailable(ProviderError):
    """No model can be reached: not downloaded, not started, or it died."""


class WeightsError(PymolcodeError):
    """A weight file is missing, corrupt, or there is no room for it."""


class ToolError(PymolcodeError):
    """A tool call did not do what was asked."""


class ArgumentsInvalid(ToolError):
    """The arguments do not fit the tool's model, or the tool does not exist."""


class Denied(ToolError):
    """The user or the policy refused the call."""


class NotAllowed(Denied):
    """The user refused the call."""


class ToolFailed(ToolError):
    """The tool ran and failed."""


class SceneError(PymolcodeError):
    """PyMOL's side failed."""


class CommandFailed(SceneError):
    """PyMOL rejected a command; the message is PyMOL's."""


class SelectionEmpty(SceneError):
    """A selection is valid and matches no atom."""


class SceneChanged(SceneError):
    """The scene changed since the call was planned; the message says what."""


class GatewayClosed(SceneError):
    """PyMOL is quitting; nothing runs any more."""
