import pytest
from pydantic import SecretStr

from pymolcode_plugin.auth.credentials import DeviceCode
from pymolcode_plugin.auth.providers import find, providers

pytestmark = pytest.mark.usefixtures("qt_application")
CANARY = "sk-canary-in-a-widget-0123456789"


def entries(**changed):
    from pymolcode_plugin.gui.sign_in_dialog import SignInEntry

    return [SignInEntry(provider=provider, **changed.get(provider.id, {})) for provider in providers()]


@pytest.fixture
def dialog():
    from pymolcode_plugin.gui.sign_in_dialog import SignInDialog

    made = SignInDialog(None)
    made.show_entries(entries(anthropic={"state": "Key in ANTHROPIC_API_KEY"}))
    made.show()
    yield made
    made.close()


def heard(signal):
    got = []
    signal.connect(lambda *values: got.append(values))
    return got


def press(widget, key, text=""):
    from pymolcode_plugin.gui.qt import QtCore, QtGui, QtWidgets

    for kind in (QtCore.QEvent.Type.KeyPress, QtCore.QEvent.Type.KeyRelease):
        event = QtGui.QKeyEvent(kind, key, QtCore.Qt.KeyboardModifier.NoModifier, text)
        QtWidgets.QApplication.sendEvent(widget, event)


def key(name):
    from pymolcode_plugin.gui.qt import QtCore

    return getattr(QtCore.Qt.Key, f"Key_{name}")


def shown(dialog):
    return [dialog.list.topLevelItem(row).text(0) for row in range(dialog.list.topLevelItemCount())]


def form(dialog, kind):
    from pymolcode_plugin.gui import sign_in_forms

    pages = [dialog.tabs.widget(number) for number in range(dialog.tabs.count())]
    return next(page for page in pages if isinstance(page, getattr(sign_in_forms, kind)))


def titles(dialog):
    return [dialog.tabs.tabText(number) for number in range(dialog.tabs.count())]


def test_the_list_shows_every_provider_with_its_state_and_searches_titles_ids_and_states(dialog):
    assert shown(dialog) == [provider.title for provider in providers()]
    dialog.search.setText("anthropic_api")
    assert shown(dialog) == ["Anthropic"]
    dialog.search.setText("hf")
    assert shown(dialog) == ["Hugging Face"]


def test_the_search_field_is_enough_to_reach_a_provider_by_the_keyboard(dialog):
    dialog.search.setText("open")
    press(dialog.search, key("Down"))
    press(dialog.search, key("Return"))
    assert dialog.shown_id == "openrouter"


def test_each_way_to_sign_in_has_its_tab_the_usual_one_first(dialog):
    dialog.open_provider("openai")
    assert titles(dialog) == ["Browser", "Key"]
    assert form(dialog, "OAuthForm").begin.text() == "Continue with ChatGPT"
    dialog.open_provider("groq")
    assert titles(dialog) == ["Key"]
    dialog.open_provider("builtin")
    assert dialog.tabs.currentWidget().text() == "This one needs no sign-in."


def test_where_a_client_id_is_missing_that_is_said_and_the_key_comes_first(dialog):
    dialog.show_entries(entries(google={"missing": "A desktop client of your own."}))
    dialog.open_provider("google")
    assert titles(dialog) == ["Key", "Browser"]
    oauth = form(dialog, "OAuthForm")
    assert oauth.begin.isHidden()
    assert oauth.layout().itemAt(0).widget().text() == "A desktop client of your own."


def test_a_key_is_hidden_goes_out_as_a_secret_and_stays_nowhere_once_saved(dialog):
    dialog.open_provider("groq")
    given, fields = heard(dialog.key_given), form(dialog, "KeyForm")
    assert fields.key.echoMode() == fields.key.Password
    assert not fields.save.isEnabled()
    fields.key.setText(f" {CANARY} ")
    fields.shown.setChecked(True)
    assert fields.key.echoMode() == fields.key.Normal
    press(fields.key, key("Return"))
    ((provider_id, secret, address),) = given
    assert (provider_id, address) == ("groq", "")
    assert isinstance(secret, SecretStr)
    assert secret.get_secret_value() == CANARY
    dialog.show_done("Saved.")
    fields.key.undo()
    assert fields.key.text() == ""
    assert fields.key.echoMode() == fields.key.Password
    assert dialog.result.text() == "Saved."


@pytest.mark.parametrize("leave", ["close", "show_list"])
def test_a_key_that_was_not_saved_stays_nowhere_either(dialog, leave):
    dialog.open_provider("groq")
    fields = form(dialog, "KeyForm")
    fields.key.setText(CANARY)
    getattr(dialog, leave)()
    assert fields.key.text() == ""


def test_a_refused_key_stays_to_be_corrected_and_says_why_in_place(dialog):
    dialog.open_provider("groq")
    fields = form(dialog, "KeyForm")
    fields.key.setText("two words")
    dialog.show_failed("That is no key for Groq: it has spaces.")
    assert fields.key.text() == "two words"
    assert (dialog.result.text(), dialog.result.property("level")) == (
        "That is no key for Groq: it has spaces.",
        "error",
    )


def test_the_page_where_keys_are_had_is_one_press_away(dialog):
    dialog.open_provider("groq")
    opened = heard(dialog.page_requested)
    form(dialog, "KeyForm").page.click()
    assert opened == [(find("groq").key_page,)]
    dialog.open_provider("ollama")
    assert form(dialog, "KeyForm").page.isHidden()


def test_paste_fills_the_field_without_the_line_end_that_came_along(dialog):
    from pymolcode_plugin.gui.qt import QtWidgets

    dialog.open_provider("groq")
    QtWidgets.QApplication.clipboard().setText(f"{CANARY}\n")
    form(dialog, "KeyForm").paste.click()
    assert form(dialog, "KeyForm").key.text() == CANARY
    QtWidgets.QApplication.clipboard().clear()


def test_azure_asks_for_an_address_and_wants_a_web_address(dialog):
    dialog.open_provider("azure")
    given, fields = heard(dialog.key_given), form(dialog, "KeyForm")
    fields.key.setText(CANARY)
    assert not fields.save.isEnabled()
    fields.address.setText("mine.openai.azure.com")
    fields.save.click()
    assert given == []
    assert "http://" in dialog.result.text()
    fields.address.setText("https://mine.openai.azure.com")
    fields.save.click()
    assert given[0][2] == "https://mine.openai.azure.com"


def test_a_code_for_azure_needs_its_address_too(dialog):
    dialog.open_provider("azure")
    requested, oauth = heard(dialog.requested), form(dialog, "OAuthForm")
    assert not oauth.begin.isEnabled()
    oauth.address.setText("https://mine.openai.azure.com")
    oauth.begin.click()
    assert requested == [("azure", "device", "https://mine.openai.azure.com")]


def test_what_is_wrong_with_what_is_stored_stands_below_the_list(dialog):
    assert dialog._trouble.isHidden()
    dialog.show_entries(entries(), "It was damaged and put aside.")
    assert not dialog._trouble.isHidden()


def test_a_server_on_this_machine_needs_no_key(dialog):
    dialog.open_provider("ollama")
    given, fields = heard(dialog.key_given), form(dialog, "KeyForm")
    assert fields.save.text() == "Use it without a key"
    fields.save.click()
    assert given == [("ollama", None, "")]


def test_the_notice_of_a_preview_stands_before_the_first_sign_in(dialog):
    dialog.show_entries(entries(openai={"notice": "A preview."}))
    dialog.open_provider("openai")
    requested, oauth = heard(dialog.requested), form(dialog, "OAuthForm")
    oauth.begin.click()
    assert requested == []
    assert not oauth._notice.isHidden()
    oauth.go_on.click()
    assert requested == [("openai", "browser", "")]


def test_waiting_for_the_browser_offers_the_page_again_and_its_address(dialog):
    from pymolcode_plugin.gui.qt import QtWidgets

    dialog.open_provider("openrouter")
    dialog.show_begun("Starting the sign-in…")
    dialog.show_page("https://openrouter.ai/auth?x=1", opened=True)
    opened = heard(dialog.page_requested)
    dialog.waiting.open_page.click()
    assert opened == [("https://openrouter.ai/auth?x=1",)]
    dialog.waiting.copy_address.click()
    assert QtWidgets.QApplication.clipboard().text() == "https://openrouter.ai/auth?x=1"
    dialog.waiting.show_page("https://openrouter.ai/auth?x=1", opened=False)
    assert "No browser" in dialog.waiting.words.text()


def test_a_code_is_large_copyable_and_counts_down(dialog):
    from pymolcode_plugin.gui.qt import QtWidgets
    from pymolcode_plugin.gui.sign_in_forms import Waiting

    seconds = [1000.0]
    waiting = Waiting(now=lambda: seconds[0])
    waiting.show_code(DeviceCode(user_code="WDJB-MJHT", verification_uri="https://x.example/device", expires_at=1899.0))
    assert waiting.left.text() == "Valid for 14:59"
    assert waiting.code.font().pointSizeF() >= 18
    assert waiting.code.accessibleName() == "Code: W D J B - M J H T"
    assert waiting.where.text() == "https://x.example/device"
    waiting.copy_code.click()
    assert QtWidgets.QApplication.clipboard().text() == "WDJB-MJHT"
    seconds[0] = 1900.0
    waiting._on_clock_timeout()
    assert waiting.left.text() == "The code has expired."
    waiting.end()
    assert waiting.code.text() == ""
    assert not waiting._clock.isActive()


def test_escape_cancels_what_runs_and_then_closes(dialog):
    cancelled = heard(dialog.cancelled)
    dialog.open_provider("openrouter")
    dialog.show_begun("Starting the sign-in…")
    press(dialog, key("Escape"))
    assert cancelled == [()]
    assert dialog.isVisible()
    dialog.show_failed("Cancelled.")
    press(dialog, key("Escape"))
    assert cancelled == [()]
    assert not dialog.isVisible()


def test_enter_in_the_key_field_does_not_cancel_what_it_began(dialog):
    from pymolcode_plugin.gui.qt import QtWidgets

    QtWidgets.QApplication.setActiveWindow(dialog)
    dialog.open_provider("groq")
    cancelled = heard(dialog.cancelled)
    dialog.key_given.connect(lambda *_: dialog.show_begun("Saving the key…"))
    fields = form(dialog, "KeyForm")
    fields.key.setText("k")
    press(fields.key, key("Return"))
    assert dialog.waiting.isVisible()
    assert cancelled == []


def test_closing_the_window_cancels_what_runs(dialog):
    cancelled = heard(dialog.cancelled)
    dialog.open_provider("openrouter")
    dialog.show_begun("Starting the sign-in…")
    dialog.close()
    assert cancelled == [()]


def test_signing_out_is_offered_to_those_who_are_signed_in(dialog):
    dialog.open_provider("groq")
    assert dialog.sign_out.isHidden()
    dialog.show_entries(entries(groq={"state": "Key saved", "signed_in": True}))
    assert dialog.state.text() == "Key saved"
    gone = heard(dialog.signed_out)
    dialog.sign_out.click()
    assert gone == [("groq",)]


def test_everything_that_takes_the_keyboard_says_what_it_is(dialog):
    from pymolcode_plugin.gui.qt import QtCore, QtWidgets

    dialog.open_provider("azure")
    dialog.show_begun("x")
    dialog.show_code(DeviceCode(user_code="A-B", verification_uri="https://x.example", expires_at=0.0))
    unnamed = [
        type(widget).__name__
        for widget in dialog.findChildren(QtWidgets.QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & QtCore.Qt.FocusPolicy.TabFocus
        and not (widget.accessibleName() or getattr(widget, "text", str)())
        and not isinstance(widget, QtWidgets.QTabWidget)
        and not widget.objectName().startswith("qt_")
    ]
    assert unnamed == []


def test_it_fits_into_320_px(dialog):
    dialog.show_entries(
        entries(azure={"missing": find("azure").oauth.bring_client, "state": "Signed in as " + "a" * 40})
    )
    dialog.open_provider("azure")
    dialog.show_failed("Something went wrong with a_very_long_word_" * 4)
    assert dialog.minimumSizeHint().width() <= 320
    dialog.resize(320, 480)
    assert dialog.width() == 320
