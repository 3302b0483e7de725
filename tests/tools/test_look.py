import pytest
from pymol.Qt import QtGui


def corner(png):
    return QtGui.QImage.fromData(png).pixelColor(0, 0).name(QtGui.QColor.HexArgb)


async def test_a_close_up_leaves_the_view_as_it_was(call, hiv_protease):
    before = hiv_protease.get_view()
    whole = await call("look")
    close = await call("look", selection="organic")
    assert whole.image_png.startswith(b"\x89PNG")
    assert close.image_png.startswith(b"\x89PNG")
    assert close.image_png != whole.image_png
    assert not close.diff
    assert hiv_protease.get_view() == pytest.approx(before, abs=1e-4)


async def test_nothing_to_look_at_is_an_error(call, hiv_protease):
    assert "matches no atom" in (await call("look", selection="chain Q")).error
    assert "view zoom" in (await call("look", selection="organic", ray=True)).error


async def test_a_ray_traced_picture_has_a_size_of_its_own_and_changes_nothing(call, hiv_protease):
    result = await call("look", ray=True)
    assert result.text.startswith("Ray-traced picture of the viewport, ")
    assert int.from_bytes(result.image_png[16:20], "big") == 1024
    assert corner(result.image_png) == "#ff000000", "the viewport's background, not the transparent one of a figure"
    assert hiv_protease.get("ray_opaque_background") == "-1"
    assert not result.diff


async def test_a_ray_traced_picture_of_a_grid_has_the_viewports_background_too(call, hiv_protease):
    hiv_protease.set("grid_mode", 1)
    hiv_protease.bg_color("blue")
    result = await call("look", ray=True)
    assert corner(result.image_png) == "#ff0000ff"
    assert hiv_protease.get("ray_opaque_background") == "-1"
