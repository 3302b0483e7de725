import pytest

from pymolcode_plugin.core.events import Usage

pytestmark = pytest.mark.usefixtures("qt_application")

TURN = Usage(
    n_input_tokens=12_345, n_cached_tokens=9_000, n_output_tokens=410, n_requests=3, cost_usd=0.021,
    context_fraction=0.234, seconds=4.0,
)  # fmt: skip
CHAT = Usage(n_input_tokens=1_250_000, n_output_tokens=2_000, n_requests=9, cost_usd=0.31)


def line():
    from pymolcode_plugin.gui.usage_line import UsageLine

    return UsageLine()


def test_nothing_is_shown_before_the_first_turn_and_after_a_new_chat():
    usage = line()
    assert usage.isHidden()
    usage.show_usage(Usage(), Usage())
    assert usage.isHidden()
    usage.show_usage(TURN, CHAT)
    assert not usage.isHidden()
    usage.clear()
    assert usage.isHidden()


def test_a_wide_panel_says_all_and_a_narrow_one_what_matters():
    usage = line()
    usage.resize(900, 30)
    usage.show_usage(TURN, CHAT)
    assert usage.words.text() == (
        "Turn 12.3k in (9k cached) · 410 out · $0.02  |  Chat 1.2M in · 2k out · $0.31 · window 23%"
    )
    usage.resize(300, 30)
    assert usage.words.text().startswith("12.3k in")
    assert usage.words.text().endswith("· 23%")
    assert usage.words.fontMetrics().horizontalAdvance(usage.words.text()) <= 300


def test_the_tooltip_and_the_description_for_screen_readers_say_everything():
    usage = line()
    usage.show_usage(TURN, CHAT)
    assert usage.toolTip() == (
        "This turn: 12,345 tokens sent, 9,000 of them read from the provider's cache, 410 tokens received,"
        " 3 requests, 4.0 s, $0.0210.\n"
        "This chat: 1,250,000 tokens sent, 2,000 tokens received, 9 requests, $0.3100.\n"
        "The last request filled 23.4% of what the model can hold."
    )
    assert usage.words.accessibleDescription() == usage.toolTip()


def test_a_window_that_is_hardly_used_is_not_said_to_be_empty():
    usage = line()
    usage.resize(900, 30)
    usage.show_usage(TURN.model_copy(update={"context_fraction": 0.0003}), CHAT)
    assert usage.words.text().endswith("window <1%")


def test_what_is_not_known_is_not_made_up():
    usage = line()
    usage.resize(900, 30)
    unknown = TURN.model_copy(update={"cost_usd": None, "context_fraction": None})
    usage.show_usage(unknown, CHAT.model_copy(update={"cost_usd": None}))
    assert "$" not in usage.words.text()
    assert "%" not in usage.words.text()
    assert usage.bar.isHidden()
    assert "price not known" in usage.toolTip()


def test_where_the_price_of_a_part_is_not_known_the_rest_is_said_to_be_the_least():
    usage = line()
    usage.resize(1200, 30)
    usage.show_usage(TURN, CHAT.model_copy(update={"n_unpriced": 1}))
    assert "out · $0.02  |" in usage.words.text()
    assert "out · at least $0.31 ·" in usage.words.text()
    assert "9 requests, at least $0.3100." in usage.toolTip()
    usage.show_usage(TURN, CHAT.model_copy(update={"n_unpriced": 1, "cost_usd": 0.0}))
    assert "no cost" not in usage.toolTip()


def test_a_window_that_is_nearly_full_looks_so():
    usage = line()
    usage.show_usage(TURN.model_copy(update={"context_fraction": 0.91}), CHAT)
    assert (usage.bar.value(), usage.bar.property("level")) == (910, "high")
    usage.show_usage(TURN, CHAT)
    assert (usage.bar.value(), usage.bar.property("level")) == (234, "")


@pytest.mark.parametrize(("cost", "words"), [(0.0, "$0"), (1.5, "$1.50"), (0.0042, "$0.0042"), (0.00001, "<$0.0001")])
def test_costs_below_a_cent_keep_their_digits(cost, words):
    from pymolcode_plugin.gui.usage_line import dollars

    assert dollars(cost) == words


@pytest.mark.parametrize(("number", "words"), [(0, "0"), (999, "999"), (1000, "1k"), (12_345, "12.3k")])
def test_tokens_are_said_short(number, words):
    from pymolcode_plugin.gui.usage_line import tokens

    assert tokens(number) == words


def test_requests_that_failed_are_no_line_of_noughts():
    usage = line()
    usage.show_usage(Usage(n_requests=1), Usage(n_requests=1))
    assert usage.isHidden()
