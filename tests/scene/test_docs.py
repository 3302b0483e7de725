import time
from pathlib import Path

import pytest
import yaml

from pymolcode_plugin.scene import docs
from pymolcode_plugin.scene.help_index import Index

_QUESTIONS = yaml.safe_load((Path(__file__).parent / "help_questions.yaml").read_text(encoding="utf-8"))


def best(cmd, question, n=3):
    return [entry.name for entry in docs.search(docs.collect(cmd), question)[:n]]


def test_nine_of_ten_questions_find_their_answer_among_the_first_three(cmd):
    missed = {question: best(cmd, question) for question, name in _QUESTIONS.items() if name not in best(cmd, question)}
    assert len(_QUESTIONS) >= 40
    assert len(missed) <= len(_QUESTIONS) / 10, missed


@pytest.mark.parametrize(
    "name", ["spectrum", "sphere_scale", "util.cbag", "preset.pretty", "selections", "ray shadows"]
)
def test_a_name_comes_first(cmd, name):
    assert best(cmd, name)[0] == name.replace(" ", "_")


def test_a_setting_says_its_value_type_default_and_how_to_set_it(cmd):
    cmd.set("stick_radius", 0.4)
    text = docs.find(cmd, "stick_radius")
    assert text.startswith("setting stick_radius = 0.40000 (float, default 0.25). controls the radius of the cylinder.")
    assert "`set stick_radius, VALUE, OBJECT_OR_SELECTION`" in text


def test_a_global_setting_offers_no_selection(cmd):
    assert "OBJECT_OR_SELECTION" not in docs.find(cmd, "ray_shadow")


def test_a_command_says_its_signature_usage_examples_and_choices(cmd):
    text = docs.find(cmd, "cartoon")
    assert text.startswith("cartoon type, selection=(all)")
    assert "cartoon skip, resi 145-156" in text
    assert "The first argument is one of: arrow, automatic" in text


def test_an_alias_is_said_to_be_one(cmd):
    assert "the same as `color`" in docs.find(cmd, "color")


@pytest.mark.parametrize("topic", ["distance", "set", "selections", "transparent surface", "ray", "movies", "spectrum"])
def test_an_answer_is_bounded_and_names_others(cmd, topic):
    text = docs.find(cmd, topic)
    assert len(text) <= 3000
    assert 1 <= text.count("\n- ") <= 6


def test_a_misspelt_name_finds_close_ones(cmd):
    assert "color" in best(cmd, "colr")
    assert "cartoon_transparency" in best(cmd, "cartoon_transparancy")


def test_nonsense_finds_nothing(cmd):
    assert docs.find(cmd, "qqqqxyz").startswith("PyMOL documents nothing like `qqqqxyz`")


def test_a_command_that_was_added_is_found(cmd):
    def fold_at_home():
        """Folds proteins on a distant cluster."""

    cmd.extend("fold_at_home", fold_at_home)
    assert best(cmd, "fold_at_home")[0] == "fold_at_home"


def test_the_index_is_made_once_and_searched_at_once(cmd, record_property):
    entries = docs.collect(cmd)
    started = time.process_time()
    index = Index(entries)
    made = time.process_time() - started
    started = time.process_time()
    for question in _QUESTIONS:
        index.search(question)
    searched = (time.process_time() - started) / len(_QUESTIONS)
    record_property("made_s", made)
    record_property("searched_s", searched)
    assert made < 0.3
    assert searched < 0.02


async def test_the_gateway_answers_a_question(gateway):
    assert (await gateway.help("thickness of sticks")).startswith("setting stick_radius = ")
