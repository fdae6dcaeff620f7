import pytest

from expert_hub.experts.columns import CHINESE_NAMES, REQUIRED, Column, column_of, find_header
from expert_hub.experts.errors import DuplicateColumn, HeaderMissing

CHINESE = list(CHINESE_NAMES.values())


def test_every_column_is_known_by_both_names() -> None:
    assert {column_of(column) for column in Column} == set(Column)
    assert {column: column_of(name) for column, name in CHINESE_NAMES.items()} == {each: each for each in Column}


@pytest.mark.parametrize("cell", ["﻿姓名", " 姓名* ", "姓 名", "Name", "NAME"])
def test_marks_blanks_and_case_do_not_matter(cell: str) -> None:
    assert column_of(cell) is Column.NAME


def test_header_may_stand_below_a_title_and_in_any_order() -> None:
    header = find_header([(1, ["专家库名单"]), (2, []), (3, ["备注", *reversed(CHINESE)])], "f")
    assert header.row == 3
    assert header.positions[Column.LIBRARY_NO] == len(CHINESE)
    assert header.ignored == ("备注",)


def test_missing_columns_are_named() -> None:
    with pytest.raises(HeaderMissing) as refusal:
        find_header([(1, ["姓名", "手机号"])], "f.csv")
    missing = [column for column in REQUIRED if column not in (Column.NAME, Column.MOBILE)]
    assert refusal.value.facts["missing"] == ", ".join(f"{column} ({CHINESE_NAMES[column]})" for column in missing)


def test_two_columns_of_one_meaning_are_refused() -> None:
    with pytest.raises(DuplicateColumn):
        find_header([(1, [*CHINESE, "name"])], "f")


def test_no_row_at_all_is_refused() -> None:
    with pytest.raises(HeaderMissing):
        find_header([], "f")
