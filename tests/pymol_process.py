"""Starts a real PyMOL in a process and a home of its own, and runs a script of `inside_pymol/` in it."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
INSIDE = Path(__file__).with_name("inside_pymol")
TIMEOUT_S = 90
_PYMOL_PACKAGES = ("pymol", "pymol2", "pmg_qt", "pmg_tk", "chempy", "PyQt5", "numpy", "numpy.libs")


def environment(home, **more):
    """The environment of a fresh user; PyMOL exports variables of its own that must not leak."""
    ours = ("PYMOL", "QT_API", "PYTHONPATH", "HOME", "XDG_", "APPDATA")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    return {**kept, "HOME": str(home), "USERPROFILE": str(home), **more}


def run_inside(
    script, home, *, python=sys.executable, more_path="", env=None, timeout_s=TIMEOUT_S, ends=(0,), **arguments
):
    """Start a PyMOL window, run `script` in it, return what it reported; `ends` are the return codes it may have."""
    report = Path(home) / f"{script}.json"
    report.unlink(missing_ok=True)
    given = json.dumps(
        {"report": str(report), **{key: str(v) if isinstance(v, Path) else v for key, v in arguments.items()}}
    )
    path = os.pathsep.join(str(item) for item in (INSIDE, more_path) if item)
    done = subprocess.run(
        [str(python), "-m", "pymol", "-q", str(INSIDE / f"{script}.py")],
        env=environment(home, PYTHONPATH=path, PYMOLCODE_TEST_ARGUMENTS=given, **(env or {})),
        cwd=home,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    output = done.stdout + done.stderr
    assert report.is_file(), output
    found = json.loads(report.read_text())
    assert "error" not in found, f"{found}\n{output}"
    assert done.returncode in ends, f"{done.returncode}\n{output}"
    return {**found, "output": output}


def python_with_pymol_only(folder):
    """A Python that has PyMOL and nothing else: no pip, none of our dependencies."""
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    import pymol

    source = Path(pymol.__file__).parents[1]
    target = next(Path(folder).glob("lib/python*/site-packages"), Path(folder) / "Lib" / "site-packages")
    for name in _PYMOL_PACKAGES:
        if (source / name).exists():
            (target / name).symlink_to(source / name)
    for path in (*source.glob("sip*"), *source.glob("PyQt5_*")):
        (target / path.name).symlink_to(path)
    return Path(folder) / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def fake_wheel(folder, name, modules):
    """A wheel with empty modules, small enough to install in no time."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        for module in modules:
            archive.writestr(f"{module}.py", "")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path
