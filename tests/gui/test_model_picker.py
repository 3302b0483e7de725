import pytest

from pymolcode_plugin.core.model_info import Capabilities, ModelInfo, Price

from .test_sign_in_dialog import heard, key, press

pytestmark = pytest.mark.usefixtures("qt_application")


def model(name, provider="openrouter", **more):
    return ModelInfo(provider=provider, id=name, **more)


SEES = Capabilities(tools=True, images=True)
BUILTIN = model("qwen3", "builtin", title="Qwen 3", price=Price(input_usd=0.0, output_usd=0.0), context_window=8192)
GEMINI = model(
    "google/gemini",
    title="Gemini",
    capabilities=SEES,
    price=Price(input_usd=1.25, output_usd=10),
    context_window=1_048_576,
)
PLAIN = model("deaf/one", capabilities=Capabilities(tools=False))


def offer(provider, **more):
    from pymolcode_plugin.gui.model_rows import Offer

    return Offer(provider=provider, title=more.pop("title", provider.title()), **more)


@pytest.fixture
def picker():
    from pymolcode_plugin.gui.model_picker import ModelPicker

    made = ModelPicker(None)
    made.show_offers(
        [
            offer("builtin", title="Built-in model", models=(BUILTIN,)),
            offer("openrouter", title="OpenRouter", state="Signed in", models=(GEMINI, PLAIN)),
            offer("groq", state="Key in GROQ_API_KEY"),
            offer("xai", problem="xAI refused the key (401).", sign_in_helps=True),
            offer("mistral", problem="mistral did not answer.", sign_in_helps=False),
        ],
        "builtin:qwen3",
    )
    made.show()
    yield made
    made.close()


def said(picker):
    return [row.spoken for row in picker.rows.rows]


def press_mouse(widget, point):
    from pymolcode_plugin.gui.qt import QtCore, QtGui, QtWidgets

    left, none = QtCore.Qt.MouseButton.LeftButton, QtCore.Qt.KeyboardModifier.NoModifier
    for kind in (QtCore.QEvent.Type.MouseButtonPress, QtCore.QEvent.Type.MouseButtonRelease):
        QtWidgets.QApplication.sendEvent(widget, QtGui.QMouseEvent(kind, QtCore.QPointF(point), left, left, none))


def select(picker, title):
    number = next(n for n, row in enumerate(picker.rows.rows) if title in (row.title, row.detail))
    place = picker.view.visualRect(picker.rows.index(number))
    press_mouse(picker.view.viewport(), place.center())


def test_models_stand_below_their_provider_with_badges_window_and_price_the_one_in_use_marked(picker):
    assert said(picker) == [
        "Built-in model",
        "Qwen 3, qwen3, 8k · free, used in this chat",
        "OpenRouter, Signed in",
        "Gemini, google/gemini, tools, sees images, 1M · $1.25 / $10.00",
        "deaf/one, no tools",
        "Groq, Key in GROQ_API_KEY",
        "Asking Groq for its models",
        "Xai",
        "Sign in…, xAI refused the key (401).",
        "Mistral",
        "Try again, mistral did not answer.",
    ]
    assert picker.chosen_row().model == BUILTIN


def test_what_a_screen_reader_says_is_what_the_view_has(picker):
    from pymolcode_plugin.gui.qt import QtCore

    index = picker.rows.index(3)
    assert index.data(QtCore.Qt.ItemDataRole.AccessibleTextRole).startswith("Gemini, google/gemini, tools")
    assert not picker.rows.flags(picker.rows.index(0)) & QtCore.Qt.ItemFlag.ItemIsSelectable


@pytest.mark.parametrize(
    ("words", "left"),
    [("gemini images", ["Gemini"]), ("openrouter deaf", ["deaf/one"]), ("builtin", ["Qwen 3"]), ("no such", [])],
)
def test_search_goes_over_providers_names_ids_and_badges(picker, words, left):
    picker.search.setText(words)
    assert [row.title for row in picker.rows.rows if row.model] == left
    assert picker._nothing.isHidden() == bool(left)
    assert picker.use.isEnabled() == bool(left)


def test_a_model_is_chosen_from_the_search_field_by_the_keyboard_alone(picker):
    chosen = heard(picker.chosen)
    picker.search.setText("openrouter")
    press(picker.search, key("Down"))
    press(picker.search, key("Return"))
    assert chosen == [("openrouter:deaf/one", False)]
    picker.search.setText("gemini")
    picker.always.setChecked(True)
    press(picker.search, key("Return"))
    assert chosen[1:] == [("openrouter:google/gemini", True)]


def test_a_model_that_no_list_names_is_chosen_by_its_name(picker):
    chosen = heard(picker.chosen)
    picker.show_offer(offer("azure", models=(), note="Type azure:NAME above."))
    assert said(picker)[-2:] == ["Azure", "Type azure:NAME above."]
    picker.search.setText("azure:my-own-GPT")
    press(picker.search, key("Return"))
    picker.search.setText("openrouter:deaf/one")
    assert [row.title for row in picker.rows.rows if row.model] == ["deaf/one"]
    assert chosen == [("azure:my-own-GPT", False)]


def test_letters_typed_in_the_list_are_searched_for(picker):
    press(picker.view, key("D"), "d")
    assert picker.search.text() == "d"
    assert picker.chosen_row().model is not None


def test_what_failed_offers_what_would_help(picker):
    retried, signed_in = heard(picker.retry_requested), heard(picker.sign_in_requested)
    picker.search.setText("mistral")
    assert picker.use.text() == "Try again"
    press(picker.search, key("Return"))
    picker.search.setText("xai")
    assert picker.use.text() == "Sign in…"
    select(picker, "Sign in…")
    picker.sign_in.click()
    assert retried == [("mistral",)]
    assert signed_in == [("xai",), ("",)], "a click on the row is enough"


def test_answers_come_one_by_one_and_what_was_chosen_stays_chosen(picker):
    select(picker, "Gemini")
    picker.show_offer(offer("groq", models=(model("fast", "groq"),)))
    picker.show_offer(offer("mistral", models=(model("small", "mistral"),)))
    picker.hide_offer("xai")
    assert picker.chosen_row().model == GEMINI
    assert [row.title for row in picker.rows.rows if row.kind == "heading"] == [
        "Built-in model",
        "OpenRouter",
        "Groq",
        "Mistral",
    ]


def test_the_sign_that_something_is_asked_for_turns_only_as_long_as_it_is(picker):
    assert picker._clock.isActive()
    picker._on_clock_timeout()
    assert picker.rows.turn_deg == 330
    picker.show_offer(offer("groq", models=()))
    picker._on_clock_timeout()
    assert not picker._clock.isActive()


def test_why_this_model_shows_every_layer_and_the_one_that_decided(picker):
    from pymolcode_plugin.gui.model_picker import Layer

    picker.show_why([Layer(name="this chat"), Layer(name="sign-in", found="signed in to xAI", used=True)], "because")
    assert picker.why.isHidden()
    picker.why_button.click()
    assert not picker.why.isHidden()
    assert picker.why.toPlainText().splitlines()[1:] == ["– this chat: nothing", "✓ sign-in: signed in to xAI"]


def test_of_five_hundred_models_a_search_draws_only_the_rows_in_view(picker, monkeypatch):
    from pymolcode_plugin.gui.model_delegate import ModelDelegate

    drawn, paint = [], ModelDelegate.paint

    def noted(self, painter, option, index):
        drawn.append(index.row())
        paint(self, painter, option, index)

    monkeypatch.setattr(ModelDelegate, "paint", noted)
    many = tuple(model(f"maker{n % 40}/model-{n}", title=f"Model {n}", capabilities=SEES) for n in range(500))
    picker.show_offer(offer("openrouter", title="OpenRouter", models=many))
    assert len([row for row in picker.rows.rows if row.model]) == 501
    for words, n_found in (("model-4", 111), ("", 501)):
        drawn.clear()
        picker.search.setText(words)
        picker.grab()
        assert len([row for row in picker.rows.rows if row.model]) == n_found
        assert 0 < len(set(drawn)) < 40


def test_it_fits_into_320_px_and_every_row_is_drawn(picker):
    picker.show_offer(offer("openrouter", title="OpenRouter", models=(model("a/" + "long" * 40, capabilities=SEES),)))
    assert picker.minimumSizeHint().width() <= 320
    picker.resize(320, 560)
    assert not picker.grab().isNull()
    assert picker.view.horizontalScrollBar().maximum() == 0
