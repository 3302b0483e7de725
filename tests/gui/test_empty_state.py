import asyncio

import pytest

from pymolcode_plugin.core.errors import GatewayClosed
from pymolcode_plugin.core.scene import ObjectInfo, SceneSnapshot

from .test_sign_in_dialog import heard

pytestmark = pytest.mark.usefixtures("qt_application")
LONG = "Show 478 as sticks with its binding pocket and zoom on it, then label the residues of the pocket"


@pytest.fixture
def empty():
    from pymolcode_plugin.gui.empty_state import EmptyState

    made = EmptyState()
    made.resize(300, 500)
    made.show()
    yield made
    made.close()


def test_an_example_is_told_whole_and_shown_in_lines_that_fit(empty, qt_application):
    empty.show_examples("1hpv", (LONG, "Black & white"))
    qt_application.processEvents()
    button = empty.examples[0]
    assert "\n" in button.text()
    metrics = button.fontMetrics()
    assert all(metrics.horizontalAdvance(line) <= button.width() for line in button.text().split("\n"))
    assert button.height() >= metrics.lineSpacing() * len(button.text().split("\n"))
    asked = heard(empty.example_chosen)
    for each in empty.examples:
        each.click()
    assert asked == [(LONG,), ("Black & white",)]
    assert empty.examples[1].text() == "Black && white"


def test_the_keyboard_stays_where_it_was_when_the_examples_change(empty):
    empty.show_examples("", ("one", "two", "three"))
    before = empty.examples[1]
    before.setFocus()
    empty.show_examples("1hpv", ("four", "five"))
    assert [button.words for button in empty.examples] == ["four", "five"]
    assert empty.focusWidget() is empty.examples[1] is before


def test_the_tour_is_a_button(empty):
    asked = heard(empty.tour_requested)
    empty.tour.click()
    assert asked == [()]


class Scene:
    """Names and objects, and how often they were read."""

    def __init__(self, *names):
        self.loaded, self.n_names, self.n_snapshots, self.error = names, 0, 0, None

    async def names(self):
        self.n_names += 1
        if self.error:
            raise self.error
        return dict.fromkeys(self.loaded, "object:molecule")

    async def snapshot(self):
        self.n_snapshots += 1
        return SceneSnapshot(objects=tuple(ObjectInfo(name=name, type="object:molecule") for name in self.loaded))


@pytest.fixture
def look(empty):
    """Keeps an empty state true to a scene; a look is a call, so that no timer is waited for."""
    from pymolcode_plugin.gui.suggesting import Suggesting

    def make(scene):
        made = Suggesting(empty, scene, look_ms=10_000_000)

        async def again():
            made._look()
            while made._looking is not None:  # noqa: ASYNC110  # it has no event to wait for
                await asyncio.sleep(0)  # the thread that reads YAML

        return made, again

    return make


async def test_what_is_loaded_is_read_when_shown_and_again_only_when_the_objects_change(empty, look):
    scene = Scene()
    _made, again = look(scene)
    await again()
    assert empty._loaded.text() == "Nothing is loaded yet."
    await again()
    assert scene.n_snapshots == 1
    scene.loaded = ("1hpv",)
    await again()
    assert scene.n_snapshots == 2
    assert empty._loaded.text().startswith("Loaded: 1hpv")


async def test_nothing_is_read_while_nobody_sees_it_and_at_once_when_somebody_does(empty, look):
    scene = Scene()
    made, again = look(scene)
    await again()
    empty.hide()
    assert not made._timer.isActive()
    n_before = scene.n_snapshots
    empty.show()
    assert made._timer.isActive()
    await again()
    assert scene.n_snapshots == n_before + 1


async def test_a_pymol_that_quits_is_no_error_here(empty, look):
    scene = Scene("1hpv")
    _made, again = look(scene)
    await again()
    shown = empty._loaded.text()
    scene.error = GatewayClosed("PyMOL is closing.")
    await again()
    assert empty._loaded.text() == shown
