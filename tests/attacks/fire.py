"""Types every live attack into a PyMOL of its own with no door before it, and prints those that did nothing."""

import contextlib
import io
import os
import sys
import tempfile
from pathlib import Path

import pymol

from tests.attacks.armoury import Armoury


def main():
    pymol.invocation.parse_args(["pymol", "-cqk"])
    cmd = pymol.cmd
    armoury = Armoury(Path(tempfile.mkdtemp()))
    os.chdir(armoury.folder)
    os.environ["HOME"] = str(armoury.home)
    for attack in armoury.attacks():
        if attack.live:
            cmd.reinitialize()
            cmd.load(os.environ["PYMOL_DATA"] + "/demo/pept.pdb", quiet=1)
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                for line in (*attack.text.splitlines(), attack.then):
                    cmd.do(line, 0, 0)
            if not armoury.fired():
                sys.__stdout__.write(f"DUD {attack.name}: {attack.text!r}\n")
    sys.__stdout__.write("DONE\n")
    sys.__stdout__.flush()
    os._exit(0)  # scenes and aliases of attacks can crash PyMOL when it exits


if __name__ == "__main__":
    main()
