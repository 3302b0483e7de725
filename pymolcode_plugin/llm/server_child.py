"""The child process that runs llama.cpp; started by `builtin`, ends with its parent, imports nothing heavy.

It reads one JSON line from stdin, prints one JSON line on stdout, and ends when stdin ends: that is how it
learns that PyMOL is gone, however PyMOL went. The key comes through stdin, so no process list shows it.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import sys
import threading
from typing import Any

_PR_SET_PDEATHSIG = 1


def main() -> int:
    """Serve until stdin ends; 1 when the server cannot start, with the reason as JSON."""
    _die_with_parent()
    with contextlib.suppress(AttributeError, OSError):
        os.nice(5)  # PyMOL's window comes first
    options = json.loads(sys.stdin.readline())
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    _send_noise_to(options["log_path"])
    try:
        server = _start(options)
    except Exception as error:  # noqa: BLE001  # border: the parent turns the reason into a message
        answers.write(json.dumps({"error": f"{type(error).__name__}: {error}"}) + "\n")
        return 1
    answers.write(json.dumps({"address": server.listening_address}) + "\n")
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    threading.Event().wait()
    return 0


def _start(options: dict[str, Any]) -> Any:  # noqa: ANN401  # xllamacpp is untyped
    import xllamacpp  # noqa: PLC0415  # its absence is an answer, not a crash

    params = xllamacpp.CommonParams()
    params.model.path = options["model_path"]
    params.n_ctx = options["n_ctx"]
    params.n_parallel = 1
    params.hostnames = ["127.0.0.1"]
    params.port = options["port"]
    params.api_keys = [options["key"]]
    params.slot_save_path = options["slot_folder"]
    params.endpoint_slots = True
    params.cpuparams.n_threads = options["n_threads"]
    params.cpuparams_batch.n_threads = options["n_threads"]
    params.n_gpu_layers = options["n_gpu_layers"]
    params.warmup = False
    return xllamacpp.Server(params)


def _end_with_stdin() -> None:
    while sys.stdin.readline():
        pass
    os._exit(0)  # llama.cpp's threads would keep an orderly exit waiting


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _send_noise_to(path: str) -> None:
    """llama.cpp prints to the file descriptors themselves; the log is started anew so that it stays small."""
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)


if __name__ == "__main__":
    sys.exit(main())
