import asyncio
import datetime
import email.utils
import os
import time
from pathlib import Path

import httpx2
import pytest

from pymolcode_plugin.core.errors import ToolFailed
from pymolcode_plugin.databases import download
from pymolcode_plugin.databases.download import Limits, NotThere
from tests.structure_server import StructureServer, cut, reply

_LIMITS = Limits(connect_s=5, read_s=5, pause_s=0.01)


@pytest.fixture
async def server(monkeypatch):
    for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    async with StructureServer() as server:
        yield server


async def save(url, path, limits=_LIMITS):
    async with download.client(limits) as http:
        return await download.save(http, url, path, limits, Path.read_bytes)


async def test_a_file_gets_its_name_only_when_it_is_whole_and_checked(server, tmp_path):
    server.answer("/x", reply("new"))
    path = tmp_path / "deep" / "x"
    assert await save(f"{server.base}/x", path) == b"new"

    def refuse(part):
        assert part.read_bytes() == b"new"
        raise ToolFailed("not what was wanted")

    path.write_text("old")
    async with download.client(_LIMITS) as http:
        with pytest.raises(ToolFailed, match="not what was wanted"):
            await download.save(http, f"{server.base}/x", path, _LIMITS, refuse)
    assert path.read_text() == "old"
    assert [item.name for item in path.parent.iterdir()] == ["x"]


async def test_the_users_proxy_is_used(server, tmp_path, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", server.base)
    server.answer("http://structures.invalid/x", reply("through the proxy"))
    assert await save("http://structures.invalid/x", tmp_path / "x") == b"through the proxy"


async def test_a_redirect_is_followed_within_reason(server, tmp_path):
    server.answer("/x", reply("", status=302, Location="/y"))
    server.answer("/y", reply("here"))
    assert await save(f"{server.base}/x", tmp_path / "x") == b"here"


def test_an_encrypted_address_may_not_lead_to_an_open_one():
    secure, plain = httpx2.Request("GET", "https://a.invalid/x"), httpx2.Request("GET", "http://b.invalid/x")
    response = httpx2.Response(200, request=plain)
    with pytest.raises(ToolFailed, match="without encryption"):
        download._need_file(response, "https://a.invalid/x")
    response = httpx2.Response(200, request=secure, history=[httpx2.Response(302, request=plain)])
    with pytest.raises(ToolFailed, match="without encryption"):
        download._need_file(response, "https://a.invalid/x")


async def test_gone_and_not_found_are_not_tried_again(server, tmp_path):
    server.answer("/x", reply("", status=410))
    with pytest.raises(NotThere):
        await save(f"{server.base}/x", tmp_path / "x")
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [("7", 7.0), ("", None), ("soon", None), ("-3", None), ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0)],
)
def test_the_time_to_wait_is_read_as_seconds_or_as_a_date(text, expected):
    assert download._retry_after(httpx2.Response(429, headers={"Retry-After": text})) == expected


def test_a_date_to_wait_for_lies_ahead():
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=60)
    header = {"Retry-After": email.utils.format_datetime(soon, usegmt=True)}
    assert 50 < download._retry_after(httpx2.Response(503, headers=header)) <= 60


async def test_a_server_cannot_make_us_wait_for_ever(server, tmp_path):
    server.answer("/x", reply("", status=429, Retry_After=86_400), reply("now"))
    limits = Limits(longest_pause_s=0.05)
    assert await asyncio.wait_for(save(f"{server.base}/x", tmp_path / "x", limits), 5) == b"now"


async def test_what_a_dead_pymol_left_behind_is_cleared_away_and_what_is_being_written_is_not(server, tmp_path):
    old, new = tmp_path / ".a.cif-1.part", tmp_path / ".b.cif-2.part"
    for part in (old, new):
        part.write_text("half")
    os.utime(old, (time.time() - 7200,) * 2)
    server.answer("/x", reply("x"))
    await save(f"{server.base}/x", tmp_path / "x")
    assert sorted(item.name for item in tmp_path.iterdir()) == [".b.cif-2.part", "x"]


async def test_two_downloads_of_one_file_do_not_disturb_each_other(server, tmp_path):
    body = "x" * 200_000
    server.answer("/x", cut(body, 1000), reply(body))
    path = tmp_path / "x"
    one, other = await asyncio.gather(save(f"{server.base}/x", path), save(f"{server.base}/x", path))
    assert one == other == body.encode()
    assert [item.name for item in tmp_path.iterdir()] == ["x"]


async def test_a_folder_that_cannot_be_written_is_named(server, tmp_path):
    (tmp_path / "file").write_text("")
    server.answer("/x", reply("x"))
    with pytest.raises(ToolFailed, match="file cannot be written"):
        await save(f"{server.base}/x", tmp_path / "file" / "x")
