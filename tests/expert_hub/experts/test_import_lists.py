from datetime import date

import pytest

from expert_hub.experts.import_lists import read_date, read_leaves, read_relations, split_codes
from expert_hub.experts.import_reasons import Findings
from expert_hub.experts.rules import Leave, Relation


def test_codes_are_split_sorted_and_unique() -> None:
    assert split_codes("B01; A01，A01、A02\nC01") == ("A01", "A02", "B01", "C01")
    assert split_codes(" ; ") == ()


@pytest.mark.parametrize("text", ["2026-03-02", "2026/3/2", "2026.03.02", "2026年3月2日", "2026-03-02 00:00:00"])
def test_dates_as_spreadsheets_write_them(text: str) -> None:
    found = Findings()
    assert read_date(text, "leave", found) == date(2026, 3, 2)
    assert found.errors == []


@pytest.mark.parametrize("text", ["2026-13-01", "02.03.2026", "45000", "２０２６-03-02", "2026-03-02T10:00"])
def test_other_dates_are_refused(text: str) -> None:
    found = Findings()
    assert read_date(text, "leave", found) is None
    assert [reason.code for reason in found.errors] == ["experts/date-form"]


def test_project_codes_are_no_credit_codes() -> None:
    found = Findings()
    assert read_relations("参与需求论证|某项目|GZ-2026-001|2026-01-01|", found) == (
        Relation("need_planning", "某项目", "GZ-2026-001", date(2026, 1, 1)),
    )
    assert found.errors == []


def test_leave_is_sorted_and_unique() -> None:
    first, second = Leave(date(2026, 1, 1), date(2026, 1, 2)), Leave(date(2026, 2, 1), date(2026, 2, 1))
    assert read_leaves("2026-02-01～2026-02-01;2026-01-01至2026-01-02;2026-2-1~2026-2-1", Findings()) == (first, second)
