from pymolcode_plugin.gui.recall import Recall


def recall_of(*prompts):
    recall = Recall()
    recall.put_before(prompts)
    return recall


def test_one_goes_back_and_forth_and_what_was_being_written_comes_back():
    recall = recall_of("one", "two")
    assert recall.older("a draft") == "two"
    assert recall.older("two") == "one"
    assert recall.older("one") is None
    assert recall.is_back
    assert recall.newer("one") == "two"
    assert recall.newer("two") == "a draft"
    assert recall.newer("a draft") is None
    assert not recall.is_back


def test_what_was_changed_on_the_way_is_kept_until_something_is_sent():
    recall = recall_of("one", "two")
    recall.older("")
    recall.older("two, but better")
    assert recall.newer("one") == "two, but better"
    recall.add("two, but better")
    assert recall.older("") == "two, but better"
    assert recall.older("x") == "two"


def test_what_is_sent_twice_is_there_once_and_nothing_is_nothing():
    recall = Recall()
    assert recall.older("x") is None
    for text in ("same", "same", ""):
        recall.add(text)
    assert recall.earlier == ("same",)


def test_earlier_sessions_lie_before_this_one():
    recall = Recall()
    recall.add("now")
    recall.put_before(["long ago", "yesterday"])
    assert [recall.older("") for _ in range(3)] == ["now", "yesterday", "long ago"]
