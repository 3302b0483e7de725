import pytest

from pymolcode_plugin.core.risk import Risk
from pymolcode_plugin.core.scene import Call
from pymolcode_plugin.scene import effects, policy


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


@pytest.fixture
def groups(two_objects):
    two_objects.distance("d", "first ala", "last ala")
    two_objects.fragment("gly")
    two_objects.group("inner", "ala d")
    two_objects.group("outer", "inner")
    two_objects.map_new("m", "gaussian", 2.0, "gly", 5)
    two_objects.disable("1hpv")
    two_objects.scene("F1", "store", quiet=1)
    two_objects.view("front", "store")
    return two_objects


@pytest.mark.parametrize(
    ("text", "effect"),
    [
        ("delete all", "deletes 7 objects (1hpv, ala, d, gly, inner, … 2 more), 1,648 atoms and 1 selection (pocket)"),
        ("delete outer", "deletes 4 objects (outer, inner, ala, d), 10 atoms"),
        ("delete m", "deletes 1 object (m), 0 atoms"),
        ("delete enabled", "deletes 5 objects (ala, d, gly, inner, outer), 17 atoms"),
        (
            "delete !gly",
            "deletes at most 7 objects (1hpv, ala, d, gly, inner, … 2 more), 1,648 atoms and 1 selection (pocket)",
        ),
        ("group outer, action=purge", "deletes what is in outer: 3 objects (inner, ala, d), 10 atoms"),
        ("group inner, action=empty", "takes everything out of the group inner"),
        ("group inner, action=excise", "dissolves the group inner"),
        ("scene *, clear", "deletes all 1 stored scenes"),
        ("scene F1, clear", "deletes the stored scene F1"),
        ("scene F*, clear", "deletes nothing: no stored scene F*"),
        ("scene auto, clear", "deletes the stored scene that is current"),
        ("view *, clear", "deletes all 1 stored views"),
        ("view fr, clear", "deletes the stored view fr"),
    ],
)
def test_effects_count_groups_maps_and_words_as_pymol_takes_them(groups, text, effect):
    assert policy.assess(groups, text).effects[0] == effect


@pytest.mark.parametrize("text", ["delete all", "delete outer", "delete enabled", "delete al* d"])
def test_what_delete_says_is_what_then_goes(groups, text):
    before = groups.get_names("objects")
    said = names_of_effect(groups, text)
    groups.do(text, 0, 0)
    assert [name for name in before if name not in groups.get_names("objects")] == said


def names_of_effect(cmd, text):
    """Names that the effect of a `delete` is about, in PyMOL's order."""
    meant = effects._with_members(cmd, effects._matching(cmd, text.partition(" ")[2]))
    return [name for name in cmd.get_names("objects") if name in meant]


@pytest.mark.parametrize(
    ("text", "effect"),
    [
        ("distance 1hpv, first ala, last ala", "replaces 1hpv (molecule, 1,631 atoms)"),
        ("angle 1hpv, first ala, last ala, first gly", "replaces 1hpv (molecule, 1,631 atoms)"),
        ("ramp_new m, none", "replaces m (map)"),
        ("map_new ala, gaussian, 2, gly", "replaces ala (molecule, 10 atoms)"),
        ("curve_new ala", "replaces ala (molecule, 10 atoms)"),
        ("copy ala, gly", "replaces ala (molecule, 10 atoms)"),
        ("create m, gly", "replaces m (map)"),
        ("extract m, gly", "replaces m (map)"),
        ("pseudoatom outer", "replaces the group outer and all that is in it"),
        ("align gly, ala, object=1hpv", "replaces 1hpv (molecule, 1,631 atoms)"),
        ("fragment ser, m", "replaces m (map)"),
        ("fab AA, m", "replaces m (map)"),
    ],
)
def test_an_object_that_another_would_replace_is_asked_for_like_a_deletion(groups, text, effect):
    found = policy.assess(groups, text)
    assert Risk.DESTROY in found.risks
    assert effect in found.effects
    kinds = {name: groups.get_type(name) for name in groups.get_names("objects")}
    groups.do(text, 0, 0)
    assert any(name not in groups.get_names("objects") or groups.get_type(name) != kinds[name] for name in kinds) or (
        text.startswith("copy") and groups.count_atoms("ala") == 7
    )


def test_adding_to_an_object_or_making_a_new_one_is_no_deletion(groups):
    for text in (
        "distance d, first gly, last gly",
        "create new, gly",
        "pseudoatom ala",
        "isomesh ala, m",
        "fragment gly",
    ):
        assert Risk.DESTROY not in policy.assess(groups, text).risks, text
