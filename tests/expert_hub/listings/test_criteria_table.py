"""Criteria as a table: the same values as in the form, and a place and a reason for everything that cannot be read."""

import msgspec
import pytest

from expert_hub.listings.criteria_table import COLUMNS, CriteriaFile, read_table, write_table
from expert_hub.listings.evaluation_form import CriterionForm, DeviationForm, EvaluationForm, GroupForm

PART = CriteriaFile(
    criteria=[
        CriterionForm("T1", "technical", "方案", "subjective", "40", "0.5", "5", True, "T"),
        CriterionForm("P1", "price", "报价", "formula", "60"),
        CriterionForm("X1", "others", "其他", "deduction", "5"),
        CriterionForm("W", "deviation", "工期", "objective", "52", "1"),
    ],
    evaluation=EvaluationForm(
        method="reviewed_lowest",
        k="0.6",
        groups=[GroupForm("T", "技术", "40"), GroupForm("T1a", "内层", "40", "T")],
        deviations=[DeviationForm("W", "-200.50")],
    ),
)
SAID = EvaluationForm(method="reviewed_lowest", k="0.6")
HEAD = ["kind", "id", "title", "marks"]


@pytest.mark.parametrize("place", [0, 1])
def test_what_is_written_is_read_back_in_either_language(place: int) -> None:
    rows = write_table(PART, place)
    assert rows[0] == [names[place] for names in COLUMNS.values()]
    assert read_table(enumerate(rows, start=1), SAID) == (PART, [])


def test_columns_stand_in_any_order_and_blank_rows_and_spaces_do_not_matter() -> None:
    head = ["类别", "分值", " 名称 ", "编号", "方式"]
    rows = [[], ["", " "], head, ["价格", "30", " 报价 ", "P1", "公式"], [""] * 5]
    part, faults = read_table(enumerate(rows, start=1), EvaluationForm())
    assert (part.criteria, faults) == ([CriterionForm("P1", "price", "报价", "formula", "30")], [])


@pytest.mark.parametrize(
    ("rows", "where", "why"),
    [
        ([], "file", "is empty"),
        ([["", ""]], "file", "is empty"),
        ([["kind", "id", "title"]], "row 1", "the column marks is missing"),
        ([[*HEAD, "colour"]], "row 1", "there is no column colour"),
        ([[*HEAD, "分值"]], "row 1", "the column marks occurs twice"),
        ([HEAD, ["guess", "T1", "a", "5"]], "row 2, kind", "guess is none of"),
        ([HEAD, ["", "T1", "a", "5"]], "row 2, kind", "an empty cell"),
        ([[*HEAD, "group", "blind"], ["objective", "T1", "a", "5", "g", "maybe"]], "row 2, blind", "neither yes"),
        ([[*HEAD, "group"], ["subjective", "", "a", "5", "g"]], "row 2, id", "length"),
        ([[*HEAD, "group"], ["subjective", "x" * 65, "a", "5", "g"]], "row 2, id", "length"),
        ([HEAD, ["formula", "P", "a", "5"]], "row 2, group", "length"),
        (
            [[*HEAD, "group", "yuan for one"], ["formula", "P", "a", "5", "g", "3"]],
            "row 2, yuan for one", "only a deviation",
        ),
    ],
)  # fmt: skip
def test_every_fault_has_its_row_its_column_and_its_reason(rows: list[list[str]], where: str, why: str) -> None:
    _, faults = read_table(enumerate(rows, start=1), EvaluationForm())
    assert [fault["where"] for fault in faults] == [where]
    assert why in faults[0]["why"]


def test_a_bad_row_spoils_no_good_one() -> None:
    rows = [[*HEAD, "group"], ["formula", "P1", "报价", "30", "price"], ["guess", "T", "a", "5", "g"]]
    part, faults = read_table(enumerate(rows, start=1), EvaluationForm())
    assert [item.id for item in part.criteria] == ["P1"]
    assert len(faults) == 1


def test_the_part_is_a_part_of_a_tender_form() -> None:
    assert msgspec.convert(msgspec.to_builtins(PART), CriteriaFile) == PART
