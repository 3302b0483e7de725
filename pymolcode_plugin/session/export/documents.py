"""The chat for readers: as Markdown, as one HTML file, and as a paragraph for the methods of a paper."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from ...core.ports import ScenePort
from ...core.replaying import ReplayPort
from ..markdown import as_markdown
from . import header
from .calls import calls
from .exporter import Chat, path_of, write_text
from .methods import files_of, paragraph, structures
from .page import as_page
from .plan import Place
from .story import Done, story

DocumentKind = Literal["md", "html", "methods"]
DOCUMENTS: tuple[DocumentKind, ...] = ("md", "html", "methods")


async def write_documents(
    chat: Chat, kinds: Sequence[DocumentKind], scene: ScenePort, port: ReplayPort, place: Place
) -> tuple[str, ...]:
    """Write them; full paths of what was written.

    Raises:
        SceneError: One cannot be written.
    """
    files = []
    for kind in kinds:
        path = path_of(place.folder, place.stem, kind)
        if kind == "methods":
            text = await methods(chat, scene, port)
        elif kind == "md":
            text = as_markdown(chat.events, chat.title)
        else:
            text = await asyncio.to_thread(as_page, chat.events, chat.title, chat.about)
        await write_text(path, text)
        files.append(str(path))
    return tuple(files)


async def methods(chat: Chat, scene: ScenePort, port: ReplayPort) -> str:
    """The paragraph, from what ran, what the files say and what the scene is."""
    requests = story(chat.events)
    ran = [text for request in requests for item in request.items if isinstance(item, Done) for text in item.commands]
    nowhere = Path("/nowhere")
    lines = (await port.lines(ran, copies_to=nowhere, copies_from=nowhere)).lines
    called = list(calls(lines))
    loaded = files_of(called)
    headers = await asyncio.to_thread(lambda: {path: header.read(path) for path in loaded.values()})
    found = structures((await scene.snapshot()).objects, loaded, headers)
    version = await port.pymol_version()
    return paragraph(requests, called, found, await port.settings_now(chat.now.number), version)
