"""Those who sign in: a browser that follows links as a person's does, and a front that keeps what it was shown."""

from __future__ import annotations

import asyncio
import re

import httpx2

from pymolcode_plugin.auth.credentials import DeviceCode


class Person:
    """A front whose person opens what is shown to them, and says yes or no at the other device.

    Attributes:
        urls: What was opened.
        codes: What was shown.
        pages: What the browser showed at the end.
    """

    def __init__(self, *, says: str = "confirm") -> None:
        self.urls: list[str] = []
        self.codes: list[DeviceCode] = []
        self.pages: list[httpx2.Response] = []
        self.shown = asyncio.Event()
        self._says = says
        self._tasks: list[asyncio.Task[None]] = []

    def open_page(self, url: str) -> None:
        self.urls.append(url)
        self.shown.set()
        self._tasks.append(asyncio.get_running_loop().create_task(self._browse(url)))

    def show_code(self, code: DeviceCode) -> None:
        self.codes.append(code)
        self.shown.set()
        self._tasks.append(asyncio.get_running_loop().create_task(self._type(code)))

    async def done(self) -> httpx2.Response | None:
        """Wait until the browser rests; the page it shows."""
        await asyncio.gather(*self._tasks)
        return self.pages[-1] if self.pages else None

    async def _browse(self, url: str) -> None:
        async with httpx2.AsyncClient(follow_redirects=True, timeout=20) as browser:
            self.pages.append(await browser.get(url))

    async def _type(self, code: DeviceCode) -> None:
        async with httpx2.AsyncClient(follow_redirects=True, timeout=20) as browser:
            page = await browser.get(code.verification_uri_complete)
            page = await browser.post(code.verification_uri, data=_fields(page.text))
            answer = {name: text for name, text in _fields(page.text).items() if name != "confirm"}
            self.pages.append(await browser.post(code.verification_uri, data={**answer, self._says: "yes"}))


class Bystander(Person):
    """A front whose person does nothing."""

    async def _browse(self, url: str) -> None:
        pass

    async def _type(self, code: DeviceCode) -> None:
        pass


def _fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(\w+)"[^>]*value="([^"]*)"', page))
