import json

import pytest

from pymolcode_plugin.core.errors import SessionError
from pymolcode_plugin.session import reference


def kept(folder, messages):
    (folder / "chat.json").write_text(json.dumps({"schema_version": "1.0.0", "messages": messages}))


def test_what_was_said_is_read_as_turns(tmp_path):
    kept(
        tmp_path,
        [
            {"role": "system", "content": "secret prompt"},
            {"role": "user", "content": "load 1hpv"},
            {"role": "assistant", "content": ""},
            {"role": "tool", "content": "{}"},
            {"role": "assistant", "content": "Loaded."},
            {"role": "user", "content": [{"type": "text", "text": "thanks"}]},
        ],
    )
    assert reference.is_one(tmp_path)
    found = [(event.kind, getattr(event, "text", "").strip()) for event in reference.events(tmp_path)]
    assert found == [
        ("turn_started", "load 1hpv"),
        ("text_delta", "Loaded."),
        ("turn_finished", ""),
        ("turn_started", "thanks"),
        ("turn_finished", ""),
    ]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"messages": 7}', '[{"role": 1}]', "null", '{"messages": [null]}'])
def test_what_makes_no_sense_is_no_chat(tmp_path, text):
    (tmp_path / "chat.json").write_text(text)
    assert reference.events(tmp_path) == ()


def test_the_scene_is_only_a_plain_file(tmp_path):
    assert reference.scene(tmp_path) is None
    (tmp_path / "scene.pse").mkdir()
    with pytest.raises(SessionError, match="no plain file"):
        reference.scene(tmp_path)


@pytest.mark.parametrize(
    "manifest",
    [
        {"artifacts": {"scene": {"file": "s.pse", "format": "pse"}, "chat": {"file": "c.json"}}, "files": []},
        {"metadata": {"schema_version": "1", "name": "My work"}, "chat_file": "c.json", "scene_file": "s.pse"},
    ],
)
def test_both_shapes_of_its_manifest_name_the_files(tmp_path, manifest):
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "c.json").write_text(json.dumps([{"role": "user", "content": "hi"}]))
    (tmp_path / "s.pse").write_bytes(b"scene")
    assert reference.messages(tmp_path) == [("You", "hi")]
    assert reference.scene(tmp_path) == b"scene"
    assert reference.title(tmp_path) == manifest.get("metadata", {}).get("name", "")


@pytest.mark.parametrize("name", ["../c.json", "/etc/passwd", "a/b.json", "..", "", 7, None, "c.json\n"])
def test_its_manifest_leads_nowhere_else(tmp_path, name):
    folder = tmp_path / "one"
    folder.mkdir()
    (tmp_path / "c.json").write_text(json.dumps([{"role": "user", "content": "secret"}]))
    (folder / "manifest.json").write_text(json.dumps({"chat_file": name, "scene_file": name}))
    assert reference.messages(folder) == []
    assert reference.scene(folder) is None
