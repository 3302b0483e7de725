import pytest

from pymolcode_plugin.agent.compact.getting import read_getting


def calls(text, objects=("m",)):
    found = read_getting(text, objects)
    return found and [(call.tool, *call.arguments.values()) for call in found.calls]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fetch 1hpv", [("fetch", "1hpv", "auto")]),
        ("Please get 4HHB from the protein data bank", [("fetch", "4HHB", "auto")]),
        ("download 1abc from pdbe", [("fetch", "1abc", "pdbe")]),
        ("could you load the structure 6lu7?", [("fetch", "6lu7", "auto")]),
        (
            "fetch 1hpv, 1tii and 4hhb",
            [("fetch", "1hpv", "auto"), ("fetch", "1tii", "auto"), ("fetch", "4hhb", "auto")],
        ),
        ("get the alphafold model of P69905", [("fetch", "P69905", "alphafold")]),
        ("fetch P69905", [("fetch", "P69905", "auto")]),
        ("open apo_form.pdb", [("load", "apo_form.pdb")]),
        ("load ../data/x.cif.gz", [("load", "../data/x.cif.gz")]),
        ("undo", [("undo",)]),
        ("please undo that last step", [("undo",)]),
        ("redo", [("undo", True)]),
    ],
)
def test_what_is_brought_in(text, expected):
    assert calls(text) == expected


def test_what_is_left_is_for_afterwards():
    found = read_getting("fetch 1hpv and color it by chain, then zoom on the ligand", ())
    assert found.rest == "color it by chain, then zoom on the ligand"


@pytest.mark.parametrize(
    "text",
    [
        "show 1hpv as cartoon", "get rid of the waters", "get 1000 atoms", "load the usual view", "fetch me a coffee",
        "undo the colours of chain A", "download the newest structure of this kinase", "open the binding site",
        "go back to the view of chain A", "fetch",
    ],
)  # fmt: skip
def test_what_is_something_else(text):
    assert read_getting(text, ("m",)) is None


def test_what_is_loaded_already_is_the_object():
    assert read_getting("get 1hpv", ("1hpv",)) is None
