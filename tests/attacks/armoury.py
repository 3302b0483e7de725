"""The attacks of attacks.yaml with everything they need, and what tells that one of them got through."""

import contextlib
import gzip
import os
import pickle
import threading
from dataclasses import dataclass
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer

import yaml

_EVIL = ("pse", "pdb", "psw", "pkl", "pml", "py", "pym", "pim", "pwg", "p1m", "fasta")
# Without builtins, as in an expression that PyMOL thinks is safe.
_WALK = (
    "[k for k in ().__class__.__base__.__subclasses__() if k.__name__=='_wrap_close'][0].__init__.__globals__['system']"
)


@dataclass(frozen=True)
class Attack:
    """One text, with `then` to be typed afterwards, and the marks that attacks.yaml explains."""

    name: str
    text: str
    then: str
    live: bool
    auto: bool
    refused: bool


class _Touches:
    """Unpickling it makes the canary."""

    def __init__(self, canary):
        self.canary = canary

    def __reduce__(self):
        return os.system, (f"touch {self.canary}",)


class Armoury:
    """A working folder full of traps beside a folder that must stay as it is."""

    def __init__(self, root: Path):
        self.folder, self.outside, self.home = (root / name for name in ("work", "outside", "home"))
        for folder in (self.folder, self.outside, self.home, self.folder / ".hidden"):
            folder.mkdir()
        self.canary = self.outside / "canary"
        self.connections = 0
        self._server = ThreadingTCPServer(("127.0.0.1", 0), self._counting_handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.port = self._server.server_address[1]
        self._lay_traps()
        self._before = self._files()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def attacks(self):
        return [self._filled(item) for item in listed()]

    def fired(self):
        """What got through since the last time, in words; empty when nothing did."""
        found = []
        if self.connections:
            found.append(f"{self.connections} connections")
        now = self._files()
        found += [str(path) for path in now.keys() | self._before.keys() if now.get(path) != self._before.get(path)]
        self.connections = 0
        with contextlib.suppress(FileNotFoundError):
            self.canary.unlink()
        self._before = self._files()
        return found

    def _filled(self, item):
        touch = f"{_WALK}('touch {self.canary}')" if item.get("walks") else f"open('{self.canary}','w')"
        words = {
            "touch": touch, "canary": self.canary, "port": self.port, "outside": self.outside, "folder": self.folder,
            "up": "../" * 24,
        }  # fmt: skip
        text, then = (item.get(key, "").format(**words) for key in ("text", "then"))
        marks = {mark: bool(item.get(mark)) for mark in ("live", "auto", "refused")}
        return Attack(item["name"], text, then, **marks)

    def _lay_traps(self):
        script = f"system touch {self.canary}\n"
        python = f"open('{self.canary}', 'w')\n"
        evil = pickle.dumps(_Touches(self.canary))
        for extension in _EVIL:
            data = evil if extension in ("pse", "pdb", "psw", "pkl") else script.encode()
            data = python.encode() if extension in ("py", "pym") else data
            (self.folder / f"evil.{extension}").write_bytes(data)
        (self.folder / "EVIL.PSE").write_bytes(evil)
        (self.folder / "evil.pse.gz").write_bytes(gzip.compress(evil))
        (self.folder / "evil.pze").write_bytes(gzip.compress(evil))
        (self.folder / "figure.png").write_bytes(b"of a person" * 1000)
        for name in ("old.pse", "old.pdb"):
            (self.folder / name).write_text("of a person")
        (self.folder / "link").symlink_to(self.outside)
        atom = "ATOM      1  CA  ALA A   1       0.000   0.000   0.000  1.00  0.00           C\n"
        (self.outside / "secret.pdb").write_text(atom)

    def _files(self):
        """Everything that must not change: outside, the home, hidden files, and the files that were there."""
        kept = [self.outside, self.home, self.folder / ".hidden"]
        paths = [path for folder in kept for path in folder.rglob("*") if path.is_file()]
        paths += [self.folder / name for name in ("figure.png", "old.pse", "old.pdb")]
        return {path: path.read_bytes() for path in paths}

    def _counting_handler(self):
        armoury = self

        class Handler(StreamRequestHandler):
            def handle(self):
                armoury.connections += 1
                self.wfile.write(b"HTTP/1.0 404 Not Found\r\n\r\n")

        return Handler


def listed():
    text = Path(__file__).with_name("attacks.yaml").read_text(encoding="utf-8")
    return [
        {**item, "name": f"{kind}: {item['name']}"} for kind, items in yaml.safe_load(text).items() for item in items
    ]
