"""Breaks rows of a sample library on purpose, each in one known way, to try an importer."""

import codecs
import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from typing import Final

from expert_hub.experts.columns import Column
from expert_hub.foundation.codes import identity_check_character

Cells = list[str]
Spoiler = Callable[["_Row"], None]


class _Row:
    """Cells of one row by column, and the identity number of another row."""

    def __init__(self, cells: Cells, other_identity: str) -> None:
        self.cells = cells
        self.other_identity = other_identity

    def get(self, column: Column) -> str:
        return self.cells[_PLACES[column]]

    def put(self, column: Column, text: str) -> None:
        self.cells[_PLACES[column]] = text


_PLACES: Final = {column: place for place, column in enumerate(Column)}


def _bad_checksum(row: _Row) -> None:
    number = row.get(Column.IDENTITY_NUMBER)
    row.put(Column.IDENTITY_NUMBER, number[:17] + ("1" if number[17] != "1" else "2"))


def _bad_date(row: _Row) -> None:
    first17 = row.get(Column.IDENTITY_NUMBER)[:10] + "0230" + row.get(Column.IDENTITY_NUMBER)[14:17]
    row.put(Column.IDENTITY_NUMBER, first17 + identity_check_character(first17))


def _short_identity(row: _Row) -> None:
    row.put(Column.IDENTITY_NUMBER, row.get(Column.IDENTITY_NUMBER)[:17])


def _unknown_speciality(row: _Row) -> None:
    row.put(Column.SPECIALITIES, "A0998")


def _too_many_specialities(row: _Row) -> None:
    row.put(Column.SPECIALITIES, "A0401;A0501;A0601;A0701")


def _bad_uscc(row: _Row) -> None:
    code = row.get(Column.EMPLOYER_CODE)
    row.put(Column.EMPLOYER_CODE, code[:17] + ("1" if code[17] != "1" else "2"))


def _missing_name(row: _Row) -> None:
    row.put(Column.NAME, "")


def _bad_mobile(row: _Row) -> None:
    row.put(Column.MOBILE, "020-83330000")


def _bad_standing(row: _Row) -> None:
    row.put(Column.STANDING, "未知")


def _bad_relation(row: _Row) -> None:
    row.put(Column.RELATIONS, "熟人|某单位||2020-01-01|")


def _bad_region(row: _Row) -> None:
    row.put(Column.REGION_CODE, "4401")


def _reversed_leave(row: _Row) -> None:
    row.put(Column.LEAVE, f"{date(2026, 3, 9)}~{date(2026, 3, 2)}")


def _other_persons_identity(row: _Row) -> None:
    row.put(Column.IDENTITY_NUMBER, row.other_identity)
    row.put(Column.NAME, "冒名人")


def _missing_cell(row: _Row) -> None:
    # A row cut off in the middle: what follows the specialities is gone.
    del row.cells[_PLACES[Column.STANDING] :]


def _additional_cell(row: _Row) -> None:
    row.cells.insert(0, "多出的一列")


SPOILERS: Final[dict[str, Spoiler]] = {
    "bad_checksum": _bad_checksum,
    "bad_date": _bad_date,
    "short_identity": _short_identity,
    "unknown_speciality": _unknown_speciality,
    "too_many_specialities": _too_many_specialities,
    "bad_uscc": _bad_uscc,
    "missing_name": _missing_name,
    "bad_mobile": _bad_mobile,
    "bad_standing": _bad_standing,
    "bad_relation": _bad_relation,
    "bad_region": _bad_region,
    "reversed_leave": _reversed_leave,
    "other_persons_identity": _other_persons_identity,
    "missing_cell": _missing_cell,
    "additional_cell": _additional_cell,
}
"""The kinds of damage, in the order in which they are dealt out."""


def spoil_rows(path: Path, n: int, seed: int) -> list[tuple[int, str]]:
    """Break rows of a sample CSV file in place; the kinds take turns.

    Args:
        path: CSV file as `write_sample` writes it, in UTF-8 or GB 18030.
        n: number of rows to break, at most half of the rows.
        seed: the same seed breaks the same rows.

    Returns:
        Row number (the header is row 1) and kind of each broken row, in the order of the file.

    Raises:
        ValueError: the file has too few rows.
    """
    content = path.read_bytes()
    encoding = _encoding_of(content)
    rows = list(csv.reader(io.StringIO(content.decode(encoding), newline="")))
    if n > (len(rows) - 1) // 2:
        raise ValueError("at most half of the rows can be broken")
    chosen, damage = _damage(rows, n, seed)
    for row, kind in damage:
        # The person whose number is borrowed stands in a row that stays whole.
        other = next(cells for number, cells in enumerate(rows[1:], 2) if number not in chosen and number != row)
        SPOILERS[kind](_Row(rows[row - 1], other[_PLACES[Column.IDENTITY_NUMBER]]))
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows(rows)
    return damage


def _damage(rows: list[Cells], n: int, seed: int) -> tuple[set[int], list[tuple[int, str]]]:
    random = Random(seed)  # noqa: S311 - synthetic data, nothing is secret here
    chosen = sorted(random.sample(range(2, len(rows) + 1), n))
    kinds = list(SPOILERS)
    turns = [kinds[turn % len(kinds)] for turn in range(n)]
    random.shuffle(turns)
    return set(chosen), list(zip(chosen, turns, strict=True))


def _encoding_of(content: bytes) -> str:
    if content.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"
