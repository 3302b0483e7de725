"""What PyMOL's real parser makes of a text, with every command, Python and script noted instead of run."""

import contextlib
import functools
import inspect
import sys

from pymol import parser, parsing


class RealParser:
    """Types lines into PyMOL as `CommandRunner` does, stopping at the first that PyMOL refuses.

    Attributes:
        pieces: Exact text of each command, in order; of the head of a block.
        calls: What each command of the newer style that was reached got, by parameter.
        failed: The parser refused a line, so what follows was not read.
        is_open: A block or a continued line was not closed.
    """

    def __init__(self, cmd):
        self._cmd = cmd
        self.pieces, self.calls = [], []
        self.failed = False
        self.is_open = False

    def type(self, text):
        self.pieces, self.calls, self.failed = [], [], False
        self._forget()
        with self._noting():
            for line in text.splitlines():
                if line.strip():
                    self._cmd.do(line, 1, 0)
                if self.failed:
                    break
        layers = self._cmd._parser.layer.values()
        self.is_open = any(layer.embed_sentinel is not None or layer.cont for layer in layers)
        self._forget()
        return self

    def _forget(self):
        self._cmd._parser.layer.clear()

    @contextlib.contextmanager
    def _noting(self):
        keyword = dict(self._cmd.keyword)
        real_parser = parser.Parser
        saved = real_parser.parse, real_parser.exec_python, parsing.parse_arg
        real_parser.parse = self._parse(saved[0])
        real_parser.exec_python = self._exec_python
        parsing.parse_arg = self._parse_arg(saved[2])
        parser.open = self._open
        parser.print = self._print
        for name, entry in keyword.items():
            self._cmd.keyword[name] = [self._function(entry), *entry[1:]]
        try:
            yield
        finally:
            self._cmd.keyword.update(keyword)
            real_parser.parse, real_parser.exec_python, parsing.parse_arg = saved
            del parser.open, parser.print

    def _parse(self, original):
        def parse(parser_self, line, secure=0):
            result = original(parser_self, line, secure)
            self.failed = self.failed or not result
            return result

        return parse

    def _exec_python(self, code, *_args, **_kwargs):
        if sys._getframe(1).f_code.co_name != "parse_embed":  # the head of the block is noted already
            self.pieces.append(code)

    def _parse_arg(self, original):
        def parse_arg(text, *args, **kwargs):
            self.pieces.append(text)
            return original(text, *args, **kwargs)

        return parse_arg

    def _function(self, entry):
        @functools.wraps(entry[0])
        def function(*args, **kwargs):
            if entry[4] < parsing.RUN:  # of the old style, whose arguments `parse_arg` does not see
                self.pieces.append(None)
                return
            code = inspect.unwrap(entry[0]).__code__
            names = [*code.co_varnames[: code.co_argcount], *map(str, range(code.co_argcount, len(args)))]
            given = dict(zip(names, args, strict=False)) | kwargs
            self.calls.append({name: value or "" for name, value in given.items() if name not in ("_self", "quiet")})

        return function

    def _open(self, path, *_args):
        self.pieces.append(None)  # with the folder and variables in it expanded
        raise FileNotFoundError(path)

    def _print(self, *words):
        if str(words[0]).startswith(("Error: invalid arguments for", "Error: embed only legal")):
            self.pieces.append(None)
