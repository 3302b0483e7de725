import json

from pymolcode_plugin.config import paths
from pymolcode_plugin.tools.catalogue import TOOLS

CHARACTERS_A_TOKEN = 3.6  # of compact JSON; the tokenisers of the large models need more characters for one
MOST_TOKENS = 3000


def n_tokens():
    prompt = paths.resource("prompts/system.md").read_text(encoding="utf-8")
    described = [{"name": tool.name, "description": tool.description, "parameters": tool.schema} for tool in TOOLS]
    schemas = json.dumps(described, ensure_ascii=False, separators=(",", ":"))
    return (len(prompt) + len(schemas)) / CHARACTERS_A_TOKEN


def test_prompt_and_schemas_stay_within_their_budget():
    assert n_tokens() < MOST_TOKENS


def test_every_tool_says_what_it_does_and_names_its_arguments():
    names = [tool.name for tool in TOOLS]
    assert len(set(names)) == len(names)
    for tool in TOOLS:
        assert tool.description
        assert tool.schema["type"] == "object"
        assert set(tool.schema.get("required", ())) <= tool.schema.get("properties", {}).keys()


def test_the_schema_keeps_what_a_model_needs_and_drops_what_only_the_door_needs():
    schemas = {tool.name: tool.schema for tool in TOOLS}
    text = json.dumps(schemas)
    for noise in ('"title"', '"additionalProperties"', '"maxLength"', '"anyOf"', "null"):
        assert noise not in text
    assert schemas["show"]["properties"]["mode"]["enum"] == ["show", "hide", "as"]
    assert schemas["show"]["required"] == ["selection", "representation"]
    assert "color" not in schemas["show"]["properties"], "only its older name has it"
    assert schemas["set"]["properties"]["value"]["type"] == "string"


def test_titles_are_words_and_name_the_file_without_its_folders():
    def title(name, **arguments):
        tool = next(tool for tool in TOOLS if tool.name == name)
        return tool.title(tool.args.model_validate(arguments))

    assert title("load", file="/a/very/long/way/to/1hpv.pdb") == "Load 1hpv.pdb"
    assert title("save", file="~/figures/a.png") == "Save a.png"
    assert title("read_script", file="scripts/a.pml") == "Read a.pml"
    assert title("query_atoms", what="contacts", selections=["organic", "polymer"]) == (
        "Find contacts of organic and polymer"
    )
    assert title("measure", what="rmsd", selections=["a", "b"]) == "Measure RMSD of a, b"
    assert title("map", action="volume", map="m") == "Volume of m"
