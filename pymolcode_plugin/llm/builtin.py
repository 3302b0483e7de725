"""The built-in model: a llama.cpp server in a child process on loopback, with a random port and key."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import secrets
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx2

from .. import logs
from ..clients import new_client
from ..config import paths
from ..core.errors import ModelUnavailable, StreamBroken
from ..core.ports import Completion
from ..interpreter import child_command

_log = logs.get("llm")
_MAX_SLOT_FILES = 3
_START_LIMIT_S = 120.0
_REQUEST_LIMIT_S = 600.0
_DYING_S = 2.0
_SLOT = 0


class BuiltinServer:
    """Implements `core.ports.CompletionPort`; requests run one after the other.

    Args:
        model_path: A GGUF file that was verified.
        n_ctx: Context in tokens.
        n_threads: Processor threads; all of two cores, else all but one.
        n_gpu_layers: Layers to put on a GPU.
    """

    def __init__(
        self, model_path: Path, *, n_ctx: int = 6144, n_threads: int | None = None, n_gpu_layers: int = 0
    ) -> None:
        self._model_path = model_path
        self._n_ctx = n_ctx
        self._n_threads = n_threads or default_threads()
        self._n_gpu_layers = n_gpu_layers
        self.key = secrets.token_urlsafe(24)
        self._process: subprocess.Popen[str] | None = None
        self._client: httpx2.AsyncClient | None = None
        self._one_at_a_time = asyncio.Lock()
        self.base_url = ""

    def __repr__(self) -> str:
        return f"BuiltinServer({self._model_path.name!r}, alive={self.alive})"

    @property
    def alive(self) -> bool:
        """True while the child runs."""
        return self._process is not None and self._process.poll() is None

    async def start(self) -> None:
        """Start the child and wait until the model is loaded; does nothing while it is alive.

        Raises:
            ModelUnavailable: It could not start; the message carries its reason.
        """
        if self.alive and self._client is not None:
            return
        await self.stop()
        try:
            self.base_url = await asyncio.to_thread(self._start_child)
        except OSError as error:
            await asyncio.to_thread(self.kill)
            raise ModelUnavailable(
                f"The built-in model could not start: {error}.", hint="Make room there, or set PYMOLCODE_HOME."
            ) from error
        self._client = await asyncio.to_thread(self._new_client)

    async def stop(self) -> None:
        """End the child and the connections to it."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.aclose()
        await asyncio.to_thread(self.kill)

    def kill(self) -> None:
        """End the child at once; may be called while PyMOL quits, without a loop."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    async def complete(self, prompt: str, *, grammar: str, max_tokens: int) -> Completion:
        """See CompletionPort. Cancelling closes the connection, which stops the generation."""
        request = {
            "prompt": prompt,
            "n_predict": max_tokens,
            "temperature": 0,
            "cache_prompt": True,
            "id_slot": _SLOT,
        }
        if grammar:
            request["grammar"] = grammar
        started = time.monotonic()
        async with self._one_at_a_time:
            answer = await self._post("/completion", request)
        timings = answer.get("timings", {})
        return Completion(
            text=answer["content"],
            n_prompt=timings.get("prompt_n", 0),
            n_cached=timings.get("cache_n", 0),
            n_generated=timings.get("predicted_n", 0),
            seconds=time.monotonic() - started,
            stop_reason="length" if answer.get("stop_type") == "limit" else "stop",
        )

    async def warm(self, prefix: str) -> float:
        """See CompletionPort. The evaluated prefix is one file per model, context and text; three are kept."""
        started = time.monotonic()
        folder = _slot_folder()
        name = self._slot_name(prefix)
        if (folder / name).exists() and await self._restored(name):
            return time.monotonic() - started
        await self.complete(prefix, grammar="", max_tokens=0)
        await self._save(name)
        await asyncio.to_thread(_keep_newest, folder)
        return time.monotonic() - started

    async def _save(self, name: str) -> None:
        """Without room on disk the model is as good as with it; only its next start takes longer.

        Under a name of its own first: another PyMOL must never read half a file.
        """
        part = f"{name}.{os.getpid()}.part"
        try:
            async with self._one_at_a_time:
                await self._post(f"/slots/{_SLOT}?action=save", {"filename": part})
            (_slot_folder() / part).replace(_slot_folder() / name)
        except (ModelUnavailable, OSError) as error:
            if not self.alive:
                raise
            (_slot_folder() / part).unlink(missing_ok=True)  # what still fitted
            _log.warning("prefix.not_kept", reason=str(error))

    async def _restored(self, name: str) -> bool:
        """False when the file is of another version of llama.cpp, or broken; it is removed then."""
        try:
            async with self._one_at_a_time:
                answer = await self._post(f"/slots/{_SLOT}?action=restore", {"filename": name})
        except (ModelUnavailable, StreamBroken):
            if self._process is None:  # ended on purpose
                raise
            (_slot_folder() / name).unlink(missing_ok=True)
            # llama.cpp ends itself over a file that was cut; with the file in place, so would every start to come.
            await self.stop()
            await self.start()
            return False
        return bool(answer.get("n_restored"))

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        if self._client is None or not self.alive:
            raise ModelUnavailable("The built-in model is not running.", hint="Send again to restart it.")
        try:
            response = await self._client.post(path, json=body)
        except httpx2.HTTPError as error:
            if not isinstance(error, httpx2.TimeoutException):
                await asyncio.to_thread(self._see_end)
            raise StreamBroken("The built-in model stopped in the middle.", hint="Send again to restart it.") from error
        if response.status_code != httpx2.codes.OK:
            raise ModelUnavailable(f"The built-in model refused a request: {response.text[:300]}")
        answer: dict[str, Any] = response.json()
        return answer

    def _see_end(self) -> None:
        """A child that dies closes its connections a moment before it is over; until then it looks alive."""
        process = self._process
        if process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_DYING_S)

    def _start_child(self) -> str:
        log_path = paths.logs_folder() / "model-server.log"
        log_path.parent.mkdir(parents=True, exist_ok=True)
        process = subprocess.Popen(  # noqa: S603  # our own module, no user text
            child_command("pymolcode_plugin.llm.server_child"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._process = process
        assert process.stdin is not None  # noqa: S101  # for the type checker
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(json.dumps(self._options(log_path)) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        answer = json.loads(line) if line.strip() else {"error": f"it ended at once; see {log_path}"}
        if "error" in answer:
            self.kill()
            raise ModelUnavailable(
                f"The built-in model could not start: {answer['error']}",
                hint="Choose another model, or delete its file in the models folder and press Download.",
            )
        return str(answer["address"])

    def _options(self, log_path: Path) -> dict[str, object]:
        return {
            "model_path": str(self._model_path),
            "n_ctx": self._n_ctx,
            "n_threads": self._n_threads,
            "n_gpu_layers": self._n_gpu_layers,
            "port": 0,
            "key": self.key,
            "slot_folder": str(_slot_folder()) + os.sep,
            "log_path": str(log_path),
        }

    def _new_client(self) -> httpx2.AsyncClient:
        headers = {"Authorization": f"Bearer {self.key}"}
        return new_client(base_url=self.base_url, headers=headers, timeout=_REQUEST_LIMIT_S, trust_env=False)

    def _slot_name(self, prefix: str) -> str:
        status = self._model_path.stat()
        identity = f"{self._model_path.name}|{status.st_size}|{self._n_ctx}|{_runtime_version()}|{prefix}"
        return hashlib.sha256(identity.encode()).hexdigest()[:24] + ".slot"


def default_threads() -> int:
    """Two of two cores (one of two halves the speed); else one stays free for PyMOL and its window."""
    n_cores = os.cpu_count() or 2
    return n_cores if n_cores <= 2 else min(n_cores - 1, 8)


def _runtime_version() -> str:
    from importlib import metadata  # noqa: PLC0415  # slow to import, and needed only here

    try:
        return metadata.version("xllamacpp")
    except metadata.PackageNotFoundError:
        return "unknown"


def _slot_folder() -> Path:
    folder = paths.models_folder() / "prefixes"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _keep_newest(folder: Path) -> None:
    with contextlib.suppress(OSError):  # another PyMOL may tidy up at the same time
        files = sorted(folder.glob("*.slot*"), key=lambda file: file.stat().st_mtime, reverse=True)
        for file in files[_MAX_SLOT_FILES:]:
            file.unlink(missing_ok=True)
