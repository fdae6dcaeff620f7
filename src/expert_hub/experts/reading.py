"""A library file as rows of texts, whatever it is: CSV in UTF-8 or GB 18030, or an xlsx workbook.

The content decides what a file is, not its name. Reading is synchronous and streams; callers use a thread.
"""

import hashlib
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final, Literal

import msgspec

from expert_hub.experts import csv_reading, workbook_reading
from expert_hub.experts.columns import Header, find_header
from expert_hub.experts.errors import FileEmpty, FileMissing, FileTooLarge, HeaderMissing, NotATable, OldWorkbook
from expert_hub.experts.source_rows import SourceRow

_LIMIT_MIB: Final = 512
_SIGNATURES: Final[Mapping[bytes, str]] = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"{\\rtf": "RTF",
    b"SQLite format 3": "SQLite",
}
_MARKUP: Final = (b"<html", b"<!doctype", b"<?xml", b"<table", b"<meta")


class TableFile(msgspec.Struct, frozen=True):
    """An opened file: what it is, its digest, its header, and how many rows follow as far as known."""

    path: Path
    form: Literal["csv", "xlsx"]
    sha256: str
    header: Header
    rows_total: int | None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None

    def rows(self) -> Iterator[SourceRow]:
        """The rows below the header that are not blank, in order, numbered as a spreadsheet numbers them."""
        if self.form == "csv":
            source = csv_reading.read_rows(self.path, self.encoding or "utf-8", self.delimiter or ",")
        else:
            source = workbook_reading.read_rows(self.path, self.sheet or "")
        for row in source:
            if row.number > self.header.row and (row.fault or any(row.cells)):
                yield row


def open_table(path: Path) -> TableFile:
    """Find out what a file is and where its header stands.

    Raises:
        FileMissing, FileEmpty, FileTooLarge: there is nothing to read, or too much.
        NotATable, OldWorkbook, DamagedWorkbook: it is something else.
        UnreadableEncoding: it is text in an encoding that is not known.
        HeaderMissing, DuplicateColumn: the columns cannot be told.

    Source: engineering choice.
    """
    if not path.is_file():
        raise FileMissing(file=path.name)
    size = path.stat().st_size
    if size > _LIMIT_MIB << 20:
        raise FileTooLarge(file=path.name, limit_mib=_LIMIT_MIB)
    with path.open("rb") as stream:
        head = stream.read(8_192)
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise FileEmpty(file=path.name)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise OldWorkbook(file=path.name)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _open_workbook(path)
    _refuse_other_kinds(head, path.name)
    return _open_csv(path)


def _open_workbook(path: Path) -> TableFile:
    workbook_reading.check(path)
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    refusal: HeaderMissing | None = None
    for sheet in workbook_reading.sheets(path):
        try:
            header = find_header([(row.number, row.cells) for row in sheet.first_rows], path.name)
        except HeaderMissing as missing:
            refusal = refusal or missing
            continue
        return TableFile(path, "xlsx", sha256, header, max(sheet.height - header.row, 0), sheet=sheet.name)
    raise refusal or FileEmpty(file=path.name)


def _open_csv(path: Path) -> TableFile:
    survey = csv_reading.survey(path)
    delimiter = csv_reading.find_delimiter(path, survey.encoding)
    first = islice(csv_reading.read_rows(path, survey.encoding, delimiter), 10)
    header = find_header([(row.number, row.cells) for row in first], path.name)
    rows_total = max(survey.lines - header.row, 0)
    return TableFile(path, "csv", survey.sha256, header, rows_total, survey.encoding, delimiter)


def _refuse_other_kinds(head: bytes, file: str) -> None:
    for signature, kind in _SIGNATURES.items():
        if head.startswith(signature):
            raise NotATable(file=file, found=kind)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_MARKUP):
        raise NotATable(file=file, found="HTML/XML")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return
    controls = sum(octet < 32 and octet not in b"\t\r\n\x0b\x0c" for octet in head)
    zeros = head.count(0)
    # Text in UTF-16 has a zero in every second place and is refused for its encoding, with better advice.
    if controls * 20 > len(head) and not len(head) * 0.2 < zeros < len(head) * 0.6:
        raise NotATable(file=file, found="binary")
