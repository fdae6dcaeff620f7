"""Reading CSV: encoding, delimiter, and rows that survive a misplaced quotation mark."""

import csv
import hashlib
import io
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import msgspec

from expert_hub.experts.columns import recognised
from expert_hub.experts.errors import UnreadableEncoding
from expert_hub.experts.source_rows import SourceRow

_DELIMITERS: Final = (",", "\t", ";")
_LINE_LIMIT: Final = 100_000
_LINES_OF_A_RECORD: Final = 50
_BLOCK: Final = 1 << 20


class Survey(msgspec.Struct, frozen=True):
    """Result of reading a file once: digest, encoding as Python names it, number of lines."""

    sha256: str
    encoding: str
    lines: int


def survey(path: Path) -> Survey:
    """Read the whole file once and tell its encoding.

    UTF-8 (with or without mark) if every line is, else GB 18030, which contains GBK. A file with some broken lines is
    taken for what most of its lines are, so that they spoil only their own rows.

    Raises:
        UnreadableEncoding: most lines outside ASCII fit neither.

    Source: GB 18030-2022; engineering choice.
    """
    digest = hashlib.sha256()
    tally = {"utf-8": _Tally(), "gb18030": _Tally()}
    lines = 0
    with path.open("rb") as stream:
        mark = stream.read(3)
        stream.seek(0)
        while line := stream.readline(_BLOCK):
            digest.update(line)
            lines += 1
            if not line.isascii():
                for encoding, count in tally.items():
                    count.note(lines, line, encoding)
    if mark.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableEncoding(file=path.name, row=1)
    encoding = min(tally, key=lambda name: tally[name].bad)
    best = tally[encoding]
    if best.bad and best.bad >= best.good:
        raise UnreadableEncoding(file=path.name, row=tally["utf-8"].first_bad)
    if encoding == "utf-8" and mark == b"\xef\xbb\xbf":
        encoding = "utf-8-sig"
    return Survey(digest.hexdigest(), encoding, lines)


def find_delimiter(path: Path, encoding: str) -> str:
    """The delimiter with which the first rows name the most columns."""

    def named(delimiter: str) -> int:
        return max((recognised(row.cells) for row in islice(read_rows(path, encoding, delimiter), 10)), default=0)

    return max(_DELIMITERS, key=named)


def read_rows(path: Path, encoding: str, delimiter: str) -> Iterator[SourceRow]:
    """The records of a file, blank ones included, numbered from 1 as a spreadsheet numbers them.

    A record that cannot be split spoils itself only: reading goes on with the line below its first.
    """
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        lines = _Lines(stream)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        number = 0
        while True:
            number += 1
            lines.taken.clear()
            try:
                yield SourceRow(number, next(reader))
            except StopIteration:
                return
            except csv.Error:
                lines.put_back()
                reader = csv.reader(lines, delimiter=delimiter, strict=True)
                yield SourceRow(number, [], "experts/quotation-open")


class _Tally:
    """How many lines outside ASCII an encoding can and cannot read."""

    def __init__(self) -> None:
        self.good = self.bad = self.first_bad = 0

    def note(self, number: int, line: bytes, encoding: str) -> None:
        try:
            line.decode(encoding)
            self.good += 1
        except UnicodeDecodeError:
            self.bad += 1
            self.first_bad = self.first_bad or number


class _Lines:
    """Lines of a text, of bounded length, which remembers those of the present record and can give them again."""

    def __init__(self, stream: io.TextIOBase) -> None:
        self._stream = stream
        self._again: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= _LINES_OF_A_RECORD:
            raise csv.Error("a quotation mark was never closed")
        line = self._again.popleft() if self._again else self._read()
        if not line:
            raise StopIteration
        self.taken.append(line)
        return line

    def put_back(self) -> None:
        """Give all lines of the record but its first once more."""
        self._again.extendleft(reversed(self.taken[1:]))

    def _read(self) -> str:
        line = self._stream.readline(_LINE_LIMIT)
        if len(line) == _LINE_LIMIT and not line.endswith(("\n", "\r")):
            # The rest of an endless line is of no use: the row is refused for its length.
            while (rest := self._stream.readline(_LINE_LIMIT)) and not rest.endswith(("\n", "\r")):
                pass
            line += "\n"
        return line
