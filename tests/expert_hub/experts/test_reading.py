from pathlib import Path

import openpyxl
import pytest

from expert_hub.experts.columns import CHINESE_NAMES, Column
from expert_hub.experts.errors import (
    DamagedWorkbook,
    FileEmpty,
    FileMissing,
    HeaderMissing,
    NotATable,
    OldWorkbook,
    UnreadableEncoding,
)
from expert_hub.experts.reading import open_table
from expert_hub.foundation.errors import HubError, text_of

ZH = [CHINESE_NAMES[column] for column in Column]
ROW = ["GC-1", "王伟", "x", "1", "", "高级", "甲公司", "", "440100", "", "A01", "在库", "", "", "", ""]


def workbook(path: Path, rows: list[list[object]]) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encoding_and_delimiter_are_told(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "library.csv"
    path.write_text("\r\n".join(delimiter.join(cells) for cells in (ZH, ROW)), encoding=encoding)
    table = open_table(path)
    assert (table.form, table.encoding, table.delimiter, table.rows_total) == ("csv", encoding, delimiter, 1)
    assert [(row.number, row.cells) for row in table.rows()] == [(2, ROW)]


def test_rows_are_numbered_as_in_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "library.csv"
    text = ["title", "", ",".join(ZH), "", 'GC-1,"王\n伟"', ",,,", "GC-2,李四"]
    path.write_text("\n".join(text), encoding="utf-8")
    assert [(row.number, row.cells) for row in open_table(path).rows()] == [
        (5, ["GC-1", "王\n伟"]),
        (7, ["GC-2", "李四"]),
    ]


def test_sheet_with_title_blank_rows_and_typed_cells(tmp_path: Path) -> None:
    path = tmp_path / "no-suffix"
    workbook(path, [["专家库"], [], ["入库编号", *ZH[1:]], [1, "=1+1", 440106197005061237, 13812345678.0, None, True]])
    table = open_table(path)
    assert (table.form, table.sheet, table.header.row) == ("xlsx", "Sheet", 3)
    rows = list(table.rows())
    assert rows[0].number == 4
    assert rows[0].cells[:6] == ["1", "", "4.40106197005061E+17", "13812345678", "", "True"]


def test_the_sheet_with_the_header_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "two.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["说明"])  # type: ignore[union-attr]
    second = book.create_sheet("专家")
    second.append(ZH)
    second.append(ROW)
    book.save(path)
    assert open_table(path).sheet == "专家"


GOOD = (",".join(ZH) + "\n" + ",".join(ROW) + "\n").encode()
WRONG: list[tuple[str, bytes, type[HubError]]] = [
    ("pdf", b"%PDF-1.7\n" + b"x" * 100, NotATable),
    ("png", b"\x89PNG\r\n\x1a\n" + bytes(100), NotATable),
    ("zip", b"PK\x05\x06" + bytes(18), NotATable),
    ("html", b"<html><table><tr><td>1</table>", NotATable),
    ("binary", bytes(range(256)) * 4, NotATable),
    ("xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), OldWorkbook),
    ("empty", b"", FileEmpty),
    ("blank", b"\xef\xbb\xbf \r\n\t", FileEmpty),
    ("utf-16", GOOD.decode().encode("utf-16"), UnreadableEncoding),
    ("big5", "姓名,備註\n陳,\xff\n".encode("big5", "replace") + b"\xff\xff\xff,\x80\x81\xff\n" * 5, UnreadableEncoding),
    ("other header", b"a,b,c\n1,2,3\n", HeaderMissing),
    ("truncated zip", b"PK\x03\x04" + bytes(40), DamagedWorkbook),
]


@pytest.mark.parametrize(("content", "refusal"), [each[1:] for each in WRONG], ids=[each[0] for each in WRONG])
def test_wrong_files_are_refused_by_content(tmp_path: Path, content: bytes, refusal: type[HubError]) -> None:
    path = tmp_path / "library.csv"
    path.write_bytes(content)
    with pytest.raises(refusal) as caught:
        open_table(path)
    assert "library.csv" in text_of(caught.value, "zh")
    assert str(tmp_path) not in text_of(caught.value, "en")


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        open_table(tmp_path / "none.csv")
    with pytest.raises(FileMissing):
        open_table(tmp_path)
