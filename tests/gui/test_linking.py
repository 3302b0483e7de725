import pytest

from pymolcode_plugin.core.errors import GatewayClosed
from pymolcode_plugin.core.events import StepFinished, StepStarted, TextDelta, TurnFinished, TurnStarted
from pymolcode_plugin.core.scene import LigandInfo, NamedSelection, ObjectInfo, SceneSnapshot

pytestmark = pytest.mark.usefixtures("qt_application")

LIGAND = LigandInfo(resn="STI", chain="B", resi="200", n_atoms=35)
SCENE = SceneSnapshot(
    objects=(ObjectInfo(name="1hpv", type="object:molecule", ligands=(LIGAND,)),),
    selections=(NamedSelection(name="site_1", n_atoms=9), NamedSelection(name="agent_link", n_atoms=9)),
)


class Pointing:
    def __init__(self, n_atoms):
        self.n_atoms, self.asked, self.shown = n_atoms, [], []

    async def snapshot(self):
        return SCENE

    async def count_each(self, selections):
        self.asked.append(selections)
        return tuple(self.n_atoms.get(selection, 0) for selection in selections)

    async def show(self, selection):
        self.shown.append(selection)
        return self.n_atoms.get(selection, 0)


@pytest.fixture
def transcript():
    from pymolcode_plugin.gui.transcript import Transcript

    made = Transcript()
    made.resize(340, 600)
    made.show()
    made.add_user("Where is it?")
    yield made
    made.close()


def linking(transcript, pointing, said=None):
    from pymolcode_plugin.gui.linking import Linking

    def failed(error):
        raise error

    return Linking(transcript, pointing, (said if said is not None else []).append, failed)


def linked(transcript):
    from pymolcode_plugin.gui.qt import QtWidgets

    for _ in range(50):
        QtWidgets.QApplication.processEvents()
    blocks = [row.widget for row in transcript.rows if hasattr(row.widget, "_links")]
    return {block.toPlainText()[link.start : link.end]: link.words for block in blocks for link in block._links}


def over(transcript):
    transcript.finish_turn(TurnFinished(turn_id="t", stop_reason="done"))


async def test_only_what_is_in_the_scene_becomes_a_link_and_the_scene_is_asked_once(transcript):
    pointing = Pointing({"resn ASP+ASH and resi 25": 16, "%site_1": 9, "resn STI": 35, "organic": 35})
    call = {"turn_id": "t", "call_id": "c"}
    asked = 'query_atoms {"what":"count","selections":["organic"]}'
    transcript.start_step(StepStarted(**call, tool="query_atoms", title="Count", arguments=asked))
    transcript.finish_step(StepFinished(**call, ok=True, text="35 atoms in 1 residues (chain B of 1hpv)."))
    transcript.append_text(
        "Asp25 and Trp99 hold **STI** (35 atoms) in site_1; not agent_link.\n\n```\nAsp25\n```\n\n"
        "| residue |\n|---|\n| Asp 25 |"
    )
    over(transcript)
    await linking(transcript, pointing).link_seen()
    found = linked(transcript)
    assert set(found) == {"Asp25", "STI", "35 atoms", "site_1", "Asp 25"}
    assert found["Asp25"] == "resn ASP+ASH and resi 25 (16 atoms)\nClick to select as agent_link and zoom in"
    assert len(pointing.asked) == 1


async def test_numbers_of_another_turn_or_of_a_failed_step_link_to_nothing(transcript):
    pointing = Pointing({"organic": 35})
    call = {"turn_id": "t", "call_id": "c"}
    asked = 'query_atoms {"what":"count","selections":["organic"]}'
    transcript.start_step(StepStarted(**call, tool="query_atoms", title="Count", arguments=asked))
    transcript.finish_step(StepFinished(**call, ok=True, text="35 atoms"))
    transcript.add_user("And now?")
    transcript.start_step(StepStarted(**call, tool="query_atoms", title="Count", arguments=asked))
    transcript.finish_step(StepFinished(**call, ok=False, text="35 atoms"))
    transcript.append_text("It has 35 atoms.")
    over(transcript)
    await linking(transcript, pointing).link_seen()
    assert linked(transcript) == {}
    assert pointing.asked == []


async def test_an_answer_that_still_grows_waits(transcript):
    pointing = Pointing({"resn ASP+ASH and resi 25": 16})
    link = linking(transcript, pointing)
    transcript.append_text("Asp25")
    transcript.flush()
    await link.link_seen()
    assert linked(transcript) == {}
    over(transcript)
    await link.link_seen()
    assert set(linked(transcript)) == {"Asp25"}
    await link.link_seen()
    assert len(pointing.asked) == 1, "what is linked is not asked about again"


async def test_older_answers_of_a_chat_that_is_opened_are_linked_once_their_scene_is_there(transcript):
    class Empty(Pointing):
        scene = SceneSnapshot()

        async def snapshot(self):
            return self.scene

    pointing = Empty({"resn ASP+ASH and resi 25": 16})
    link = linking(transcript, pointing)
    transcript.clear()
    transcript.show_events([TurnStarted(turn_id="t", text="x"), TextDelta(turn_id="t", text="Asp25 it is.")])
    await link.link_seen()
    assert linked(transcript) == {}
    pointing.scene = SCENE
    await link.link_seen()
    assert set(linked(transcript)) == {"Asp25"}


async def test_a_turn_without_an_answer_asks_nothing_and_a_pymol_that_closes_is_no_failure(transcript):
    class Closing(Pointing):
        async def snapshot(self):
            raise GatewayClosed("PyMOL is closing")

    pointing = Pointing({})
    await linking(transcript, pointing).link_seen()
    assert pointing.asked == []
    transcript.append_text("Asp25.")
    over(transcript)
    await linking(transcript, Closing({})).link_seen()
    assert linked(transcript) == {}


async def test_an_endless_answer_is_looked_through_in_part(transcript):
    pointing = Pointing({})
    transcript.append_text("\n\n".join(f"Asp{n} is there" for n in range(3000)))
    over(transcript)
    await linking(transcript, pointing).link_seen()
    ((asked,),) = (pointing.asked,)
    assert 0 < len(asked) <= 80


async def test_a_click_on_what_is_gone_says_so(transcript):
    said = []
    pointing = Pointing({"chain A": 758})
    link = linking(transcript, pointing, said)
    await link.show("chain A")
    await link.show("resi 999")
    assert pointing.shown == ["chain A", "resi 999"]
    assert said == ["Nothing in the scene matches resi 999 any more."]
