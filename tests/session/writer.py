"""Writes a session in a process that stops for good before its n-th step on the disk, so that it can be killed there.

Started once; each line of its input, `N FOLDER`, makes a fork that says its pid when it stands still.
"""

import os
import sys
from pathlib import Path

from pymolcode_plugin.core.events import Notice, StepFinished
from pymolcode_plugin.session import bundle, lock
from pymolcode_plugin.session.bundle import KeptScene, Manifest
from pymolcode_plugin.session.transcript import Transcript
from pymolcode_plugin.session.trust import Signer

_STEPS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "shutil.rmtree"}


def turn(transcript: Transcript, signer: Signer, number: int) -> None:
    """What a turn leaves: its events with a picture, then memory and scene, which belong together."""
    transcript.append(StepFinished(turn_id="t", call_id=f"c{number}", ok=True, image_png=b"\x89PNG%d" % number))
    transcript.append(Notice(text=f"turn {number}"))
    scene = b"scene %d " % number * 1000
    bundle.keep(
        transcript.folder,
        {"memory": b"memory %d" % number, "scene": scene},
        signer,
        about=Manifest(),
        scene=KeptScene(mark=str(number)),
    )


def _stop_before(wanted: int, folder: Path) -> None:
    n_steps = 0

    def on_event(name: str, arguments: tuple[object, ...]) -> None:
        nonlocal n_steps
        if name in _STEPS and str(folder) in repr(arguments):
            n_steps += 1
            if n_steps == wanted:
                os.write(1, f"{os.getpid()}\n".encode())
                os.read(os.pipe()[0], 1)  # which nobody writes to

    sys.addaudithook(on_event)


def _write(wanted: int, folder: Path) -> None:
    transcript = Transcript.reopened(folder, lock.take(folder))
    signer = Signer(folder.parent / "session.key")
    _stop_before(wanted, folder)
    number = 1
    while True:
        turn(transcript, signer, number)
        number += 1


def main() -> None:
    """Fork for each line."""
    for line in sys.stdin:
        wanted, _, folder = line.strip().partition(" ")
        child = os.fork()
        if not child:
            _write(int(wanted), Path(folder))
        os.waitpid(child, 0)
        os.write(1, b"dead\n")


if __name__ == "__main__":
    main()
