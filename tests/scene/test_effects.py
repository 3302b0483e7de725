import pytest

from pymolcode_plugin.core.scene import Call
from pymolcode_plugin.scene import policy


@pytest.fixture
def two_objects(hiv_protease):
    hiv_protease.fragment("ala")
    hiv_protease.select("pocket", "organic expand 4")
    return hiv_protease


@pytest.mark.parametrize(
    ("text", "effect"),
    [
        ("delete all", "deletes 2 objects (1hpv, ala), 1,641 atoms and 1 selection (pocket)"),
        ("delete al*", "deletes 1 object (ala), 10 atoms"),
        ("delete 1hpv pocket", "deletes 1 object (1hpv), 1,631 atoms and 1 selection (pocket)"),
        ("delete nosuch", "deletes nothing: no such name"),
        ("remove solvent", "removes 80 atoms of 1hpv"),
        ("remove chain nosuch", "removes 0 atoms"),
        ("remove (", "removes 0 atoms"),
        ("reinitialize", "clears the whole scene: 2 objects, 1,641 atoms"),
        ("reinit settings", "resets settings"),
        ("quit", "quits PyMOL"),
        ("fetch 1abc 2xyz", "fetches 1abc, 2xyz from the network and loads it"),
        ("print(1)", "runs Python code"),
        ("system ls", "runs a shell command"),
        ("@x.pml", "runs the script x.pml"),
        ("alter chain A, b = 1; q = 0", "alters b, q of 758 atoms"),
        ("load x.pse", "replaces the session with x.pse, which may hold code"),
        ("load x.py", "may run code of x.py"),
        ("loadall nosuch*.pdb", "reads 0 files that match nosuch*.pdb"),
        ("create ala, chain A", "overwrites object ala"),
        ("button double_left, none, zoom", "runs `button double_left, none, zoom`, which can do anything"),
    ],
)
def test_effects_are_said_in_words_and_numbers(two_objects, text, effect):
    assert policy.assess(two_objects, text).effects[0] == effect


def test_what_only_looks_has_no_effect_to_tell(two_objects):
    assert (
        policy.assess(two_objects, "zoom all; color red, chain A\ncount_atoms all\ncreate new, chain A").effects == ()
    )


def test_a_call_has_the_effects_of_the_same_command(two_objects):
    call = Call(command="remove", arguments={"selection": "solvent"})
    assert policy.assess(two_objects, [call]) == policy.assess(two_objects, "remove solvent")


def test_many_effects_are_counted_rather_than_listed(two_objects):
    effects = policy.assess(two_objects, "\n".join(f"save x{number}.pdb" for number in range(30))).effects
    assert len(effects) <= 12
    assert effects[-1] == "and 19 more effects"


def test_the_scene_is_not_touched_by_asking(two_objects):
    before = two_objects.get_session(binary=1, cache=0)
    policy.assess(two_objects, "delete all; remove solvent; reinitialize; alter all, b=1")
    after = two_objects.get_session(binary=1, cache=0)
    assert before["names"] == after["names"]
