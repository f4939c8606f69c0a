"""On which line each key of a TOML text stands: ``tomllib`` does not say, and an error without a line helps nobody."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping

Path = tuple[str | int, ...]
"""The way to a value: keys, and positions in lists. ``("procedure", 0, "step", 2, "who")``."""

_TOKEN = re.compile(
    r"""
    (?P<skip>[ \t\r]+|\#[^\n]*)
  | (?P<newline>\n)
  | (?P<string>\"{3}(?:[^\\]|\\.)*?\"{3,5}|'{3}.*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')
  | (?P<mark>[\[\]{}=,.])
  | (?P<word>[^\s\[\]{}=,.\#"']+)
    """,
    re.VERBOSE | re.DOTALL,
)
_Token = tuple[str, str, int]
_END: _Token = ("end", "", 0)
_STOPS = (",", "]", "}")


def places(text: str) -> Mapping[Path, int]:
    """Line (from 1) of every key, list item and table header of ``text``, which ``tomllib`` has already accepted."""
    return _Finder(text).find()


class _Finder:
    """Walks the tokens of a valid TOML text once."""

    def __init__(self, text: str) -> None:
        self.tokens: list[_Token] = []
        line = 1
        for found in _TOKEN.finditer(text):
            if found.lastgroup != "skip":
                self.tokens.append((found.lastgroup or "", found.group(), line))
            line += found.group().count("\n")
        self.at = 0
        self.found: dict[Path, int] = {}
        self.lists: dict[Path, int] = {}

    def find(self) -> Mapping[Path, int]:
        table: Path = ()
        while self.at < len(self.tokens):
            _, mark, line = self.peek()
            if mark == "[":
                table = self.header(line)
            elif mark == "\n":
                self.at += 1
            else:
                self.pair(table)
        return self.found

    def peek(self) -> _Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else _END

    def take(self, *marks: str) -> bool:
        """Step over the next token when it is one of ``marks``."""
        if self.peek()[1] in marks and self.peek()[0] in ("mark", "newline"):
            self.at += 1
            return True
        return False

    def header(self, line: int) -> Path:
        """``[a.b]`` or ``[[a.b]]``: the table that the following keys belong to."""
        self.at += 1
        listed = self.take("[")
        *above, last = self.key()
        while self.take("]"):
            pass
        path = (*self.resolve(tuple(above)), last)
        if listed:
            self.lists[path] = self.lists.get(path, -1) + 1
            self.found.setdefault(path, line)
        path = self.resolve_last(path)
        self.found[path] = line
        return path

    def resolve(self, keys: tuple[str, ...]) -> Path:
        path: Path = ()
        for key in keys:
            path = self.resolve_last((*path, key))
        return path

    def resolve_last(self, path: Path) -> Path:
        """A key that names a list of tables means the latest table of the list."""
        return (*path, self.lists[path]) if path in self.lists else path

    def key(self) -> list[str]:
        """A key, dotted or not; leaves the token after it."""
        parts: list[str] = []
        while self.peek()[0] in ("word", "string"):
            kind, words, _ = self.peek()
            parts.append(words if kind == "word" else _unquoted(words))
            self.at += 1
            if not self.take("."):
                break
        return parts

    def pair(self, table: Path) -> None:
        """``key = value``."""
        line = self.peek()[2]
        path = table
        for part in self.key():
            path = (*path, part)
            self.found.setdefault(path, line)
        if not self.take("="):
            self.at += 1  # cannot happen in valid TOML; never stand still
            return
        self.value(path)

    def value(self, path: Path) -> None:
        if self.take("["):
            self.array(path)
        elif self.take("{"):
            while not self.take("}") and self.peek() is not _END:
                if not self.take(",", "\n"):
                    self.pair(path)
        else:
            while self.peek()[0] != "newline" and self.peek()[1] not in _STOPS and self.peek() is not _END:
                self.at += 1

    def array(self, path: Path) -> None:
        number = 0
        while not self.take("]") and self.peek() is not _END:
            if self.take(",", "\n"):
                continue
            item = (*path, number)
            self.found[item] = self.peek()[2]
            begun = self.at
            self.value(item)
            self.at = max(self.at, begun + 1)  # never stand still
            number += 1


def _unquoted(words: str) -> str:
    return str(tomllib.loads(f"key = {words}")["key"]) if "\\" in words else words[1:-1]
