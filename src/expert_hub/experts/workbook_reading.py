"""Reading xlsx workbooks: values as a spreadsheet shows them, formulas as their last result and never evaluated."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

import msgspec
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from expert_hub.experts.errors import DamagedWorkbook, FileTooLarge, NotATable
from expert_hub.experts.source_rows import SourceRow

_UNPACKED_LIMIT_MIB: Final = 600
_CELLS_LIMIT: Final = 8_000_000
_BLOCK: Final = 1 << 20
_OVERLAP: Final = 256
_FILLED_CELL: Final = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r=[\"']([A-Z]{1,3})([0-9]{1,7})[\"'][^>]*(?<!/)>")


class Sheet(msgspec.Struct, frozen=True):
    """A sheet with its first rows and the number of its last row."""

    name: str
    first_rows: list[SourceRow]
    height: int


def check(path: Path) -> None:
    """Refuse what would fail late or fill the memory.

    The reader keeps a sheet as one rectangle, so a single cell in the far corner of a tiny file could ask for hundreds
    of gigabytes.

    Raises:
        NotATable: a zip archive without a workbook.
        DamagedWorkbook: an incomplete archive.
        FileTooLarge: unpacks to more than the limit, or spans too large a rectangle.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if not any(member.filename == "xl/workbook.xml" for member in members):
                raise NotATable(file=path.name, found="zip")
            if sum(member.file_size for member in members) > _UNPACKED_LIMIT_MIB << 20:
                raise FileTooLarge(file=path.name, limit_mib=_UNPACKED_LIMIT_MIB)
            sheets = [each for each in members if each.filename.startswith("xl/worksheets/") and not each.is_dir()]
            if any(_rectangle(archive, each) > _CELLS_LIMIT for each in sheets):
                raise FileTooLarge(file=path.name, limit_mib=_UNPACKED_LIMIT_MIB)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise DamagedWorkbook(file=path.name) from error


def sheets(path: Path) -> Iterator[Sheet]:
    """Every sheet that holds something, in the order of the workbook.

    Raises:
        DamagedWorkbook: the workbook cannot be read.
    """
    workbook = _open(path)
    for name in workbook.sheet_names:
        sheet = _sheet(workbook, name, path)
        if sheet is not None and sheet.total_height:
            yield Sheet(name, list(islice(_rows(sheet), 10)), sheet.total_height)


def read_rows(path: Path, sheet_name: str) -> Iterator[SourceRow]:
    """The rows of a sheet, blank ones included, numbered from 1.

    Raises:
        DamagedWorkbook: the workbook cannot be read.
    """
    sheet = _sheet(_open(path), sheet_name, path)
    if sheet is not None:
        yield from _rows(sheet)


def _rows(sheet: CalamineSheet) -> Iterator[SourceRow]:
    for number, row in enumerate(sheet.iter_rows(), start=1):
        yield SourceRow(number, [cell if type(cell) is str else _text(cell) for cell in row])


def _text(cell: Any) -> str:
    """A value as text: whole numbers without a point, days as ISO 8601.

    Numbers of more than 15 digits have lost their end in the spreadsheet already; they keep their exponent, by which
    the row is refused with advice.
    """
    if isinstance(cell, bool) or cell is None:
        return str(cell) if cell is not None else ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.14E}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _open(path: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(str(path))
    except CalamineError as error:
        raise DamagedWorkbook(file=path.name) from error


def _sheet(workbook: CalamineWorkbook, name: str, path: Path) -> CalamineSheet | None:
    try:
        return workbook.get_sheet_by_name(name)
    except CalamineError as error:
        raise DamagedWorkbook(file=path.name) from error


def _rectangle(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    """Number of cells in the rectangle from A1 to the last filled row and column."""
    last_row = last_column = 0
    tail = b""
    with archive.open(member) as stream:
        while block := stream.read(_BLOCK):
            text = tail + block
            for letters, row in set(_FILLED_CELL.findall(text)):
                last_row = max(last_row, int(row))
                last_column = max(last_column, _column_number(letters))
            tail = text[-_OVERLAP:]
    return last_row * last_column


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
