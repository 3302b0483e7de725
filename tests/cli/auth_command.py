"""`pymolcode-auth` as a user runs it: a process of its own with a home of its own, whose every word is searched."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading

KEY = "sk-canary-0123456789abcdef"
_ADDRESS = re.compile(r"^  (https?://\S+)$")
_CODE = re.compile(r"^  ([A-Z0-9-]{4,})$")
_LIMIT_S = 60
_SEARCHED = ("access_token", "refresh_token")


class AuthCommand:
    """Runs commands; `check` fails where one of them, or the log, has shown a secret.

    Attributes:
        home: PYMOLCODE_HOME of the commands.
        module: What is run.
    """

    module = ("-m", "pymolcode_plugin.cli.auth")

    def __init__(self, home):
        self.home = home
        self.said = []
        self._secrets = {KEY}
        self._started = []

    @property
    def stored(self):
        """Content of auth.json; empty where there is none."""
        path = self.home / "auth.json"
        found = json.loads(path.read_text()) if path.exists() else {}
        for entry in found.values():
            self._secrets |= {entry[name] for name in _SEARCHED if entry.get(name)}
        return found

    def configure(self, text):
        """Write config.yaml."""
        self.home.mkdir(exist_ok=True)
        (self.home / "config.yaml").write_text(text)

    def run(self, *arguments, stdin="", **env):
        """Run to the end; standard input is a pipe."""
        done = subprocess.run(
            [sys.executable, *self.module, *arguments],
            env=self.environment(**env), input=stdin, capture_output=True, text=True, timeout=_LIMIT_S, check=False,
        )  # fmt: skip
        self.said += [done.stdout, done.stderr]
        assert "Traceback" not in done.stderr, done.stderr
        self.stored  # noqa: B018  # to learn what must not be shown
        return done

    def json(self, *arguments, code=0, **options):
        """What `--json` printed, and nothing else."""
        done = self.run(*arguments, "--json", **options)
        assert done.returncode == code, done.stdout + done.stderr
        return json.loads(done.stdout)

    def start(self, *arguments, **env):
        """Start; see `Running`."""
        running = Running(
            subprocess.Popen(
                [sys.executable, *self.module, *arguments],
                env=self.environment(**env), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                text=True,
            )
        )  # fmt: skip
        self._started.append(running)
        return running

    def environment(self, **env):
        """Without anything that would choose a model, a browser or a screen."""
        unwanted = ("PYMOLCODE", "OPENAI", "DISPLAY", "WAYLAND", "BROWSER", "SSH_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
        return {**kept, "PYMOLCODE_HOME": str(self.home), **env}

    def check(self):
        """Ends what still runs, and looks for secrets in every word."""
        for running in self._started:
            running.end()
            self.said.append(running.text)
        self.stored  # noqa: B018
        logs = [path.read_text() for path in (self.home / "logs").glob("*")]
        for secret in self._secrets:
            for text in [*self.said, *logs]:
                assert secret not in text, "a secret was shown"
                assert secret[-8:] not in text, "a part of a secret was shown"


class Running:
    """A command that waits for somebody; its output is read as it comes."""

    def __init__(self, process):
        self.process = process
        self.lines = []
        self._more = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def text(self):
        return "".join(self.lines)

    def address(self):
        """The address that it shows."""
        return self._shown(_ADDRESS)

    def code(self):
        """The code that it shows."""
        return self._shown(_CODE)

    def wait(self):
        """Its exit code."""
        code = self.process.wait(_LIMIT_S)
        self._reader.join(_LIMIT_S)
        assert "Traceback" not in self.text, self.text
        return code

    def interrupt(self, signum=signal.SIGINT):
        """Ctrl-C, or another signal; its exit code."""
        self.process.send_signal(signum)
        return self.wait()

    def end(self):
        """Whatever it does."""
        with contextlib.suppress(OSError):
            self.process.kill()
        self.process.wait()
        self._reader.join(_LIMIT_S)
        self.process.stdout.close()

    def _shown(self, pattern):
        found = []

        def is_there():
            found.extend(match[1] for line in self.lines if (match := pattern.match(line.rstrip("\n"))))
            return found or not self._reader.is_alive()

        with self._more:
            assert self._more.wait_for(is_there, _LIMIT_S), self.text
        assert found, self.text
        return found[0]

    def _read(self):
        for line in self.process.stdout:
            with self._more:
                self.lines.append(line)
                self._more.notify_all()
        with self._more:
            self._more.notify_all()
