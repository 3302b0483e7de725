import pytest

from pymolcode_plugin.core.errors import ArgumentsInvalid
from pymolcode_plugin.databases.sources import SOURCES, entry


@pytest.fixture(autouse=True)
def public(monkeypatch):
    for source in SOURCES.values():
        monkeypatch.delenv(source.variable, raising=False)


@pytest.mark.parametrize(
    ("text", "source", "assembly", "address"),
    [
        ("1HPV", "auto", None, "https://files.rcsb.org/download/1hpv.cif"),
        (" 1hpv ", "rcsb", 2, "https://files.rcsb.org/download/1hpv-assembly2.cif"),
        ("pdb_00001HPV", "auto", None, "https://files.rcsb.org/download/1hpv.cif"),
        ("pdb_10001hpv", "auto", None, "https://files.rcsb.org/download/pdb_10001hpv.cif"),
        ("1hpv", "pdbe", None, "https://www.ebi.ac.uk/pdbe/entry-files/download/1hpv_updated.cif"),
        ("1hpv", "pdbe", 1, "https://www.ebi.ac.uk/pdbe/static/entry/download/1hpv-assembly1.cif.gz"),
        ("p00533", "auto", None, "https://alphafold.ebi.ac.uk/api/prediction/P00533"),
        ("AF-A0A024R161-F1", "auto", None, "https://alphafold.ebi.ac.uk/api/prediction/A0A024R161"),
    ],
)
def test_an_id_leads_to_its_address(text, source, assembly, address):
    assert entry(text, source, assembly).address == address


@pytest.mark.parametrize(
    "text", ["", "1hp", "0abc", "hpv1", "1hpv.cif", "1hpv?x", "pdb_1hpv", "P0053", "1hpv\n2abc", "١hpv"]
)
def test_nonsense_leads_nowhere(text):
    with pytest.raises(ArgumentsInvalid):
        entry(text)


def test_a_mirror_is_set_in_the_environment(monkeypatch):
    monkeypatch.setenv("PYMOLCODE_RCSB_URL", "https://mirror.example/pdb/")
    assert entry("1hpv").address == "https://mirror.example/pdb/download/1hpv.cif"


def test_no_two_entries_share_a_file():
    entries = [
        entry("1hpv"),
        entry("1hpv", "pdbe"),
        entry("1hpv", "rcsb", 1),
        entry("1hpv", "rcsb", 11),
        entry("P00533"),
    ]
    assert len({item.file_name for item in entries}) == len(entries)
