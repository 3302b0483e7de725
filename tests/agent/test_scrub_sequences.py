import pytest
from hypothesis import given
from hypothesis import strategies as st

from pymolcode_plugin.agent.scrub_sequences import NO_SEQUENCE, without_sequences

AMINO = "ACDEFGHIKLMNPQRSTVWY"
NAMES = ("ALA", "CYS", "ASP", "GLU", "PHE", "GLY", "HIS", "ILE", "LYS", "LEU", "MET", "ASN", "PRO", "GLN", "TRP")
protein = st.text(alphabet=AMINO, min_size=12, max_size=80)


@given(protein, st.sampled_from(["{}", "it is {}.", ">1hpv_A\n{}\n", "'{}'", "A: {} (99)", "seq\t{}\tend"]))
def test_no_protein_survives(letters, form):
    scrubbed = without_sequences(form.format(letters))
    assert NO_SEQUENCE in scrubbed
    assert not any(letters[start : start + 6] in scrubbed for start in range(len(letters) - 5))


@given(st.text(alphabet="ACGU", min_size=12, max_size=60), st.booleans())
def test_no_nucleic_acid_survives_in_capitals_or_not(letters, lower):
    letters = letters.lower() if lower else letters
    assert letters not in without_sequences(f"the strand {letters} of it")


@given(
    st.lists(st.sampled_from(NAMES), min_size=8, max_size=40),
    st.sampled_from(["{name} A/{number}, ", "{name}-", "{name} {number}\n", "{number} {name}\n",
                     "1hpv {name} {number}\n",
                     "('{name}', '{number}'), ", "{name}{number} ", "/1hpv//A/{name}`{number}/CA "]),
    st.integers(-5, 900),
)  # fmt: skip
def test_residues_by_name_in_their_order_are_a_sequence(names, form, first):
    text = "".join(form.format(name=name, number=first + index) for index, name in enumerate(names))
    scrubbed = without_sequences(text)
    assert NO_SEQUENCE in scrubbed
    assert sum(scrubbed.count(name) for name in set(names)) == 0


@pytest.mark.parametrize(
    "text",
    ["the sequence is PQITLW", "seq: PQITLWQ", "PQITLW", "  1 PQITLWQRPL 10", "  1 PQITLWQRPL VTIKIGGQLK 20",
     "['P', 'Q', 'I', 'T', 'L', 'W']", "P\nQ\nI\nT\nL\nW", "PQIT--LWQRPLVT",
     "SEQRES   1 A   99  PRO GLN ILE THR LEU TRP GLN",
     "G A/1, C A/2, G A/3, G A/4, A A/5, U A/6", "P1, Q2, I3, T4, L5, W6", "It runs P1-Q2-I3-T4-L5-W6-Q7."],
)  # fmt: skip
def test_other_ways_to_write_a_sequence(text):
    assert NO_SEQUENCE in without_sequences(text)


@pytest.mark.parametrize(
    "text",
    ["contacts D25, G27, A28, D29, D30, I50, V82", "the ring C1, C2, C3, C4, C5, C6, N7", "V82A, I84V, L90M, A71V"],
)
def test_contacts_atoms_and_mutations_are_no_sequence(text):
    assert without_sequences(text, strict=True) == text


def test_short_runs_count_in_the_results_of_tools_that_give_sequences():
    assert without_sequences("chain A starts with PQITLW then") == "chain A starts with PQITLW then"
    assert NO_SEQUENCE in without_sequences("chain A starts with PQITLW then", strict=True)


def test_the_header_of_a_fasta_record_stays():
    assert without_sequences(">1hpv_A\nPQITLW\nQRPL\n\nNext") == f">1hpv_A\n{NO_SEQUENCE}\n\nNext"


def test_one_residue_with_all_its_atoms_is_no_sequence():
    text = "8 atoms: " + ", ".join(f"ASP`25/{name} b=10.0" for name in ("N", "CA", "C", "O", "CB", "CG", "OD1", "OD2"))
    assert without_sequences(text) == text
