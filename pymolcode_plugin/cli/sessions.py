"""`pymolcode sessions [WORDS]` and `pymolcode resume [ID | WORDS | FILE]`: chats that were kept, from a terminal."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import datetime
from pathlib import Path

from ..config import paths
from ..core.counting import counted
from ..core.errors import SessionError
from ..session import one_file
from ..session.index import Index, Listed
from ..session.search import search
from .auth_text import plain, show_json

_LINE = "from pymolcode_plugin import plugin; plugin.register(); plugin.resume({folder!r})"
_SAFE = re.compile(r"[\w.-]+")
_SEVERAL = 5


def list_sessions(arguments: list[str]) -> int:
    """Print them, the newest first; 1 where there is none."""
    parser = argparse.ArgumentParser(prog="pymolcode sessions", description="List the chats that were kept.")
    parser.add_argument("words", nargs="*", help="that all occur in title, structures or text")
    parser.add_argument("--json", action="store_true", help="as an array of objects")
    options = parser.parse_args(arguments)
    sessions = _found(" ".join(options.words))
    if options.json:
        show_json([session.model_dump() for session in sessions])
    for session in sessions if not options.json else ():
        print(_line(session))
    if not sessions:
        print("No chat has all of these words." if options.words else "No chats yet.", file=sys.stderr)
    return 0 if sessions else 1


def to_resume(arguments: list[str]) -> str:
    """The line of Python that opens a chat in PyMOL's panel: the newest one by default.

    Raises:
        SessionError: There is none, or several may be meant.
    """
    parser = argparse.ArgumentParser(prog="pymolcode resume", description="Start PyMOL and go on with a chat.")
    parser.add_argument("which", nargs="*", help="id, words of it, or a .pymolcode file; the newest chat by default")
    words = parser.parse_args(arguments).which
    root = paths.sessions_folder()
    if len(words) == 1 and words[0].endswith(one_file.ENDING):
        folder = one_file.read(Path(words[0]), root).name
    elif len(words) == 1 and _SAFE.fullmatch(words[0]) and (root / words[0]).is_dir():
        folder = words[0]
    else:
        folder = _only(_found(" ".join(words)), words).folder
    if not _SAFE.fullmatch(folder):
        raise SessionError(f"The session's folder {folder!r} has an unusual name.", hint="Rename it.")
    return _LINE.format(folder=folder)


def _only(found: list[Listed], words: list[str]) -> Listed:
    if not found:
        raise SessionError("No chat has all of these words." if words else "No chats yet.")
    if words and len(found) > 1:
        several = "\n".join(_line(session) for session in found[:_SEVERAL])
        raise SessionError(f"{counted(len(found), 'chat')} may be meant:\n{several}\n", hint="Name one by its id.")
    return found[0]


def _found(words: str) -> list[Listed]:
    root = paths.sessions_folder()
    sessions = Index(root, paths.session_index_file()).sessions()
    return [item.session for item in search(root, sessions, words)] if words else sessions


def _line(session: Listed) -> str:
    when = datetime.fromtimestamp(session.updated_at).astimezone().strftime("%Y-%m-%d %H:%M")
    about = ", ".join(session.structures[:4])
    tail = f" ({about})" if about and about.lower() not in session.title.lower() else ""
    return f"{session.folder}  {when}  {counted(session.n_turns, 'turn'):>9}  {plain(session.title)}{plain(tail)}"
