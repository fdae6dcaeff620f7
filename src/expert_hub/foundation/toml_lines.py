"""On which line each key of a TOML text stands; the standard parser does not say.

The text must already have passed `tomllib`, so that this reader need not know the whole grammar: it only has to tell
keys from values, in dotted, sectioned and inline form.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

KeyPath = tuple[str, ...]

_TOKEN: Final = re.compile(
    r'(?P<string>"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'|"(?:\\.|[^"\\])*"|\'[^\']*\')'
    r"|(?P<comment>#[^\n]*)|(?P<newline>\n)|(?P<mark>[\[\]{}=,.])|(?P<bare>[^\s\[\]{}=,.\"'#]+)",
    re.DOTALL,
)


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


class _Reader:
    """Walks the tokens once and notes the line of every key."""

    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.at = 0
        self.lines: dict[KeyPath, int] = {}

    def read(self) -> dict[KeyPath, int]:
        header: KeyPath = ()
        while self.at < len(self.tokens):
            if self.is_mark("["):
                header = self.header()
            elif self.tokens[self.at].kind == "newline":
                self.at += 1
            else:
                self.pair(header)
        return self.lines

    def is_mark(self, text: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at][:2] == ("mark", text)

    def header(self) -> KeyPath:
        while self.is_mark("["):
            self.at += 1
        path = self.key(())
        while self.is_mark("]"):
            self.at += 1
        return path

    def key(self, parent: KeyPath) -> KeyPath:
        """Read ``a.b."c"`` up to the mark that ends it and note its line."""
        line = self.tokens[self.at].line
        parts: list[str] = []
        while self.tokens[self.at].kind in ("bare", "string") or self.is_mark("."):
            token = self.tokens[self.at]
            if token.kind != "mark":
                parts.append(token.text[1:-1] if token.kind == "string" else token.text)
            self.at += 1
        path = parent + tuple(parts)
        self.lines.setdefault(path, line)
        return path

    def pair(self, parent: KeyPath) -> None:
        path = self.key(parent)
        self.at += 1  # the equals sign
        self.value(path)

    def value(self, path: KeyPath) -> None:
        if self.is_mark("{"):
            self.inline_table(path)
        elif self.is_mark("["):
            self.array(path)
        else:
            while self.at < len(self.tokens) and not self.ends_value():
                self.at += 1

    def ends_value(self) -> bool:
        token = self.tokens[self.at]
        return token.kind == "newline" or token[:2] in (("mark", ","), ("mark", "}"), ("mark", "]"))

    def inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while not self.is_mark("}"):
            if self.is_mark(",") or self.tokens[self.at].kind == "newline":
                self.at += 1
            else:
                self.pair(path)
        self.at += 1

    def array(self, path: KeyPath) -> None:
        self.at += 1
        while not self.is_mark("]"):
            if self.is_mark(",") or self.tokens[self.at].kind == "newline":
                self.at += 1
            else:
                self.value(path)
        self.at += 1


def key_lines(text: str) -> dict[KeyPath, int]:
    """Find the line of every key and table header.

    Args:
        text: TOML that `tomllib` accepts.

    Returns:
        Key path (outermost first) to line, counted from 1; the first mention wins.

    Source: engineering choice
    """
    return _Reader(text.replace("\r\n", "\n")).read()


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        kind = str(match.lastgroup)
        if kind != "comment":
            yield _Token(kind, match.group(), line)
        line += match.group().count("\n")
