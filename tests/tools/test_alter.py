import pytest


async def test_a_value_and_an_expression_are_set_and_undone(call, hiv_protease):
    before = hiv_protease.get_model("organic").atom[0].b
    result = await call("alter", selection="organic", property="b", value="50")
    assert "b of 35 atoms." in result.text
    assert "altered b of 35 atoms of 1hpv" in result.diff.text
    await call("alter", selection="organic", property="b", value="=b/2+q")
    assert hiv_protease.get_model("organic").atom[0].b == pytest.approx(26)
    await call.undo()
    assert hiv_protease.get_model("organic").atom[0].b == pytest.approx(before)


async def test_residues_are_renumbered_and_sorted(call, hiv_protease):
    assert (await call("alter", selection="chain A", property="resi", value="=str(resv+100)")).ok
    assert hiv_protease.count_atoms("chain A and resi 125") == 8
    await call("alter", selection="organic", property="chain", value="L")
    assert hiv_protease.get_chains() == ["", "A", "B", "L"] or "L" in hiv_protease.get_chains()


async def test_text_with_quotes_is_a_value_and_no_code(call, hiv_protease):
    value = "X'; import os"
    assert (await call("alter", selection="organic", property="segi", value=value)).ok
    assert hiv_protease.get_model("organic").atom[0].segi == value


async def test_values_that_do_not_fit_name_what_does(call, hiv_protease):
    assert "b takes a number" in (await call("alter", selection="organic", property="b", value="high")).error
    assert "'H', 'S', 'L'" in (await call("alter", selection="resi 25", property="ss", value="helix")).error
    assert (
        "No atom property: os" in (await call("alter", selection="organic", property="b", value="=os.getpid()")).error
    )
    assert "is no expression" in (await call("alter", selection="organic", property="b", value="=1; 2")).error
    assert "'chain'" in (await call("alter", selection="organic", property="x", value="1")).error
    assert "matches no atom" in (await call("alter", selection="chain Q", property="b", value="1")).error
