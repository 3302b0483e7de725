import pytest

from pymolcode_plugin.agent.compact.compact_profile import CompactProfile
from pymolcode_plugin.core.errors import StreamBroken
from pymolcode_plugin.core.events import TextDelta
from pymolcode_plugin.core.ports import Completion
from pymolcode_plugin.core.tool import Context, ToolResult
from pymolcode_plugin.tools.catalogue import TOOLS


class Written:
    """A model that writes what a test says, and remembers what it was asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.prompts, self.grammars = [], []

    async def complete(self, prompt, *, grammar, max_tokens):
        self.prompts.append(prompt)
        self.grammars.append(grammar)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return Completion(text=answer, n_prompt=10, n_generated=5)

    async def warm(self, prefix):
        return 0.0


class Front:
    def __init__(self, gateway, model):
        self.calls, self.said = [], ""

        async def call_tool(call_id, name, arguments):
            self.calls.append((name, arguments))
            tool = {tool.name: tool for tool in TOOLS}[name]
            return await tool.run(tool.args.model_validate(arguments), Context(gateway, None, None, call_id))

        self.profile = CompactProfile(model, gateway, call_tool)

    async def say(self, text):
        self.calls.clear()
        self.said = ""
        return await self.profile.run("t", text, self._emit)

    def _emit(self, event):
        assert isinstance(event, TextDelta)
        self.said += event.text


async def test_an_understood_request_runs_without_the_model(gateway, hiv_protease):
    front = Front(gateway, Written())
    await front.say("color chain A red")
    assert front.calls == [("run_pymol", {"commands": "color red, chain A"})]
    assert hiv_protease.count_atoms("color red and chain A") == 758


async def test_anything_else_goes_to_the_model_after_the_fixed_prefix(gateway, hiv_protease):
    model = Written("color blue | chain=B\n")
    front = Front(gateway, model)
    usage = await front.say("gimme blue for the second guy, chain B")
    assert model.prompts[0].startswith(front.profile.prefix)
    assert usage.n_output_tokens == 5
    assert hiv_protease.count_atoms("color blue and chain B") == 758


async def test_a_target_that_matches_nothing_is_mended_once(gateway, hiv_protease):
    model = Written("color blue | chain=C\n", "color blue | chain=B\n")
    front = Front(gateway, model)
    await front.say("gimme blue for the second guy")
    assert "Nothing matches chain C" in model.prompts[1]
    assert "chains A, B" in model.prompts[1]
    assert front.calls == [("run_pymol", {"commands": "color blue, chain B"})]


async def test_after_one_mending_the_user_is_told_and_nothing_runs(gateway, hiv_protease):
    front = Front(gateway, Written("color blue | chain=C\n", "color blue | chain=D\n"))
    await front.say("gimme blue for the second guy")
    assert front.calls == []
    assert "Nothing matches chain C" in front.said


async def test_what_is_not_of_the_language_touches_nothing(gateway, hiv_protease):
    front = Front(gateway, Written("rm -rf everything"))
    await front.say("gimme blue for the second guy")
    assert front.calls == []
    assert "did not understand" in front.said


async def test_it_is_what_was_spoken_of(gateway, hiv_protease):
    front = Front(gateway, Written())
    await front.say("color chain A red and chain B blue")
    await front.say("show them as lines")
    assert [call[1]["commands"] for call in front.calls] == ["show lines, chain A", "show lines, chain B"]


async def test_an_attached_selection_is_what_this_means(gateway, hiv_protease):
    front = Front(gateway, Written())
    hiv_protease.select("site", "resi 25")
    await front.say("[Attached selection `site`: 16 atoms, 2 residues.]\ncolor this magenta")
    assert front.calls == [("run_pymol", {"commands": "color magenta, %site"})]


async def test_a_new_chat_forgets_what_was_spoken_of(gateway, hiv_protease):
    front = Front(gateway, Written())
    await front.say("color chain A red")
    front.profile.forget()
    await front.say("color it blue")
    assert front.calls == [("run_pymol", {"commands": "color blue, all"})]


async def test_in_an_empty_scene_it_says_what_to_do(gateway, cmd):
    front = Front(gateway, Written())
    await front.say("color chain A red")
    assert front.calls == []
    assert "Nothing is loaded" in front.said


async def test_numbers_come_from_pymol(gateway, hiv_protease):
    front = Front(gateway, Written())
    await front.say("how far is asp 25 CG of chain A from asp 25 CG of chain B")
    expected = hiv_protease.get_distance("chain A and resi 25 and name CG", "chain B and resi 25 and name CG")
    assert f"{expected:.2f} Å" in front.said


async def test_a_failed_step_ends_the_step_and_is_said(gateway, hiv_protease):
    front = Front(gateway, Written())

    async def call_tool(call_id, name, arguments):
        return ToolResult(ok=False, error="The user did not allow this.")

    front.profile._call_tool = call_tool
    await front.say("remove the waters")
    assert "did not allow" in front.said


async def test_a_model_that_dies_is_an_error_of_the_turn(gateway, hiv_protease):
    front = Front(gateway, Written(StreamBroken("gone")))
    with pytest.raises(StreamBroken):
        await front.say("gimme blue for the second guy")
    assert front.calls == []


async def test_the_grammar_offers_what_is_there_and_what_was_said(gateway, hiv_protease):
    model = Written("color blue | chain=B\n")
    await Front(gateway, model).say("gimme blue for the second guy, chain B, please now")
    assert '"blue"' in model.grammars[0]
    assert '"red"' not in model.grammars[0]
    assert '("A" | "B")' in model.grammars[0]
    assert "remove" not in model.grammars[0]


async def test_their_atoms_are_those_of_what_was_spoken_of(gateway, hiv_protease):
    front = Front(gateway, Written())
    await front.say("show residues within 5 A of the ligand as sticks and label their CA atoms")
    labelled, near = set(), set()
    hiv_protease.iterate("all", "label and note((chain, resi, name))", space={"note": labelled.add})
    hiv_protease.iterate(
        "name CA and byres (polymer within 5 of organic)", "note((chain, resi, name))", space={"note": near.add}
    )
    assert labelled == near


async def test_a_new_object_is_what_it_means_next(gateway, hiv_protease):
    front = Front(gateway, Written())
    await front.say("create an object mono from chain A and color it teal")
    assert hiv_protease.count_atoms("%mono and color teal") == 758
    assert hiv_protease.count_atoms("%1hpv and color teal") == 0


async def test_a_selection_made_in_pieces_by_the_model_is_one(gateway, hiv_protease):
    front = Front(gateway, Written("select arom | resn=PHE; select arom | resn=TYR; select arom | resn=TRP\n"))
    await front.say("select all the aromatics (Phe, Tyr, Trp) and call the selection arom")
    assert hiv_protease.count_atoms("%arom") == hiv_protease.count_atoms("resn PHE+TYR+TRP")


async def test_nothing_happens_twice_because_the_model_says_it_twice(gateway, hiv_protease):
    front = Front(gateway, Written("color red | chain=A; color red | chain=A\n"))
    await front.say("gimme red for the first guy")
    assert len(front.calls) == 1


async def test_the_turn_before_is_said_again_for_something_else(gateway, hiv_protease):
    front = Front(gateway, Written())
    await front.say("color chain A red")
    await front.say("and chain B too")
    assert front.calls == [("run_pymol", {"commands": "color red, chain B"})]
    front.profile.forget()
    assert front.profile._before == []


async def test_it_is_the_object_that_was_named_last(gateway, hiv_protease):
    front = Front(gateway, Written())
    await front.say("copy chain B to a new object called monoB")
    await front.say("rename it to protB")
    await front.say("and disable it")
    assert hiv_protease.get_names() == ["1hpv", "protB"]
    assert hiv_protease.get_names(enabled_only=1) == ["1hpv"]


async def test_a_second_angle_is_measured_although_the_first_made_an_object_of_that_name(gateway, hiv_protease):
    front = Front(gateway, Written())
    await front.say("measure the N-CA-C angle of residue 25 of chain A")
    assert "angle" in hiv_protease.get_names()
    await front.say("measure the N-CA-C angle of residue 26 of chain A")
    assert "angle_2" in hiv_protease.get_names()
    assert "**Angle:**" in front.said


async def test_a_word_that_was_left_out_is_said(gateway, hiv_protease):
    front = Front(gateway, Written())
    await front.say("color chain A vividly red")
    assert "I do not know “vividly”" in front.said
    assert hiv_protease.count_atoms("color red and chain A") == 758


async def test_only_the_clause_that_is_not_understood_goes_to_the_model(gateway, hiv_protease):
    model = Written("zoom | ligand\n")
    front = Front(gateway, model)
    await front.say("color chain A red, zoom on the frobs and make the background white")
    assert "color chain A red" not in model.prompts[0].splitlines()[-2]
    assert [call[1]["commands"] for call in front.calls] == ["color red, chain A", "zoom organic, 4", "bg_color white"]


async def test_the_protein_is_the_one_that_is_seen(gateway, hiv_protease, shipped):
    hiv_protease.load(str(shipped / "demo" / "il2.pdb"), quiet=1)
    front = Front(gateway, Written())
    await front.say("turn off il2")
    await front.say("color the protein orange")
    assert hiv_protease.count_atoms("il2 and color orange") == 0
    assert hiv_protease.count_atoms("1hpv and color orange") == 1516


async def test_the_atom_and_the_chain_said_once_are_meant_for_all_ends(gateway, hiv_protease):
    front = Front(gateway, Written())
    await front.say("angle between CA of 24, 25 and 26 in chain A")
    atoms = [f"chain A and resi {number} and name CA" for number in (24, 25, 26)]
    assert f"{hiv_protease.get_angle(*atoms):.1f}°." in front.said


async def test_the_chain_that_a_request_names_is_not_lost_by_the_model(gateway, hiv_protease):
    front = Front(gateway, Written("color red | resi=25\n"))
    await front.say("let the frobnicated residue 25 of chain B glow red")
    assert hiv_protease.count_atoms("color red and chain A and elem C") == 0
    assert hiv_protease.count_atoms("color red and chain B and resi 25") > 0


@pytest.mark.parametrize("written", ["color red | ligand resi=25", "color red | resn=HIS resi=25"])
async def test_a_word_of_the_model_that_contradicts_the_residue_is_dropped(gateway, hiv_protease, written):
    front = Front(gateway, Written(written + "\n"))
    await front.say("may the frobs and blobs and residue 25 glow red")
    assert front.calls == [("run_pymol", {"commands": "color red, resi 25"})]


async def test_the_neighbourhood_of_the_ligand_is_not_the_ligand(gateway, hiv_protease):
    front = Front(gateway, Written("tell residues | ligand near=4:ligand\n"))
    await front.say("who frobnicates and blobs around the drug")
    assert "25 residues" in front.said


async def test_it_goes_on_where_it_was_in_another_pymol(gateway, hiv_protease):
    before = Front(gateway, Written())
    await before.say("color chain A red")
    data = before.profile.remembered()()
    after = Front(gateway, Written())
    assert not after.profile.remembers
    assert after.profile.remind(data)
    assert after.profile.remembers
    await after.say("color it blue")
    assert hiv_protease.count_atoms("color blue and chain A") == 758
    assert hiv_protease.count_atoms("color blue and chain B") == 0


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b'{"profile": "full", "messages": []}', b'{"profile": "compact"}',
     b'{"profile": "compact", "said_before": "", "steps": "explode", "it": []}'],
)  # fmt: skip
async def test_the_memory_of_another_kind_is_not_taken(gateway, data):
    front = Front(gateway, Written())
    assert not front.profile.remind(data)
    assert not front.profile.remembers


@pytest.mark.parametrize(
    ("request_text", "commands"),
    [
        ("colour @/1hpv//A red", "color red, %1hpv and chain A"),
        ("colour @1hpv blue.", "color blue, %1hpv"),
        ("show @site as sticks", "as sticks, %site"),
    ],
)
async def test_a_mention_is_understood_as_one_would_say_it(gateway, hiv_protease, request_text, commands):
    hiv_protease.select("site", "resi 25")
    hiv_protease.fragment("ala")
    front = Front(gateway, Written())
    await front.say(request_text)
    assert [arguments for _, arguments in front.calls] == [{"commands": commands}]


async def test_it_is_the_residue_that_was_mentioned_whose_name_has_a_mark_in_it(gateway, hiv_protease):
    front = Front(gateway, Written())
    await front.say("[Attached selection `/1hpv///478`200`: 35 atoms, 1 residue.]\ncolour it red")
    assert hiv_protease.count_atoms("color red and organic") == 35
    assert hiv_protease.count_atoms("color red and not organic and elem C") == 0


async def test_it_sees_no_picture_and_cannot_be_told_anything_meanwhile(gateway):
    profile = Front(gateway, Written()).profile
    assert (profile.sees, profile.steers) == (False, False)
