"""Rows are broken in known ways and everything else stays as it was."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from expert_hub.experts.columns import Column
from expert_hub.experts.import_form import LibraryRow, RowFault, RowRules, cells_of, read_row
from expert_hub.experts.rules import SpecialityLimits
from expert_hub.experts.specialities import shipped_catalogue
from expert_hub.sample.spoil import SPOILERS, spoil_rows
from expert_hub.sample.writer import SampleOptions, write_sample

ON = date(2026, 3, 2)
RULES = RowRules(specialities=shipped_catalogue(), limits=SpecialityLimits(), on=ON)
PLACES = {column: place for place, column in enumerate(Column)}
REASONS = {
    "bad_checksum": "code/identity-checksum",
    "bad_date": "code/identity-date",
    "short_identity": "code/identity-length",
    "unknown_speciality": "experts/unknown-speciality",
    "too_many_specialities": "experts/too-many-specialities",
    "bad_uscc": "code/uscc-checksum",
    "missing_name": "experts/cell-empty",
    "bad_mobile": "code/mobile-form",
    "bad_standing": "experts/unknown-word",
    "bad_relation": "experts/relation-kind",
    "bad_region": "experts/region-form",
    "reversed_leave": "experts/dates-reversed",
    "missing_cell": "experts/cell-empty",
}


def rows_of(path: Path, encoding: str = "utf-8-sig") -> list[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file))


def read(rows: list[list[str]], number: int) -> LibraryRow | RowFault:
    return read_row(number, cells_of(PLACES, rows[number - 1]), RULES)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_only_the_reported_rows_change(tmp_path: Path, encoding: str) -> None:
    path = write_sample(tmp_path, 100, 1, ON, SampleOptions(encoding=encoding)).experts
    before = rows_of(path, encoding)
    damage = spoil_rows(path, 30, 9)
    after = rows_of(path, encoding)
    changed = [number for number, (old, new) in enumerate(zip(before, after, strict=True), 1) if old != new]
    assert changed == [row for row, _ in damage]
    assert Counter(kind for _, kind in damage) == Counter(dict.fromkeys(SPOILERS, 2))


def test_the_same_seed_breaks_the_same_rows(tmp_path: Path) -> None:
    paths = [write_sample(tmp_path / name, 100, 1, ON).experts for name in "ab"]
    assert spoil_rows(paths[0], 10, 3) == spoil_rows(paths[1], 10, 3)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_whole_sample_is_read_without_a_fault(tmp_path: Path) -> None:
    rows = rows_of(write_sample(tmp_path, 500, 2, ON).experts)
    read_rows = [read(rows, number) for number in range(2, len(rows) + 1)]
    assert all(isinstance(row, LibraryRow) and row.warnings == () for row in read_rows)


def test_every_kind_is_refused_for_its_own_reason(tmp_path: Path) -> None:
    path = write_sample(tmp_path, 100, 1, ON).experts
    damage = spoil_rows(path, 30, 9)
    rows = rows_of(path)
    for number, kind in damage:
        result = read(rows, number)
        if kind in REASONS:
            assert isinstance(result, RowFault)
            assert {reason.code for reason in result.reasons} == {REASONS[kind]}
        elif kind == "additional_cell":
            assert isinstance(result, RowFault)
        else:
            # Only a comparison with the other rows can find a borrowed identity number.
            assert isinstance(result, LibraryRow)
            assert sum(row[2] == result.identity_number for row in rows) >= 2


def test_more_than_half_of_the_rows_cannot_be_broken(tmp_path: Path) -> None:
    path = write_sample(tmp_path, 10, 1, ON).experts
    assert len(spoil_rows(path, 5, 1)) == 5
    with pytest.raises(ValueError, match="half"):
        spoil_rows(path, 6, 1)
