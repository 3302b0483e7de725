import asyncio

import pytest

from pymolcode_plugin.core.mentions import Mentionable

pytestmark = pytest.mark.usefixtures("qt_application")


class Front:
    """A composer with its list, without a window; what can be mentioned is what the test says."""

    def __init__(self):
        from pymolcode_plugin.gui.completing import Completing
        from pymolcode_plugin.gui.completions_popup import CompletionsPopup
        from pymolcode_plugin.gui.composer import Composer
        from pymolcode_plugin.gui.qt import QtWidgets
        from pymolcode_plugin.gui.slash import SlashCommand, SlashCommands

        self.window = QtWidgets.QWidget()
        layout = QtWidgets.QVBoxLayout(self.window)
        self.composer = Composer()
        layout.addStretch()
        layout.addWidget(self.composer)
        self.popup = CompletionsPopup(self.window)
        self.commands = SlashCommands()
        self.commands.add(SlashCommand("export", "write a script", lambda _rest: None, "[pml|py]"))
        self.found = [Mentionable(kind="object", name="1hpv", written="1hpv", detail="1,631 atoms")]
        self.n_reads, self.clock_s = 0, 1000.0
        self.completing = Completing(self.composer, self.popup, self.commands, self.read)
        self.window.resize(400, 600)
        self.window.show()

    async def read(self):
        self.n_reads += 1
        if isinstance(self.found, Exception):
            raise self.found
        return tuple(self.found)

    async def write(self, text):
        for letter in text:
            self.composer.insertPlainText(letter)
            await asyncio.sleep(0)
        for _ in range(5):
            await asyncio.sleep(0)

    def press(self, key):
        from pymolcode_plugin.gui.qt import QtCore, QtGui, QtWidgets

        press = QtCore.QEvent.Type.KeyPress
        event = QtGui.QKeyEvent(press, key, QtCore.Qt.KeyboardModifier.NoModifier)
        QtWidgets.QApplication.sendEvent(self.composer, event)

    @property
    def rows(self):
        return [line.text for line in self.popup.lines] if self.popup.isVisible() else []

    @property
    def text(self):
        return self.composer.toPlainText()


@pytest.fixture
async def front(qt_application, monkeypatch):
    made = Front()
    monkeypatch.setattr("pymolcode_plugin.gui.completing.monotonic", lambda: made.clock_s)
    yield made
    made.window.close()


@pytest.fixture
def keys():
    from pymolcode_plugin.gui.qt import QtCore

    return QtCore.Qt.Key


async def test_what_can_be_mentioned_is_read_once_for_a_word_however_long_it_takes(front):
    await front.write("what is @")
    assert front.rows == ["Objects", "1hpv"]
    front.clock_s += 100
    await front.write("nothing_like_it")
    assert front.rows == []
    front.clock_s += 100
    await front.write("_at_all")
    assert front.n_reads == 1


async def test_it_is_read_anew_when_the_list_opens_later_and_kept_for_a_moment(front):
    await front.write("@1 and @")
    assert front.n_reads == 1
    await front.write(" ")
    front.clock_s += 4
    await front.write("@")
    assert front.n_reads == 1
    await front.write(" ")
    front.clock_s += 6
    front.found = [Mentionable(kind="object", name="new", written="new")]
    await front.write("@")
    assert (front.n_reads, front.rows) == (2, ["Objects", "new"])


async def test_where_nothing_is_loaded_that_is_said_and_enter_is_no_choice(front, keys):
    front.found = []
    sent = []
    front.composer.submitted.connect(sent.append)
    await front.write("@")
    assert front.rows == ["There is nothing to mention: load a structure first."]
    assert front.composer.accessibleDescription() == front.rows[0]
    front.press(keys.Key_Return)
    assert sent == ["@"]


async def test_a_scene_that_cannot_be_read_offers_nothing_and_writing_goes_on(front):
    front.found = RuntimeError("PyMOL is quitting")
    await front.write("look at @1hpv now")
    assert (front.rows, front.text) == ([], "look at @1hpv now")


async def test_escape_closes_the_list_for_this_word_only(front, keys):
    await front.write("@")
    stopped = []
    front.composer.stop_requested.connect(lambda: stopped.append(True))
    front.press(keys.Key_Escape)
    await front.write("1h")
    assert (front.rows, stopped) == ([], []), "it does not stop the turn"
    await front.write(" @")
    assert front.rows == ["Objects", "1hpv"]
    front.press(keys.Key_Escape)
    front.press(keys.Key_Escape)
    assert stopped == [True], "the second one does"


async def test_a_name_that_needs_quotes_gets_them_and_what_was_written_before_stays(front, keys):
    front.found = [Mentionable(kind="file", name="my file.pdb", written="my file.pdb")]
    await front.write('load @"my f')
    front.press(keys.Key_Tab)
    assert front.text == 'load @"my file.pdb" '
    front.composer.undo()
    assert front.text == 'load @"my f'


async def test_the_words_of_a_command_are_completed_and_sent_by_enter(front, keys):
    sent = []
    front.composer.submitted.connect(sent.append)
    await front.write("/ex")
    front.press(keys.Key_Return)
    assert (front.text, front.rows, sent) == ("/export ", ["pml", "py"], [])
    front.press(keys.Key_Down)
    assert front.composer.accessibleDescription() == "py"
    front.press(keys.Key_Return)
    assert sent == ["/export py"]


async def test_moving_goes_over_headings_and_round_at_the_ends(front, keys):
    kinds = ("object", "object", "scene")
    front.found = [Mentionable(kind=kind, name=f"{kind}{n}", written=f"{kind}{n}") for n, kind in enumerate(kinds)]
    await front.write("@")
    seen = [front.popup.current.text]
    for _ in range(3):
        front.press(keys.Key_Down)
        seen.append(front.popup.current.text)
    front.press(keys.Key_Up)
    seen.append(front.popup.current.text)
    front.press(keys.Key_PageUp)
    seen.append(front.popup.current.text)
    assert seen == ["object0", "object1", "scene2", "object0", "scene2", "object0"]


async def test_the_list_stays_within_the_panel_and_shows_markup_as_text(front):
    front.found = [
        Mentionable(kind="object", name=f"<b>{'x' * 5000}</b>{n}", written=f"x{n}", detail="y" * 900) for n in range(50)
    ]
    await front.write("@")
    frame = front.popup.geometry()
    assert front.window.rect().contains(frame)
    assert frame.bottom() < front.composer.geometry().top()
    assert front.popup.lines[1].text.startswith("<b>")
    assert len(front.popup.lines[1].text) < 400
    assert not front.popup.grab().isNull()


async def test_what_is_recalled_is_not_completed_and_up_goes_on_going_back(front, keys):
    front.composer.recall.put_before(["older", "look at @1h", "/ex"])
    await front.write("draft")
    seen = []
    for key in (keys.Key_Up, keys.Key_Up, keys.Key_Up, keys.Key_Down, keys.Key_Down, keys.Key_Down):
        front.press(key)
        seen.append((front.text, front.rows))
    texts = ["/ex", "look at @1h", "older", "look at @1h", "/ex", "draft"]
    assert seen == [(text, []) for text in texts]
    front.press(keys.Key_Up)
    await front.write("p")
    assert front.rows == ["/export [pml|py]"], "what is then written is"


async def test_an_earlier_prompt_that_is_found_is_not_completed_either(front, keys):
    front.composer.recall.put_before(["look at @1h"])
    front.composer.search_requested.emit()
    assert front.rows == ["Earlier prompts", "look at @1h"]
    front.press(keys.Key_Return)
    assert (front.text, front.rows) == ("look at @1h", [])
