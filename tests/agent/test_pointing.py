import pytest

from pymolcode_plugin.agent.pointing import Pointing
from pymolcode_plugin.core.scene import LINKED


@pytest.fixture
def pointing(gateway, hiv_protease):
    return Pointing(gateway)


async def test_atoms_are_selected_by_name_and_brought_into_view(pointing, hiv_protease):
    before = hiv_protease.get_view()
    assert await pointing.show("resn ASP and resi 25") == 16
    assert hiv_protease.count_atoms(f"%{LINKED}") == 16
    assert hiv_protease.count_atoms(f"%{LINKED} and resi 25") == 16
    assert hiv_protease.get_view() != before


async def test_atoms_that_are_gone_change_nothing(pointing, hiv_protease):
    before = hiv_protease.get_view()
    assert await pointing.show("chain Z") == 0
    assert (hiv_protease.get_names("all"), hiv_protease.get_view()) == (["1hpv"], before)


async def test_what_is_pointed_at_is_no_change_of_the_scene_and_in_no_script(pointing, gateway):
    gateway.take_journal()
    before = await gateway.keep()
    await pointing.show("chain A")
    after = await gateway.keep()
    assert after.hash == before.hash
    assert (await gateway.compare(before.number, after.number)).only_view
    assert gateway.take_journal() == ()
