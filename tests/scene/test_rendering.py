import asyncio
import os
import signal
import tempfile
from pathlib import Path

import pytest

from pymolcode_plugin.core.errors import CommandFailed
from pymolcode_plugin.core.scene import Call
from pymolcode_plugin.core.tasks import spawn

from .pictures import pixels, size

linux = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the child in /proc")


def _all_children():
    tasks = Path("/proc/self/task").glob("*/children")
    return {int(pid) for file in tasks for pid in file.read_text().split()}


@pytest.fixture
def children():
    """Process ids of our children that began after the test; servers of other tests may run beside."""
    before = _all_children()
    return lambda: sorted(_all_children() - before)


def folders():
    return set(Path(tempfile.gettempdir()).glob("pymolcode-*"))


@pytest.fixture
def scene(hiv_protease):
    hiv_protease.show_as("cartoon")
    hiv_protease.show("sticks", "organic")
    return hiv_protease


LOOKS = {
    "plain": "",
    "labels, lines, dashes": "label name CA and resi 20-40, resn\nshow lines\ndistance d, A/25/CA, A/50/CA",
    "clear ground and outlines": "bg_color white\nset ray_opaque_background, 0\nset ray_trace_mode, 1\nturn y, 40",
    "what no session stores": "set_color mine, [0.3, 0.2, 0.9]\ncolor mine\nset stereo_mode, 2\nstereo on",
    "a wizard, scenes and another viewport": "wizard measurement\nscene F1, store\nviewport 500, 300\nclip slab, 20",
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
async def test_the_picture_is_the_one_pymol_makes_itself(gateway, scene, look):
    output = await gateway.run_commands(look)
    assert output.ok, output
    ours = await gateway.ray(width_px=200, height_px=150)
    its = bytes(scene.png(None, 200, 150, ray=1, quiet=1))
    scene.stereo("off")
    assert size(ours) == size(its)
    assert pixels(ours) == pixels(its)


async def test_a_ray_traced_file_has_its_size_and_the_next_plain_png_saves_the_same_picture(gateway, scene, tmp_path):
    output = await gateway.run_commands(f"png {tmp_path}/one, 2in, 1in, dpi=100, ray=1\npng {tmp_path}/two.png")
    assert output.ok, output
    one, two = ((tmp_path / name).read_bytes() for name in ("one.png", "two.png"))
    assert size(one) == (200, 100)
    assert pixels(one) == pixels(two)
    assert f'wrote 200x100 pixel image to file "{tmp_path}/one.png"' in "\n".join(output.lines)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.png", "two.png"]


async def test_a_plain_ray_is_what_the_next_png_saves(gateway, scene, tmp_path):
    output = await gateway.run_commands(f"ray 120, 90\npng {tmp_path}/it.png")
    assert output.ok, output
    assert "Ray: render time" in output.lines[0]
    assert size((tmp_path / "it.png").read_bytes()) == (120, 90)


async def test_a_call_with_arguments_by_name_is_rendered_too(gateway, scene, tmp_path):
    arguments = {"filename": str(tmp_path / "it.png"), "width": 120, "height": 90, "ray": 1}
    output = await gateway.call(Call(command="png", arguments=arguments))
    assert output.ok, output
    assert size((tmp_path / "it.png").read_bytes()) == (120, 90)


async def test_a_folder_that_is_not_there_is_an_error(gateway, scene, tmp_path):
    output = await gateway.run_commands(f"png {tmp_path}/nowhere/it.png, 60, 40, ray=1\ndelete all")
    assert "nowhere" in output.errors[0]
    assert output.completed == 0
    assert scene.get_names() == ["1hpv"]


@linux
async def test_a_cancelled_picture_leaves_no_process_and_no_file(gateway, scene, tmp_path, children):
    before = folders()
    command = f"png {tmp_path}/big.png, 3000, 2000, ray=1"
    running = spawn(gateway.run_commands(command), name="to be cancelled")
    while not children():
        await asyncio.wait({running}, timeout=0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert children() == []
    assert list(tmp_path.iterdir()) == []
    assert folders() == before


@linux
async def test_a_child_that_dies_is_a_failure_in_words(gateway, scene, children):
    running = spawn(gateway.ray(width_px=3000, height_px=2000), name="to die")
    while not children():
        await asyncio.wait({running}, timeout=0.01)
    os.kill(children()[0], signal.SIGKILL)
    with pytest.raises(CommandFailed, match=r"died \(signal 9\); there may not be enough memory"):
        await running
