"""`expert-hub criteria`: one tree in three forms, checked under a pack before anything is registered."""

import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest

FORMS = ("c.toml", "c.json", "c.xlsx")


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return tmp_path


@pytest.mark.parametrize("name", FORMS)
def test_a_template_passes_its_check_and_shows_the_tree(command_line: Any, here: Path, name: str) -> None:
    written = command_line.run("--lang", "en", "criteria", "template", str(here / name))
    assert (written.code, written.err) == (0, "")
    checked = command_line.run("criteria", "check", str(here / name))
    assert (checked.code, checked.err) == (0, "")
    assert checked.out.splitlines()[:3] == [
        "T 技术部分 50",
        "  T1 总体技术方案 20 subjective",
        "  T2 质量保证措施 30 subjective",
    ]


def test_the_three_forms_say_the_same(command_line: Any, here: Path) -> None:
    command_line.run("criteria", "template", str(here / "c.toml"))
    names = ("c.toml", "d.xlsx", "e.json", "f.xlsx", "g.toml")
    for source, name in pairwise(here / each for each in names):
        assert command_line.run("criteria", "convert", str(source), str(name)).code == 0
    assert (here / "g.toml").read_bytes() == (here / "c.toml").read_bytes()


def test_numbers_typed_into_a_spreadsheet_are_marks(command_line: Any, here: Path) -> None:
    book = here / "c.xlsx"
    command_line.run("--lang", "zh", "criteria", "template", str(book))
    workbook = openpyxl.load_workbook(book)
    sheet = workbook.worksheets[0]
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            if cell.value and str(cell.value).replace(".", "").isdigit():
                cell.value, cell.number_format = float(cell.value), "General"
    workbook.save(book)
    checked = command_line.run("criteria", "check", str(book))
    assert (checked.code, checked.err) == (0, "")


def test_faults_are_said_with_their_place_and_the_article(command_line: Any, here: Path) -> None:
    file = here / "c.toml"
    file.write_text(
        'criteria = [{ id = "P", group = "price", title = "p", kind = "formula", full = "20" },\n'
        '{ id = "T", group = "technical", title = "t", kind = "subjective", full = "80" }]\n'
    )
    checked = command_line.run("criteria", "check", str(file))
    assert (checked.code, checked.out) == (1, "criteria.P.full: the price weighs less than 0.30 (O87 55)\n")
    assert command_line.run("criteria", "check", str(file), "--class", "services").code == 0
    other = command_line.run("criteria", "check", str(file), "--pack", "cn.engineering_tender.construction")
    assert other.code == 1
    assert "O12 29" in other.out


@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        ("c.csv", b"a", 2, "none of .toml, .json and .xlsx"),
        ("c.toml", b"criteria = [", 2, "cannot be read"),
        ("c.json", b"[" * 100_000, 2, "cannot be read"),
        ("c.json", b"\xff", 2, "cannot be read"),
        ("c.json", b'{"colour": 1}', 1, "colour"),
        ("c.xlsx", b"PK\x03\x04", 2, "c.xlsx"),
        ("c.toml", b"x = 1\n" * 2_000_000, 2, "cannot be read"),
    ],
)
def test_what_is_no_criteria_file_is_refused(
    command_line: Any, here: Path, name: str, content: bytes, code: int, said: str
) -> None:
    (here / name).write_bytes(content)
    found = command_line.run("--lang", "en", "criteria", "check", str(here / name))
    assert found.code == code
    assert said in found.out + found.err
    assert "Traceback" not in found.err


def test_a_missing_file_and_a_bomb_are_refused(command_line: Any, here: Path) -> None:
    missing = command_line.run("--lang", "en", "criteria", "check", str(here / "none.toml"))
    assert missing.code == 2
    bomb = here / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", '<c r="XFD1048576"><v>1</v></c>')
    refused = command_line.run("--lang", "en", "criteria", "check", str(bomb))
    assert refused.code == 2
    assert "Traceback" not in refused.err
