"""What a chat used: counted by request, priced where prices are known, held by a budget."""

import pytest

from pymolcode_plugin.agent.budget import Budget, BudgetReached
from pymolcode_plugin.agent.spending import Spending, words
from pymolcode_plugin.core.events import ApprovalAsked, Notice, Usage
from pymolcode_plugin.core.ports import Answer
from pymolcode_plugin.llm.choice import Choice

CLAUDE = Choice(provider="anthropic", api="anthropic", name="claude-sonnet-5-5", base_url="https://api.anthropic.com")
HERE = Choice(provider="ollama", api="chat", name="qwen3", base_url="http://127.0.0.1:11434/v1")
STRANGE = Choice(provider="custom", api="chat", name="no-such-model", base_url="https://vendor.test/v1")
ONE = Usage(n_input_tokens=10_000, n_cached_tokens=8_000, n_output_tokens=1_000)


def test_requests_add_up_by_turn_and_by_chat():
    spending = Spending()
    spending.begin_turn()
    spending.add(CLAUDE, ONE)
    spending.add(CLAUDE, ONE)
    first = spending.turn
    spending.begin_turn()
    spending.add(CLAUDE, ONE)
    assert (first.n_requests, first.n_input_tokens, first.n_cached_tokens, first.n_output_tokens) == (
        2,
        20_000,
        16_000,
        2_000,
    )
    assert (spending.turn.n_requests, spending.session.n_requests) == (1, 3)
    assert spending.session.cost_usd == pytest.approx(3 * spending.turn.cost_usd)
    assert 0 < spending.turn.cost_usd < 0.2
    assert 0 < spending.turn.context_fraction < 0.1, "of the last request, not of the sum"
    spending.forget()
    assert spending.session == Usage()


def test_cached_tokens_cost_less():
    cached, whole = Spending(), Spending()
    cached.add(CLAUDE, ONE)
    whole.add(CLAUDE, ONE.model_copy(update={"n_cached_tokens": 0}))
    assert cached.turn.cost_usd < whole.turn.cost_usd


def test_on_this_machine_nothing_is_paid_and_the_servers_own_window_counts():
    spending = Spending()
    spending.add(HERE, ONE, window=22_000)
    assert spending.turn.cost_usd == 0
    assert spending.turn.context_fraction == 0.5


def test_a_sum_with_an_unknown_part_is_at_least_the_rest():
    spending, known = Spending(), Spending()
    known.add(CLAUDE, ONE)
    for choice in (STRANGE, CLAUDE, STRANGE, CLAUDE):
        spending.add(choice, ONE)
    assert spending.session.cost_usd == pytest.approx(2 * known.session.cost_usd)
    assert (spending.session.n_unpriced, known.session.n_unpriced) == (2, 0)
    assert spending.session.n_input_tokens == 40_000
    assert ", at least $0." in words(spending.session)
    assert "at least" not in words(known.session)


def test_where_no_price_is_known_there_is_none():
    spending = Spending()
    spending.add(STRANGE, ONE)
    assert spending.session.cost_usd is None
    assert "$" not in words(spending.session)


def test_what_a_stopped_request_took_is_not_known_but_here_it_is_free():
    spending, here = Spending(), Spending()
    spending.add(CLAUDE, Usage())
    here.add(HERE, Usage())
    assert (spending.session.cost_usd, spending.session.n_unpriced) == (None, 1)
    assert (here.session.cost_usd, here.session.n_unpriced) == (0, 0)


def test_words_for_a_person():
    spending = Spending()
    spending.add(CLAUDE, ONE)
    assert words(spending.turn).startswith("10,000 tokens in (8,000 cached), 1,000 out, $0.0")
    assert words(Usage(n_input_tokens=5)) == "5 tokens in, 0 out"


class Person:
    def __init__(self, *answers):
        self.answers, self.asked = list(answers), []

    async def ask(self, question):
        self.asked.append(question)
        return Answer(allowed=self.answers.pop(0))


async def test_at_the_limit_it_asks_and_going_on_raises_it_by_as_much():
    spending, person, told = Spending(), Person(True, False), []
    budget = Budget(spending, person, told.append, tokens=11_000)
    await budget.check()
    spending.add(CLAUDE, ONE)
    await budget.check()
    assert "11,000 tokens" in person.asked[0].question
    assert "22,000" in person.asked[0].command
    assert "10,000 tokens in" in person.asked[0].effects[0]
    await budget.check()
    assert len(person.asked) == 1
    spending.add(CLAUDE, ONE)
    with pytest.raises(BudgetReached, match="22,000"):
        await budget.check()
    assert [type(event) for event in told].count(ApprovalAsked) == 2
    budget.begin_again()
    spending.forget()
    await budget.check()


async def test_going_on_far_beyond_the_limit_gives_as_much_room_again():
    spending, person = Spending(), Person(True, True, False)
    budget = Budget(spending, person, lambda _event: None, tokens=1_000)
    spending.add(CLAUDE, ONE)
    await budget.check()
    await budget.check()
    assert len(person.asked) == 1
    assert "12,000 tokens" in person.asked[0].command
    spending, person = Spending(), Person(True)
    in_money = Budget(spending, person, lambda _event: None, usd=0.001)
    spending.add(CLAUDE, ONE)
    await in_money.check()
    await in_money.check()
    assert len(person.asked) == 1


async def test_a_limit_in_money_holds_the_part_whose_price_is_known():
    spending, told = Spending(), []
    budget = Budget(spending, Person(False), told.append, usd=0.01)
    spending.add(STRANGE, ONE)
    await budget.check()
    spending.add(CLAUDE, ONE)
    with pytest.raises(BudgetReached, match=r"at least \$0\."):
        await budget.check()
    assert len([event for event in told if isinstance(event, Notice)]) == 1


async def test_a_limit_in_money():
    spending, person = Spending(), Person(False)
    budget = Budget(spending, person, lambda _event: None, usd=0.01)
    spending.add(CLAUDE, ONE)
    with pytest.raises(BudgetReached, match=r"\$0\.01") as reached:
        await budget.check()
    assert "budget_usd" in reached.value.hint


async def test_a_price_that_is_not_known_is_said_once_and_tokens_hold_all_the_same():
    spending, person, told = Spending(), Person(False), []
    budget = Budget(spending, person, told.append, usd=0.01, tokens=30_000)
    for _ in range(2):
        spending.add(STRANGE, ONE)
        await budget.check()
    assert [event.text for event in told if isinstance(event, Notice)] == [told[0].text]
    assert "not known" in told[0].text
    spending.add(STRANGE, ONE)
    with pytest.raises(BudgetReached):
        await budget.check()
