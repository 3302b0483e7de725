import asyncio
import gzip
import time

import pytest

from pymolcode_plugin.agent.approvals import Policy, Rules
from pymolcode_plugin.databases import fetch as database
from pymolcode_plugin.databases.download import Limits
from tests.structure_server import StructureServer, cut, reply, stalled


@pytest.fixture
async def server(monkeypatch):
    monkeypatch.setattr(database, "LIMITS", Limits(connect_s=5, read_s=5, n_bytes=3_000_000, pause_s=0.01))
    for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    async with StructureServer() as server:
        for name in ("RCSB", "PDBE", "ALPHAFOLD"):
            monkeypatch.setenv(f"PYMOLCODE_{name}_URL", server.base)
        yield server


@pytest.fixture
def cif(cmd, shipped):
    """1HPV as mmCIF; the scene is empty again."""
    cmd.load(str(shipped / "tut" / "1hpv.pdb"), quiet=1)
    text = cmd.get_str("cif", "1hpv")
    cmd.reinitialize()
    return text


def in_cache():
    folder = database.cache_folder()
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


async def test_an_entry_is_downloaded_loaded_and_counted(call, server, cif, cmd, person):
    server.answer("/download/1hpv.cif", reply(cif))
    result = await call("fetch", id="1HPV")
    assert result.ok, result.error
    assert "1HPV of RCSB PDB, downloaded, 0.1 MB" in result.text
    assert "Object 1hpv: 1,631 atoms, 1 state" in result.text
    assert result.diff.added == ("1hpv",)
    assert cmd.count_atoms("1hpv") == 1631
    assert [question.effects for question in person.asked] == [("downloads 1HPV of RCSB PDB",)]


async def test_a_second_fetch_takes_the_file_from_the_cache_and_says_so(call, server, cif, cmd):
    server.answer("/download/1hpv.cif", reply(cif))
    await call("fetch", id="1hpv")
    result = await call("fetch", id="pdb_00001hpv")
    assert "from the cache, downloaded on 20" in result.text
    assert server.requests == ["/download/1hpv.cif"]
    assert len(cmd.get_names()) == 2
    assert "There was something named 1hpv already" in result.warnings[0]


async def test_a_damaged_file_in_the_cache_is_downloaded_again(call, server, cif):
    server.answer("/download/1hpv.cif", reply(cif))
    await call("fetch", id="1hpv")
    path = database.cache_folder() / "rcsb-1hpv.cif"
    path.write_text(cif[: len(cif) // 2])
    result = await call("fetch", id="1hpv")
    assert result.ok, result.error
    assert "downloaded, " in result.text
    assert path.read_text() == cif


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([], "RCSB PDB has no entry 1HPV, an experimental structure of the PDB. Check the id; the entry may be"),
        ([reply("<html>down for maintenance</html>")], "not an mmCIF file"),
        ([reply("data_1hpv\n#\n")], "holds no atoms"),
        ([reply("no", status=403)], "127.0.0.1 answers with status 403"),
        ([reply("no", status=503)], "answers with status 503 (4 tries). Try again later."),
        ([reply(b"x" * 3_000_001)], "larger than 3 MB"),
        ([reply(gzip.compress(b"x" * 3_000_001))], "larger than 3 MB"),
        ([reply(gzip.compress(b"data_x" * 1000)[:-20])], "The connection was cut (4 tries)"),
        ([reply("", status=302, Location="/download/1hpv.cif")], "redirects in a circle"),
    ],
)
async def test_a_fetch_that_fails_says_why_and_changes_nothing(call, scene_hash, server, hiv_protease, answers, words):
    if answers:
        server.answer("/download/1hpv.cif", *answers)
    before, names = await scene_hash(), hiv_protease.get_names("all")
    result = await call("fetch", id="1hpv")
    assert not result.ok
    assert words in result.error
    assert not result.diff
    assert await scene_hash() == before
    assert hiv_protease.get_names("all") == names
    assert in_cache() == []


async def test_a_server_error_and_a_cut_connection_are_tried_again(call, server, cif):
    server.answer("/download/1hpv.cif", reply("no", status=500), cut(cif, 5000), reply(cif))
    result = await call("fetch", id="1hpv")
    assert result.ok, result.error
    assert len(server.requests) == 3


async def test_a_server_that_asks_to_wait_is_waited_for(call, server, cif):
    server.answer("/download/1hpv.cif", reply("no", status=429, Retry_After=1), reply(cif))
    started = time.monotonic()
    assert (await call("fetch", id="1hpv")).ok
    assert time.monotonic() - started >= 1.0


async def test_a_download_that_is_stopped_leaves_no_file_and_no_object(call, scene_hash, server, cif, cmd):
    began = asyncio.Event()
    server.answer("/download/1hpv.cif", stalled(cif, 60_000, began))
    before = await scene_hash()
    fetching = asyncio.ensure_future(call("fetch", id="1hpv"))
    await began.wait()
    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching
    assert in_cache() == []
    assert await scene_hash() == before
    assert cmd.get_names("all") == []


async def test_a_server_that_stops_sending_is_given_up(call, server, cif, monkeypatch):
    monkeypatch.setattr(database, "LIMITS", Limits(read_s=0.1, n_tries=1))
    server.answer("/download/1hpv.cif", stalled(cif, 60_000, asyncio.Event()))
    result = await call("fetch", id="1hpv")
    assert "127.0.0.1: stopped sending" in result.error


async def test_a_server_that_is_not_there_is_named(call, cmd, monkeypatch):
    monkeypatch.setattr(database, "LIMITS", Limits(n_tries=1))
    monkeypatch.setenv("PYMOLCODE_RCSB_URL", "http://127.0.0.1:9")
    result = await call("fetch", id="1hpv")
    assert "1HPV of RCSB PDB could not be fetched. 127.0.0.1: cannot be reached" in result.error


async def test_a_body_cut_by_a_wrong_length_is_no_structure(call, server, cif, scene_hash):
    server.answer("/download/1hpv.cif", reply(cif, Content_Length=9007))
    before = await scene_hash()
    result = await call("fetch", id="1hpv")
    assert "ends in the middle of an atom" in result.error
    assert await scene_hash() == before


async def test_packed_files_are_unpacked(call, server, cif, cmd):
    server.answer("/pdbe/static/entry/download/1hpv-assembly1.cif.gz", reply(gzip.compress(cif.encode())))
    result = await call("fetch", id="1HPV", source="pdbe", assembly=1)
    assert result.ok, result.error
    assert "Object 1hpv_assembly1: 1,631 atoms" in result.text
    server.answer(
        "/pdbe/entry-files/download/1hpv_updated.cif", reply(gzip.compress(cif.encode()), Content_Encoding="gzip")
    )
    assert (await call("fetch", id="1HPV", source="pdbe")).ok
    assert (database.cache_folder() / "pdbe-1hpv.cif").read_text() == cif


async def test_an_assembly_that_does_not_exist_is_said(call, server):
    result = await call("fetch", id="1hpv", assembly=7)
    assert "RCSB PDB has no assembly 7 of 1HPV" in result.error
    assert server.requests == ["/download/1hpv-assembly7.cif"]


_ASSEMBLY = """_pdbx_struct_assembly.id 1
_pdbx_struct_assembly_gen.assembly_id 1
_pdbx_struct_assembly_gen.oper_expression 1,2
_pdbx_struct_assembly_gen.asym_id_list 1HPV
loop_
_pdbx_struct_oper_list.id
_pdbx_struct_oper_list.matrix[1][1]
_pdbx_struct_oper_list.matrix[1][2]
_pdbx_struct_oper_list.matrix[1][3]
_pdbx_struct_oper_list.matrix[2][1]
_pdbx_struct_oper_list.matrix[2][2]
_pdbx_struct_oper_list.matrix[2][3]
_pdbx_struct_oper_list.matrix[3][1]
_pdbx_struct_oper_list.matrix[3][2]
_pdbx_struct_oper_list.matrix[3][3]
_pdbx_struct_oper_list.vector[1]
_pdbx_struct_oper_list.vector[2]
_pdbx_struct_oper_list.vector[3]
1 1 0 0 0 1 0 0 0 1 0 0 0
2 1 0 0 0 1 0 0 0 1 50 0 0
"""


async def test_an_assembly_setting_of_the_user_builds_nothing_and_stays(call, server, cif, cmd):
    server.answer("/download/1hpv.cif", reply(cif + _ASSEMBLY))
    cmd.set("assembly", "1")
    result = await call("fetch", id="1hpv")
    assert result.ok, result.error
    assert "Object 1hpv: 1,631 atoms, 1 state" in result.text
    assert cmd.get("assembly") == "1"


async def test_a_model_of_alphafold_db_is_found_by_its_accession(call, server, cif, cmd):
    server.alphafold("P00533", f"{server.base}/files/AF-P00533-F1-model_v9.cif")
    server.answer("/files/AF-P00533-F1-model_v9.cif", reply(cif))
    result = await call("fetch", id="P00533", name="egfr")
    assert result.ok, result.error
    assert "P00533 of AlphaFold DB" in result.text
    assert "B-factors are pLDDT" in result.text
    assert cmd.get_names() == ["egfr"]


async def test_alphafold_db_cannot_send_us_elsewhere(call, server, cmd):
    server.alphafold("P00533", "http://elsewhere.invalid/x.cif")
    assert "points to another server, elsewhere.invalid" in (await call("fetch", id="P00533")).error
    server.answer("/api/prediction/P00533", reply("[]"))
    assert "without the address of a file" in (await call("fetch", id="P00533")).error


async def test_other_atoms_than_the_file_holds_are_an_error_and_taken_out_again(call, scene_hash, server, cif, cmd):
    # Of two blocks PyMOL takes the one whose name comes first; the count is of the first that has atoms.
    ligand = "".join(line for line in cif.splitlines(keepends=True) if not line.startswith("ATOM"))
    server.answer("/download/1hpv.cif", reply(cif + ligand.replace("data_1hpv", "data_0")))
    before = await scene_hash()
    result = await call("fetch", id="1hpv")
    assert "The file holds 1,631 atoms and PyMOL made" in result.error
    assert cmd.get_names("all") == []
    assert await scene_hash() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"id": "rubisco"}, "`rubisco` is no PDB id; one has four characters"),
        ({"id": "../../etc"}, "is no PDB id"),
        ({"id": "1hpv/x"}, "is no PDB id"),
        ({"id": "P00533", "source": "rcsb"}, "source alphafold has models of those"),
        ({"id": "1hpv", "source": "alphafold"}, "is no UniProt accession"),
        ({"id": "P00533", "assembly": 1}, "no assemblies"),
        ({"id": "1hpv", "assembly": 0}, "greater than or equal to 1"),
    ],
)
async def test_what_is_no_id_is_said_before_anybody_is_asked(call, server, person, arguments, words):
    result = await call("fetch", **arguments)
    assert words in result.error
    assert person.asked == []
    assert server.requests == []


async def test_nothing_is_fetched_when_this_machine_only_is_on(call, server, person, tmp_path):
    result = await call("fetch", Policy(Rules(tmp_path / "rules.yaml"), this_machine_only=True), id="1hpv")
    assert "nothing is fetched" in result.error
    assert person.asked == []
    assert server.requests == []
