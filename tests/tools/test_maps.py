import pytest


@pytest.fixture
def density(hiv_protease):
    hiv_protease.map_new("density", "gaussian", 1.0, "organic", 3)
    return hiv_protease


@pytest.mark.parametrize(("action", "kind"), [("isomesh", "mesh"), ("isosurface", "surface"), ("volume", "volume")])
async def test_a_map_is_contoured_around_atoms(call, density, action, kind):
    result = await call("map", action=action, map="density", level=1.5, selection="organic", name="contour")
    assert result.ok, result.error
    assert result.text.startswith(f"contour ({kind}) of density")
    assert density.get_type("contour") == f"object:{kind}"
    await call.undo()
    assert "contour" not in density.get_names()


async def test_maps_are_listed_and_contouring_again_replaces(call, density):
    assert (await call("map", action="list")).text == "Maps: density."
    assert (await call("map", action="isomesh", map="density")).text == "density_mesh (mesh) of density at level 1."
    assert (await call("map", action="isomesh", map="density", level=2)).ok
    assert density.get_names() == ["1hpv", "density", "density_mesh"]


async def test_what_is_no_map_is_refused_with_the_maps_that_there_are(call, density):
    assert "There are: density" in (await call("map", action="isomesh", map="1hpv")).error
    assert "something else named" in (await call("map", action="isomesh", map="density", name="1hpv")).error
    nothing = await call("map", action="isomesh", map="density", selection="chain Q")
    assert "matches no atom" in nothing.error
