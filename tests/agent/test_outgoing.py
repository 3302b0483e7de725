"""On the real wire: a server that stands for a vendor's, reached by name through a proxy, so that it is elsewhere."""

import json
import logging

import pytest
import structlog

from pymolcode_plugin import logs
from pymolcode_plugin.agent.approvals import Policy, Rules
from pymolcode_plugin.agent.conversation import Conversation
from pymolcode_plugin.agent.outgoing import Outgoing
from pymolcode_plugin.config import paths, settings
from pymolcode_plugin.core.errors import ConfigError
from pymolcode_plugin.core.outgoing import Data
from pymolcode_plugin.core.ports import Answer
from pymolcode_plugin.core.risk import Risk
from pymolcode_plugin.core.tool import Tool, ToolArgs, ToolResult
from pymolcode_plugin.llm import build
from pymolcode_plugin.llm.choice import Choice
from pymolcode_plugin.tools.assessments import read_only
from pymolcode_plugin.tools.catalogue import TOOLS

from ..scripted_model import ScriptedModel, Status

ELSEWHERE = "http://models.example/v1"
KEY = "sk-test-canary-1"
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(3000)


class PhotographArgs(ToolArgs):
    """Take a picture."""


async def _photograph(_args, _context):
    return ToolResult(text="Picture of the viewport, 3 kB PNG.", image_png=PICTURE)


PHOTOGRAPH = Tool("photograph", PhotographArgs, _photograph, read_only, lambda _args: "Take a picture")


class OpenArgs(ToolArgs):
    """Open something."""

    path: str


async def _open(args, _context):
    return ToolResult(text=f"Opened {args.path.rpartition('/')[2]} (35 atoms).")


OPEN = Tool("open", OpenArgs, _open, read_only, lambda _args: "Open")


class Willing:
    async def ask(self, _question):
        return Answer(allowed=True)


@pytest.fixture
async def chat_with(gateway, hiv_protease, monkeypatch):
    """Chats with a scripted model that is elsewhere by its name; `here=True` reaches it by its loopback address."""
    made = []

    def make(server, *, here=False, **environment):
        if not here:
            monkeypatch.setenv("HTTP_PROXY", server.base_url.removesuffix("/v1"))
            environment = {"OPENAI_BASE_URL": ELSEWHERE} | environment
        found = server.environment | environment
        made.append(
            Conversation(
                (*TOOLS, PHOTOGRAPH, OPEN), gateway, Willing(), lambda _event: None,
                sessions_folder=paths.sessions_folder(), read_settings=lambda: settings.load(found),
            )
        )  # fmt: skip
        return made[-1]

    yield make
    for conversation in made:
        await conversation.aclose()


@pytest.fixture
def restored():
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def query(what, selection):
    return ("query_atoms", {"what": what, "selections": [selection]})


def run(commands):
    return ("run_pymol", {"commands": commands})


# One call each, whose result holds the kind, and what of it must not be on the wire.
REVEALING = {
    Data.COORDINATES: (query("center", "organic"), "16.23"),
    Data.SEQUENCES: (query("sequence", "chain A"), "PQITLWQRPL"),
    Data.IMAGES: (("photograph", {}), "iVBORw0KGgo"),
    Data.FILE_NAMES: (("scene_state", {}), None),
    Data.TEXT: (query("count", "organic"), "35 atoms"),
}


async def on_the_wire(chat_with, call, withheld, *, here=False):
    with ScriptedModel(call, "Done.") as server:
        conversation = chat_with(server, here=here)
        conversation.outgoing.withheld = withheld
        end = await conversation.prompt("please look")
        assert end.stop_reason == "done", end.message
    return json.dumps(server.requests[1]["messages"], ensure_ascii=False)


@pytest.mark.parametrize("kind", list(Data))
async def test_what_is_withheld_is_not_on_the_wire_and_without_the_switch_it_is(chat_with, kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    call, secret = REVEALING[kind]
    secret = secret or str(tmp_path)
    assert secret in await on_the_wire(chat_with, call, frozenset())
    withheld = await on_the_wire(chat_with, call, {kind})
    assert secret not in withheld
    assert "withheld by the user" in withheld or "does not send" in withheld or "<file>" in withheld
    assert "please look" in withheld


@pytest.mark.parametrize("kind", list(Data))
async def test_nothing_is_withheld_from_a_model_on_this_machine(chat_with, kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    call, secret = REVEALING[kind]
    assert (secret or str(tmp_path)) in await on_the_wire(chat_with, call, {kind}, here=True)


async def test_distances_counts_and_names_stay_where_coordinates_sequences_and_files_are_withheld(chat_with):
    call = ("measure", {"what": "distance", "selections": ["chain A and resi 25 and name CG", "organic"]})
    sent = await on_the_wire(chat_with, call, {Data.COORDINATES, Data.SEQUENCES, Data.FILE_NAMES, Data.IMAGES})
    assert "/1hpv//A/ASP`25/CG" in sent
    assert "Å between the nearest atoms" in sent
    assert "withheld" not in sent


@pytest.mark.parametrize(
    "commands",
    ["iterate_state 1, organic, print(x, y, z)", "print(cmd.get_extent('organic'))", "print(cmd.get_pdbstr('organic'))",
     "print(cmd.get_view())", "get_view", "print(cmd.get_model('organic').get_coord_list())",
     "iterate_state 1, organic, print(name, dict(x=x, y=y, z=z))"],
)  # fmt: skip
async def test_what_commands_print_loses_its_coordinates(chat_with, commands, hiv_protease):
    sent = await on_the_wire(chat_with, run(commands), {Data.COORDINATES})
    result = json.loads(sent)[-1]["content"]
    assert "withheld by the user" in result
    x, y, z = hiv_protease.get_model("organic").atom[0].coord
    assert not all(f"{value:.2f}"[:-1] in result for value in (x, y, z))


@pytest.mark.parametrize(
    "commands",
    ["print(cmd.get_fastastr('chain A'))", "iterate chain A and name CA, print(resn, resi)",
     "iterate chain A and name CA, print(oneletter)", "print([a.resn for a in cmd.get_model('name CA').atom])"],
)  # fmt: skip
async def test_what_commands_print_loses_its_sequence(chat_with, commands):
    sent = await on_the_wire(chat_with, run(commands), {Data.SEQUENCES})
    result = json.loads(sent)[-1]["content"]
    assert "withheld by the user" in result
    for shown in ("PQITLW", "PRO 1\\nGLN 2", "PRO 1\nGLN 2", "P\nQ\nI\nT", "'PRO', 'GLN', 'ILE'"):
        assert shown not in result


async def test_a_file_that_is_loaded_and_one_that_is_not_there_keep_their_names(chat_with, tmp_path, hiv_protease):
    path = tmp_path / "my secret target.pdb"
    hiv_protease.save(str(path), "organic")
    for commands in (f"load {path}", f"load {tmp_path}/hidden_project.cif"):
        sent = await on_the_wire(chat_with, run(commands), {Data.FILE_NAMES})
        results = [message["content"] for message in json.loads(sent) if message["role"] == "tool"]
        assert "secret target.pdb" not in results[-1]
        assert "hidden_project" not in results[-1]
        assert str(tmp_path) not in results[-1]


async def test_the_name_of_a_file_that_a_call_was_about_is_known_without_an_ending(chat_with):
    call = ("open", {"path": "/data/My Target"})
    for withheld, told in ((frozenset(), "Opened My Target"), ({Data.FILE_NAMES}, "Opened <file>")):
        sent = await on_the_wire(chat_with, call, withheld)
        assert json.loads(sent)[-1]["content"] == f"{told} (35 atoms)."


async def test_the_users_own_words_are_sent_as_written(chat_with):
    words = "Mutate /home/me/a.pdb at (1.25, 2.5, 3.75) to PQITLWQRPLVTIK"
    with ScriptedModel("Done.") as server:
        conversation = chat_with(server)
        conversation.outgoing.withheld = frozenset(Data)
        await conversation.prompt(words)
    assert server.requests[0]["messages"][-1]["content"] == words


async def test_notes_before_the_users_words_are_filtered(chat_with, hiv_protease):
    with ScriptedModel("One.", "Two.") as server:
        conversation = chat_with(server)
        conversation.outgoing.withheld = {Data.FILE_NAMES}
        await conversation.prompt("hello")
        hiv_protease.create("secret_target.pdb", "organic")
        await conversation.prompt("look at it.pdb")
    note, words = server.requests[1]["messages"][-1]["content"].rsplit("\n", 1)
    assert "changed by hand" in note
    assert "secret_target" not in note
    assert words == "look at it.pdb"


async def test_a_switch_also_filters_what_is_in_the_chat_already_and_works_in_both_directions(chat_with):
    with ScriptedModel(query("center", "organic"), "There.", ("photograph", {}), "Seen.", "Two.", "Three.") as server:
        conversation = chat_with(server)
        await conversation.prompt("where is it?")
        await conversation.prompt("look")
        conversation.outgoing.withheld = {Data.COORDINATES, Data.IMAGES}
        await conversation.prompt("and now?")
        conversation.outgoing.withheld = frozenset()
        await conversation.prompt("and now?")
    before, hidden, again = (json.dumps(server.requests[number]["messages"]) for number in (3, 4, 5))
    for secret in ("16.23", "iVBORw0KGgo"):
        assert secret in before
        assert secret not in hidden
        assert secret in again


SAID = "It sits at **16.23, -4.62 and 7.81**; saved as /home/me/secret.pdb, sequence PQITLWQRPL."
SECRETS = ("16.23", "-4.62", "secret", "PQITLWQRPL")


@pytest.fixture
def elsewhere(monkeypatch):
    """Makes `groq:m` a model elsewhere, which this server stands for."""

    def make(server):
        monkeypatch.setenv("HTTP_PROXY", server.base_url.removesuffix("/v1"))
        paths.user_folder().mkdir(parents=True, exist_ok=True)
        (paths.user_folder() / "config.yaml").write_text(f"base_urls: {{groq: '{ELSEWHERE}'}}")

    return make


def of(request, *roles):
    return json.dumps([item for item in request["messages"] if item["role"] in roles], ensure_ascii=False)


KINDS = {Data.COORDINATES, Data.SEQUENCES, Data.FILE_NAMES}
CALL = run("pseudoatom p, pos=[16.23, -4.62, 7.81]\n# /home/me/secret.pdb")


async def test_what_a_model_on_this_machine_wrote_is_filtered_for_one_elsewhere(chat_with, elsewhere):
    with ScriptedModel(CALL, SAID) as here, ScriptedModel("I see (1.25, 2.5, 3.75).", "Still.", "All.") as there:
        elsewhere(there)
        conversation = chat_with(here, here=True, GROQ_API_KEY="canary-key-0123")
        conversation.outgoing.withheld = KINDS
        assert (await conversation.prompt("where is it?")).stop_reason == "done"
        await conversation.use_model("groq:m")
        for kinds in (KINDS, {Data.TEXT}, frozenset()):
            conversation.outgoing.withheld = kinds
            end = await conversation.prompt("and now?")
            assert end.stop_reason == "done", end.message
    hidden, nothing, all_of_it = (of(request, "assistant", "tool") for request in there.requests)
    for secret in SECRETS:
        assert secret not in hidden
        assert secret not in nothing
        assert secret in all_of_it
    assert "It sits at" in hidden
    assert "run_pymol" in hidden
    assert "withheld by the user" in hidden
    assert "It sits at" not in nothing
    assert "I see (1.25, 2.5, 3.75)." in nothing, "it wrote that itself"
    assert "where is it?" in of(there.requests[0], "user")


async def test_a_fallback_elsewhere_gets_the_steps_of_the_same_turn_filtered(chat_with, elsewhere, monkeypatch):
    monkeypatch.setattr(build, "_N_RETRIES", 0)
    with ScriptedModel(CALL, Status(503)) as here, ScriptedModel("Instead.") as there:
        elsewhere(there)
        conversation = chat_with(here, here=True, GROQ_API_KEY="canary-key-0123", PYMOLCODE_FALLBACK="groq:m")
        conversation.outgoing.withheld = KINDS
        assert (await conversation.prompt("where is it?")).stop_reason == "done"
    sent = of(there.requests[0], "assistant", "tool")
    assert "run_pymol" in sent
    for secret in SECRETS[:3]:
        assert secret not in sent


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [
        ({"commands": "color red, chain A", "n": 3, "names": ["A", "B"]}, None),
        ({"x": 1.25, "y": 2.5, "z": 3.75}, {}),
        ({"pos": [1.25, 2.5, 3.75], "name": "p"}, {"name": "p"}),
        ({"at": {"x": 1.25, "y": 2.5, "z": 3.75}}, {}),
        ("1.25, 2.5, 3.75", {}),
        ('{"pos": [1.25, 2.5, 3.75], "name": "p"}', {"name": "p"}),
        ('{"pos": [1.25, 2.5, 3.75', {}),
        (None, {}),
    ],
)
def test_of_the_arguments_of_a_call_only_what_is_withheld_goes(arguments, kept):
    from pydantic_ai.messages import ModelRequest, ModelResponse, ToolCallPart
    from pydantic_ai.models.test import TestModel

    from pymolcode_plugin.agent.gate import Gate

    made = outgoing(withhold={Data.COORDINATES})
    choice = Choice(provider="groq", api="chat", name="m", base_url="https://api.groq.com/openai/v1")
    made.model_is(choice.base_url, choice.name)
    call = ModelResponse(parts=[ToolCallPart(tool_name="t", args=arguments, tool_call_id="c")])
    (_request, passed) = Gate(TestModel(), made, choice)._filtered_messages([ModelRequest(parts=[]), call])
    found = passed.parts[0].args
    assert json.loads(json.dumps(found)) == found
    if kept is None:
        assert found == arguments
        return
    assert kept.items() <= found.items()
    for number in ("1.25", "2.5", "3.75"):
        assert number not in str(found)


async def test_the_lock_refuses_a_model_elsewhere_before_anything_is_sent(chat_with):
    with ScriptedModel("Never.") as server:
        conversation = chat_with(server, PYMOLCODE_THIS_MACHINE_ONLY="1")
        end = await conversation.prompt("hello")
        assert server.requests == []
    assert end.stop_reason == "failed"
    assert "models.example does not run on this machine" in end.message
    assert "pymolcode model fetch" in end.message
    assert conversation.outgoing.last_request() == ""


async def test_the_lock_in_mid_session_fails_the_next_turn_with_words(chat_with):
    with ScriptedModel("One.", "Two.") as server:
        conversation = chat_with(server)
        assert (await conversation.prompt("hello")).stop_reason == "done"
        conversation.outgoing.this_machine_only = True
        end = await conversation.prompt("still there?")
        assert len(server.requests) == 1
        conversation.outgoing.this_machine_only = False
        assert (await conversation.prompt("and now?")).stop_reason == "done"
    assert end.stop_reason == "failed"
    assert "`This machine only` is on" in end.message
    assert "pymolcode model fetch" in end.message


async def test_the_lock_before_the_first_turn_keeps_the_endpoint_from_being_asked_for_its_models(chat_with):
    with ScriptedModel("Hello.") as server:
        conversation = chat_with(server, PYMOLCODE_MODEL="")
        conversation.outgoing.this_machine_only = True
        assert (await conversation.prompt("hello")).stop_reason == "failed"
        assert (server.n_listed, server.requests) == (0, [])
        conversation.outgoing.this_machine_only = False
        assert (await conversation.prompt("hello")).stop_reason == "done"
        assert server.n_listed == 1


async def test_the_lock_leaves_a_model_on_this_machine_alone(chat_with):
    with ScriptedModel("Hello.") as server:
        conversation = chat_with(server, here=True, PYMOLCODE_THIS_MACHINE_ONLY="1")
        assert (await conversation.prompt("hello")).stop_reason == "done"
    assert conversation.outgoing.statement() == "Everything stays on this machine."


async def test_what_is_meant_for_this_machine_goes_through_no_proxy(chat_with, monkeypatch):
    with ScriptedModel("Proxy.") as proxy, ScriptedModel("Hello.") as server:
        for name in ("HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.base_url.removesuffix("/v1"))
        await chat_with(server, here=True).prompt("hello")
    assert len(server.requests) == 1
    assert proxy.requests == []


async def test_a_redirect_is_not_followed(chat_with):
    with ScriptedModel("Caught.") as elsewhere, ScriptedModel(Status(307)) as server:
        server.location = f"http://127.0.0.1:{elsewhere.base_url.split(':')[2]}/chat/completions"
        end = await chat_with(server, here=True).prompt("hello")
        assert elsewhere.requests == []
    assert end.stop_reason == "failed"


@pytest.mark.parametrize("turn", ["Hello.", Status(401, f"bad key {KEY}")])
async def test_the_last_request_can_be_read_and_is_nowhere_else(chat_with, turn, tmp_path, caplog, restored):
    logs.configure(tmp_path / "logs")
    caplog.set_level(logging.DEBUG)
    with ScriptedModel(("photograph", {}), turn) as server:
        conversation = chat_with(server)
        await conversation.prompt("canary of the content")
    text = conversation.outgoing.last_request()
    assert text.startswith(f"POST {ELSEWHERE}/chat/completions\n")
    assert "canary of the content" in text
    assert "(picture, 3 kB)" in text
    assert "AAAAAAAA" not in text
    assert KEY not in text
    assert "authorization" not in text.lower()
    assert server.headers[-1]["authorization"] == f"Bearer {KEY}"
    conversation.close()
    written = [path for path in (*tmp_path.rglob("*"), *paths.user_folder().rglob("*")) if path.is_file()]
    assert any(path.name == "transcript.jsonl" for path in written)
    for path in written:
        content = path.read_text(errors="replace")
        assert KEY not in content, path
        assert "chat/completions" not in content, path
    assert KEY not in caplog.text
    assert "canary of the content" not in caplog.text


def outgoing(**found):
    made = Outgoing(Policy(Rules(paths.rules_file())))
    made.begin_with(settings.Settings(**found))
    return made


def test_the_statement_says_what_goes_where():
    made = outgoing()
    assert made.statement() == "No model is chosen yet; nothing has been sent."
    made.model_is("")
    assert made.statement() == "Everything stays on this machine."
    made.model_is("https://api.openai.com/v1", "gpt")
    made.withheld = {Data.IMAGES, Data.FILE_NAMES}
    assert made.statement() == (
        "To api.openai.com: what you write, names and numbers of the scene, coordinates, sequences."
        " Not: images, file names."
    )
    made.this_machine_only = True
    assert made.statement() == "`This machine only` is on: nothing is sent to api.openai.com."


def test_the_statement_says_where_a_connection_is_not_encrypted_and_where_a_server_passes_it_on():
    made = outgoing()
    made.model_is("http://gpu.lab/v1", "x")
    assert made.statement().startswith("To gpu.lab, unencrypted: ")
    made.model_is("http://127.0.0.1:11434/v1", "big:cloud")
    assert made.leaves_machine
    assert "passes `big:cloud` on" in made.statement()


def test_without_the_text_nothing_goes_but_the_users_words():
    made = outgoing(withhold={Data.TEXT})
    made.model_is("https://api.openai.com/v1")
    assert made.statement().startswith("To api.openai.com: what you write. Not: names and numbers of the scene,")


def test_settings_are_the_beginning_and_what_was_switched_by_hand_stays():
    made = outgoing(withhold={Data.IMAGES}, this_machine_only=True)
    assert (made.withheld, made.this_machine_only) == ({Data.IMAGES}, True)
    made.withheld = set()
    made.this_machine_only = False
    made.begin_with(settings.Settings(withhold={Data.IMAGES}, this_machine_only=True))
    assert (made.withheld, made.this_machine_only) == (frozenset(), False)


def test_the_lock_is_the_doors_too():
    from pymolcode_plugin.core.errors import Denied
    from pymolcode_plugin.core.risk import Assessment

    policy = Policy(Rules(paths.rules_file()))
    Outgoing(policy).this_machine_only = True
    with pytest.raises(Denied, match="nothing is fetched"):
        policy.to_ask(Assessment(risks=frozenset({Risk.NET})), "/")


def test_an_address_is_refused_only_by_the_lock_and_only_elsewhere():
    made = outgoing()
    made.check_address("https://files.rcsb.org/download/1hpv.cif")
    made.this_machine_only = True
    made.check_address("http://127.0.0.1:8000/mcp")
    with pytest.raises(ConfigError, match=r"files\.rcsb\.org is not on this machine"):
        made.check_address("https://files.rcsb.org/download/1hpv.cif")
