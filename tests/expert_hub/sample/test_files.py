"""Tables are read back as written, and the bytes do not depend on the time."""

import csv
import zipfile
from pathlib import Path

import openpyxl
import pytest
import python_calamine

from expert_hub.sample.files import write_csv, write_xlsx

ROWS = [["姓名", "身份证号", "备注"], ["陈<明>", "110105194912310021", 'a & b; "c", d'], ["李", "", "x"]]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_csv_is_read_back(tmp_path: Path, encoding: str) -> None:
    write_csv(tmp_path / "a.csv", ROWS, encoding)
    with (tmp_path / "a.csv").open(encoding=encoding, newline="") as file:
        assert list(csv.reader(file)) == ROWS
    content = (tmp_path / "a.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")
    assert content.count(b"\r\n") == 3


def test_a_workbook_is_read_back_by_two_libraries(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_xlsx(path, ROWS)
    assert python_calamine.load_workbook(path).get_sheet_by_index(0).to_python() == ROWS
    book = openpyxl.load_workbook(path)
    assert [[cell or "" for cell in row] for row in book["experts"].iter_rows(values_only=True)] == ROWS
    book.close()


def test_a_workbook_carries_no_time(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", ROWS)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_columns_beyond_z_are_named(tmp_path: Path) -> None:
    wide = [[str(number) for number in range(60)]]
    write_xlsx(tmp_path / "a.xlsx", wide)
    assert python_calamine.load_workbook(tmp_path / "a.xlsx").get_sheet_by_index(0).to_python() == wide
