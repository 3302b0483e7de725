from concurrent.futures import ThreadPoolExecutor

import pytest

from pymolcode_plugin.agent.approvals import Policy, Rule, Rules, offered_rules, question
from pymolcode_plugin.core.errors import ConfigError, Denied
from pymolcode_plugin.core.risk import Assessment, Mode, Risk

FOLDER = "/work"


def would(*risks, outside=False, final=False, commands=("delete",)):
    return Assessment(risks=frozenset(risks), outside=outside, final=final, commands=commands)


@pytest.fixture
def policy(tmp_path):
    return Policy(Rules(tmp_path / "rules.yaml"))


@pytest.mark.parametrize(
    ("mode", "assessment", "asked"),
    [
        (Mode.ASK, would(Risk.READ), ()),
        (Mode.ASK, would(Risk.VIEW, Risk.MODIFY), ()),
        (Mode.ASK, would(Risk.FILE), ()),
        (Mode.ASK, would(Risk.FILE, outside=True), (Risk.FILE,)),
        (Mode.ASK, would(Risk.DESTROY), (Risk.DESTROY,)),
        (Mode.ASK, would(Risk.NET, Risk.DESTROY), (Risk.DESTROY, Risk.NET)),
        (Mode.ASK, would(Risk.EXEC), (Risk.EXEC,)),
        (Mode.AUTO, would(Risk.DESTROY, Risk.MODIFY, Risk.FILE), ()),
        (Mode.AUTO, would(Risk.NET, Risk.DESTROY), (Risk.NET,)),
        (Mode.AUTO, would(Risk.DESTROY, final=True), (Risk.DESTROY,)),
        (Mode.AUTO, would(Risk.FILE, outside=True), (Risk.FILE,)),
        (Mode.AUTO, would(Risk.EXEC), (Risk.EXEC,)),
        (Mode.PLAN, would(Risk.READ), ()),
    ],
)
def test_what_asks_in_which_mode(policy, mode, assessment, asked):
    policy.mode = mode
    assert policy.to_ask(assessment, FOLDER) == set(asked)


@pytest.mark.parametrize("risk", [risk for risk in Risk if risk is not Risk.READ])
def test_plan_refuses_whatever_changes_anything(policy, risk):
    policy.mode = Mode.PLAN
    with pytest.raises(Denied, match="plan"):
        policy.to_ask(would(risk), FOLDER)


@pytest.mark.parametrize("mode", list(Mode))
def test_nothing_is_fetched_on_this_machine_only_whatever_was_granted(policy, mode):
    policy.mode, policy.this_machine_only, policy.granted = mode, True, frozenset(Risk)
    with pytest.raises(Denied, match="machine only"):
        policy.to_ask(would(Risk.NET), FOLDER)


def test_granting_one_class_grants_no_other(policy):
    policy.granted = frozenset({Risk.EXEC})
    assert policy.to_ask(would(Risk.EXEC), FOLDER) == set()
    assert policy.to_ask(would(Risk.EXEC, Risk.DESTROY), FOLDER) == {Risk.DESTROY}


def test_a_rule_holds_for_its_command_class_and_folder_and_can_be_revoked(policy):
    asks = policy.to_ask(would(Risk.DESTROY), FOLDER)
    rules = offered_rules(would(Risk.DESTROY), asks, FOLDER)
    policy.rules.add(rules)
    assert policy.to_ask(would(Risk.DESTROY), FOLDER) == set()
    assert policy.to_ask(would(Risk.DESTROY), "/elsewhere") == {Risk.DESTROY}
    assert policy.to_ask(would(Risk.DESTROY, commands=("delete", "reinitialize")), FOLDER) == {Risk.DESTROY}
    assert policy.to_ask(would(Risk.NET), FOLDER) == {Risk.NET}
    policy.rules.remove(rules[0])
    assert policy.to_ask(would(Risk.DESTROY), FOLDER) == {Risk.DESTROY}


def test_no_rule_is_offered_for_code_or_for_files_elsewhere(policy):
    for assessment in (
        would(Risk.EXEC),
        would(Risk.EXEC, Risk.DESTROY),
        would(Risk.FILE, outside=True),
        would(Risk.DESTROY, final=True),
    ):
        assert offered_rules(assessment, policy.to_ask(assessment, FOLDER), FOLDER) == ()
    everything = tuple(Rule(command="delete", risk=risk.name, folder=FOLDER) for risk in Risk)
    policy.rules.add(everything)
    assert policy.to_ask(would(Risk.EXEC), FOLDER) == {Risk.EXEC}
    assert policy.to_ask(would(Risk.FILE, outside=True), FOLDER) == {Risk.FILE}
    assert policy.to_ask(would(Risk.DESTROY, final=True), FOLDER) == {Risk.DESTROY}


def test_rules_are_still_there_in_the_next_session_and_a_broken_file_is_said(tmp_path):
    path = tmp_path / "rules.yaml"
    rule = Rule(command="delete", risk="DESTROY", folder="/Dänemark")
    Rules(path).add((rule, rule))
    assert Rules(path).all() == (rule,)
    for text in ("{", "- 1", "a: b", "- {command: x}"):
        path.write_text(text)
        with pytest.raises(ConfigError, match=r"rules\.yaml"):
            Rules(path).all()


def test_the_question_is_about_the_worst(policy):
    assert "code" in question(frozenset({Risk.DESTROY, Risk.EXEC}))
    assert "Delete" in question(frozenset({Risk.DESTROY}))


def test_what_several_pymols_add_and_revoke_at_once_all_holds(tmp_path):
    path = tmp_path / "rules.yaml"
    rules = [Rule(command=f"c{number}", risk="DESTROY", folder=FOLDER) for number in range(40)]
    Rules(path).add(tuple(rules[:20]))
    with ThreadPoolExecutor(8) as pymols:
        revoking = [pymols.submit(Rules(path).remove, rule) for rule in rules[:20]]
        adding = [pymols.submit(Rules(path).add, (rule,)) for rule in rules[20:]]
        for done in [*revoking, *adding]:
            done.result()
    assert {*Rules(path).all()} == {*rules[20:]}


@pytest.mark.parametrize(
    "text",
    [
        "- {command: delete, risk: EXEC, folder: /work}",
        "- {command: delete, risk: destroy, folder: /work}",
        "- {command: '*', risk: DESTROY, folder: /work}",
        "- {command: delete, risk: DESTROY, folder: /}",
        "- {command: delete, risk: DESTROY, folder: /work/..}",
        "- {command: del, risk: DESTROY, folder: /work}",
    ],
)
def test_a_rule_written_by_hand_allows_nothing_but_what_it_says(policy, tmp_path, text):
    (tmp_path / "rules.yaml").write_text(text)
    assert policy.to_ask(would(Risk.DESTROY), FOLDER) == {Risk.DESTROY}
    assert policy.to_ask(would(Risk.EXEC), FOLDER) == {Risk.EXEC}


@pytest.mark.parametrize("text", ["delete: DESTROY", "7", "- delete", "- {command: delete}", "\x00", "- &a [*a]"])
def test_a_file_of_rules_that_makes_no_sense_is_an_error_in_words(policy, tmp_path, text):
    (tmp_path / "rules.yaml").write_text(text)
    with pytest.raises(ConfigError, match="cannot be read"):
        policy.to_ask(would(Risk.DESTROY), FOLDER)


def test_a_folder_of_rules_that_cannot_be_written_is_an_error_in_words(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        Rules(tmp_path / "file" / "rules.yaml").add((Rule(command="c", risk="DESTROY", folder=FOLDER),))
