"""Cells are written in the words of the chosen language."""

from dataclasses import replace
from datetime import date

from expert_hub.sample.columns import ExpertRow, SampleRelation, header_cells, row_cells

ROW = ExpertRow(
    library_no="GC-2024-000001",
    name="陈明",
    identity_number="440199198001010019",
    mobile="14100000001",
    title="高级工程师",
    title_level="senior",
    employer="某院",
    employer_code="91440499000000166F",
    region_code="440606",
    extra_regions=("440100", "440300"),
    specialities=("B0132", "B0113"),
    standing="admitted",
    appointed_on=date(2024, 5, 1),
    term_ends_on=date(2027, 5, 1),
    relations=(
        SampleRelation("employment", "甲公司", "91440199000000115P", date(2015, 1, 1), date(2024, 2, 3)),
        SampleRelation("director", "乙公司", "", date(2020, 1, 1), None),
    ),
    leave=((date(2026, 3, 1), date(2026, 3, 9)),),
)


def test_headers() -> None:
    assert header_cells("zh")[:3] == ["入库编号", "姓名", "身份证号"]
    assert header_cells("en")[:3] == ["library_no", "name", "identity_number"]
    assert len(header_cells("zh")) == len(header_cells("en")) == len(row_cells(ROW, "zh")) == 16


def test_a_row_in_chinese() -> None:
    assert row_cells(ROW, "zh")[5:] == [
        "高级",
        "某院",
        "91440499000000166F",
        "440606",
        "440100;440300",
        "B0132;B0113",
        "在库",
        "2024-05-01",
        "2027-05-01",
        "劳动关系|甲公司|91440199000000115P|2015-01-01|2024-02-03;董事|乙公司||2020-01-01|",
        "2026-03-01~2026-03-09",
    ]


def test_a_row_in_english() -> None:
    cells = row_cells(replace(ROW, leave=()), "en")
    assert (cells[5], cells[11], cells[15]) == ("senior", "admitted", "")
    assert cells[14] == "employment|甲公司|91440199000000115P|2015-01-01|2024-02-03;director|乙公司||2020-01-01|"
