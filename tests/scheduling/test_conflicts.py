from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.conflicts import bare_finding, relation_findings, window_start
from scheduling.demand import AvoidedOrganisation
from scheduling.pool import Pool
from scheduling.records import CandidateRecord, Relation
from scheduling.request import DrawRequest

BIDDER, ENTITY, AGENCY = "91110000600037341L", "12000000000000027G", "9144030071526726XG"
Maker = Callable[..., CandidateRecord]
Requests = Callable[..., DrawRequest]
DEADLINE = date(2026, 3, 2)


@pytest.fixture(scope="session")
def found(make_record: Maker, make_request: Requests) -> Callable[..., list[tuple[str, str]]]:
    """Return (ground, note) of one person with these relations."""

    def search(*relations: Relation, employer: tuple[str, str] = ("", ""), **changes: Any) -> list[tuple[str, str]]:
        record = make_record(0, employer_code=employer[0], employer_name=employer[1], relations=relations)
        findings = relation_findings(Pool.from_records([record]), make_request(**changes))
        return [(finding.ground, finding.note) for finding in findings]

    return search


Found = Callable[..., list[tuple[str, str]]]


def test_gpr_9_example_of_the_window(found: Found) -> None:
    assert found(Relation("employment", BIDDER, ends_on=date(2023, 3, 2))) == [("C01", "")]
    assert found(Relation("employment", BIDDER, ends_on=date(2023, 3, 1))) == []
    assert found(Relation("employment", BIDDER)) == [("C01", "")]


@pytest.mark.parametrize(
    ("deadline", "start"),
    [
        (date(2026, 3, 2), date(2023, 3, 2)),
        (date(2028, 2, 29), date(2025, 2, 28)),
        (date(2027, 2, 28), date(2024, 2, 28)),
        (date(2027, 3, 1), date(2024, 3, 1)),
    ],
)
def test_cc_202_window_with_and_without_a_29_february(deadline: date, start: date) -> None:
    assert window_start(deadline, 3) == start


@given(st.integers(-2000, 2000))
def test_relation_conflicts_exactly_when_its_end_is_not_before_the_window(found: Found, days: int) -> None:
    ends_on = DEADLINE + timedelta(days=days)
    assert bool(found(Relation("director", BIDDER, ends_on=ends_on))) == (ends_on >= date(2023, 3, 2))


@pytest.mark.parametrize(
    ("kind", "code", "grounds"),
    [
        ("employment", BIDDER, ["C01"]),
        ("director", BIDDER, ["C02"]),
        ("board_supervisor", BIDDER, ["C02"]),
        ("controlling_shareholder", BIDDER, ["C03"]),
        ("actual_controller", BIDDER, ["C03"]),
        ("kin_of_head", BIDDER, ["C04", "C05"]),
        ("near_relative", BIDDER, ["C04", "C05"]),
        ("bidder_itself", BIDDER, ["C05"]),
        ("interest", BIDDER, ["C07"]),
        ("employment", ENTITY, ["C09"]),
        ("employment", AGENCY, ["C10"]),
        ("interest", ENTITY, []),
        ("tender_penalty", "", ["C08"]),
        ("finance_supervision", "", ["C11"]),
        ("need_planning", "LOT-1", ["C12"]),
        ("voided_committee_fault", "LOT-1", ["C18"]),
        ("voided_committee_fault", "LOT-2", []),
        ("earlier_committee", "LOT-1", []),
    ],
)
def test_each_relation_meets_the_grounds_of_chapter_2(found: Found, kind: str, code: str, grounds: list[str]) -> None:
    assert found(Relation(kind, code), project_refs=("LOT-1",)) == [(ground, "") for ground in grounds]


def test_c06_staff_of_a_department_by_name_is_excluded_for_review(found: Found) -> None:
    assert found(Relation("department_staff", "", "某市财政局")) == [("C06", "review")]


def test_c08_penalty_is_permanent_and_c07_interest_is_present(found: Found) -> None:
    assert found(Relation("tender_penalty", ends_on=date(1999, 1, 1))) == [("C08", "")]
    assert found(Relation("interest", BIDDER, ends_on=date(2026, 3, 1))) == []
    assert found(Relation("interest", BIDDER, ends_on=date(2026, 3, 2))) == [("C07", "")]


def test_c12_planning_for_an_organisation_without_a_project_needs_review(found: Found) -> None:
    assert found(Relation("need_planning", ENTITY)) == [("C12", "review")]
    assert found(employer=("", "某咨询公司")) == [("C12", "review")]


def test_c15_avoid_list(found: Found) -> None:
    avoid = (AvoidedOrganisation("", "丙（集团）公司", "former partner"),)
    assert found(employer=("", "丙集团公司"), avoid=avoid) == [("C15", "review")]
    assert found(employer=("", "丁集团公司"), avoid=avoid) == []


def test_c19_is_off_unless_the_pack_asks_for_it(found: Found) -> None:
    relation = Relation("earlier_committee", "LOT-1")
    assert found(relation, project_refs=("LOT-1",), grounds=("C19",)) == [("C19", "")]


def test_o87_47_present_employer_counts_against_bidder_entity_and_agency(found: Found) -> None:
    for code, ground in ((BIDDER, "C01"), (ENTITY, "C09"), (AGENCY, "C10")):
        assert found(employer=(code, "任意名称")) == [(ground, "")]


def test_cf_04_code_first_then_present_and_former_names(found: Found) -> None:
    assert found(Relation("employment", BIDDER.lower(), "改名后的公司")) == [("C01", "")]
    assert found(Relation("employment", "", "甲 公司")) == [("C01", "review")]
    assert found(Relation("employment", "", "老（甲）公司")) == [("C01", "review")]
    assert found(Relation("employment", "91330100799655058B", "甲公司")) == [("C01", "review")]
    assert found(Relation("employment", "", "乙公司")) == []


def test_ground_that_is_not_in_force_excludes_nobody(found: Found) -> None:
    assert found(Relation("employment", BIDDER), grounds=("C02",)) == []


def test_unknown_organisations_match_nothing(found: Found) -> None:
    assert found(Relation("employment"), Relation("need_planning"), project_refs=("",)) == []


def test_a_finding_without_a_tie_has_no_rows() -> None:
    finding = bare_finding("C16", "age", np.array([2, 5]))
    assert (finding.rows.tolist(), finding.rule_key) == ([-1, -1], "conflict.grounds_project")
    assert bare_finding("Q1", "", np.array([1]), "spec.match").rule_key == "spec.match"
