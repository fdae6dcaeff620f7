import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from evaluation.stages import OPEN, SIDE_WAYS, TRANSITIONS, Progress, Stage, find_transition, reasons_against

DONE = Progress(
    started=True, starts_at="2026-03-02T01:00:00+00:00", seats=5, ready=5, leader_elected=True, briefed=5,
    votes_missing=0, preliminary_closed=True, valid_bids=3, bidders_counted=3, min_valid=3, competition_upheld=False,
    submitted=5, alerts_open=0, confirmed=5, totals_agreed=True, ties_open=0, candidates_proposed=True, ended=5,
)  # fmt: skip


def test_chapter_4_the_way_of_a_room_and_its_side_state():
    chain = [Stage.CREATED, *OPEN, Stage.CLOSED, Stage.ARCHIVED]
    ends = [(Stage.FAILED, Stage.ARCHIVED), (Stage.REBUILD, Stage.ARCHIVED)]
    ends += [(source, Stage.FAILED) for source in (Stage.PRELIMINARY, Stage.DETAILED)]
    ends += [(Stage.CLOSED, Stage.CANDIDATES)]
    expected = [*itertools.pairwise(chain), *ends]
    assert {(row.source, row.target) for row in TRANSITIONS} == set(expected)
    assert len(TRANSITIONS) == len(expected)


def test_ways_that_are_not_in_the_table_do_not_exist():
    assert find_transition(Stage.CLOSED, Stage.DETAILED) is None
    assert find_transition(Stage.CLOSED, Stage.ARCHIVED) is not None
    with pytest.raises(KeyError):
        reasons_against(Stage.CLOSED, Stage.DETAILED, DONE)


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: f"{row.source}-{row.target}")
def test_nothing_stands_against_a_step_whose_work_is_done(row):
    assert reasons_against(row.source, row.target, DONE) == ()


MISSING = [
    (Stage.COMMITTEE_READY, Stage.CHECK_IN, {"started": False}, ["room/start-not-reached"]),
    (Stage.CHECK_IN, Stage.LEADER_ELECTION, {"ready": 4}, ["room/members-not-ready"]),
    (Stage.LEADER_ELECTION, Stage.BRIEFING, {"leader_elected": False}, ["ballot/no-leader"]),
    (Stage.BRIEFING, Stage.PRELIMINARY, {"briefed": 0}, ["briefing/incomplete"]),
    (Stage.PRELIMINARY, Stage.DETAILED, {"votes_missing": 1}, ["check/votes-missing"]),
    (Stage.PRELIMINARY, Stage.DETAILED, {"preliminary_closed": False}, ["check/votes-missing"]),
    (Stage.PRELIMINARY, Stage.DETAILED, {"bidders_counted": 2}, ["check/too-few-bids"]),
    (Stage.PRELIMINARY, Stage.DETAILED, {"valid_bids": 0, "competition_upheld": True}, ["check/too-few-bids"]),
    (Stage.PRELIMINARY, Stage.DETAILED, {"bidders_counted": 2, "competition_upheld": True}, []),
    (Stage.PRELIMINARY, Stage.FAILED, {"votes_missing": 2}, ["check/votes-missing"]),
    (Stage.DETAILED, Stage.PERSONAL_SUBMITTED, {"submitted": 4}, ["score/sheets-missing"]),
    (Stage.PERSONAL_SUBMITTED, Stage.CONSISTENCY_CHECK, {"submitted": 4}, ["score/sheets-missing"]),
    (Stage.CONSISTENCY_CHECK, Stage.AGGREGATION, {"alerts_open": 1}, ["alert/open"]),
    (
        Stage.CONSISTENCY_CHECK, Stage.AGGREGATION, {"alerts_open": 1, "confirmed": 3},
        ["alert/open", "alert/confirmations-missing"],
    ),
    (Stage.AGGREGATION, Stage.CANDIDATES, {"totals_agreed": False}, ["summary/totals-missing"]),
    (
        Stage.CANDIDATES, Stage.REPORT_SIGNING, {"ties_open": 1, "candidates_proposed": False},
        ["candidates/tie-open", "candidates/missing"],
    ),
    (Stage.REPORT_SIGNING, Stage.CLOSED, {"ended": 4}, ["report/signatures-missing"]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "target", "missing", "codes"), MISSING)
def test_a_guard_names_what_is_missing(source, target, missing, codes):
    reasons = reasons_against(source, target, replace(DONE, **missing))
    assert [reason.code for reason in reasons] == codes


@given(st.sampled_from(TRANSITIONS), st.integers(0, 5), st.booleans(), st.integers(0, 9))
def test_more_progress_never_adds_a_reason(row, done, flag, missing):
    less = replace(
        DONE, ready=done, briefed=done, submitted=done, confirmed=done, ended=done, started=flag, leader_elected=flag,
        votes_missing=missing, alerts_open=missing, ties_open=missing, totals_agreed=flag, candidates_proposed=flag,
    )  # fmt: skip
    before = {reason.code for reason in reasons_against(row.source, row.target, less)}
    assert {reason.code for reason in reasons_against(row.source, row.target, DONE)} <= before


def test_chapter_4_any_open_stage_is_held_or_rebuilt_and_a_closed_one_never():
    for side in (Stage.PAUSED, Stage.SUSPENDED, Stage.REBUILD):
        assert {source for source, target in SIDE_WAYS if target is side} >= set(OPEN)
    over = {Stage.CREATED, Stage.CLOSED, Stage.ARCHIVED, Stage.FAILED, Stage.REBUILD}
    assert not [way for way in SIDE_WAYS if way[0] in over]
