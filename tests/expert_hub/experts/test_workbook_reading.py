import datetime
import zipfile
from pathlib import Path

import openpyxl
import pytest

from expert_hub.experts.errors import DamagedWorkbook, FileTooLarge, NotATable
from expert_hub.experts.workbook_reading import check, read_rows, sheets


def book_with(path: Path, cells: dict[str, object]) -> Path:
    book = openpyxl.Workbook()
    for place, value in cells.items():
        book.active[place] = value  # type: ignore[index]
    book.save(path)
    return path


def test_days_numbers_and_formulas_become_texts(tmp_path: Path) -> None:
    instant = datetime.datetime(2026, 3, 2, 10, 30)  # noqa: DTZ001 - a spreadsheet has no zones
    cells = {"A1": datetime.date(2026, 3, 2), "B1": 1.5, "C1": 3.0, "D1": "=1+1", "E1": instant, "F1": " x "}
    path = book_with(tmp_path / "b.xlsx", cells)
    assert [row.cells for row in read_rows(path, "Sheet")] == [
        ["2026-03-02", "1.50000000000000E+00", "3", "", "2026-03-02 10:30:00", " x "]
    ]


def test_empty_sheets_are_passed_over(tmp_path: Path) -> None:
    path = book_with(tmp_path / "b.xlsx", {})
    assert list(sheets(path)) == []


def test_a_cell_in_the_far_corner_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = book_with(tmp_path / "b.xlsx", {"A1": 1, "XFD1048576": 1})
    with pytest.raises(FileTooLarge):
        check(path)


def test_a_styled_but_empty_corner_is_no_harm(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = 1  # type: ignore[index]
    book.active["XFD1048576"].font = openpyxl.styles.Font(bold=True)  # type: ignore[index]
    book.save(tmp_path / "b.xlsx")
    check(tmp_path / "b.xlsx")
    assert [row.cells for row in read_rows(tmp_path / "b.xlsx", "Sheet")] == [["1"]]


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "x")
        with archive.open("xl/media/bomb", "w", force_zip64=True) as member:
            for _ in range(601):
                member.write(bytes(1 << 20))
    with pytest.raises(FileTooLarge):
        check(path)


def test_truncated_and_foreign_archives(tmp_path: Path) -> None:
    whole = book_with(tmp_path / "b.xlsx", {"A1": "x"}).read_bytes()
    for length in range(10, len(whole), 97):
        (tmp_path / "cut.xlsx").write_bytes(whole[:length])
        with pytest.raises(DamagedWorkbook):
            check(tmp_path / "cut.xlsx")
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("word/document.xml", "x")
    with pytest.raises(NotATable):
        check(tmp_path / "a.docx")


def test_a_workbook_with_broken_parts_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<a>")
    check(path)
    with pytest.raises(DamagedWorkbook):
        list(sheets(path))
