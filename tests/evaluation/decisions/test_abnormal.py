"""ER-15: a score more than half call abnormal needs a written reason, or the mean of the others replaces it."""

import pytest

from evaluation import commands as cmd
from evaluation import commands_correction as co
from evaluation.errors import UnknownSeat
from evaluation.events import TotalsComputed
from evaluation.events_correction import AbnormalJudged, ScoreKept, ScoreReplaced
from evaluation.protocol import Actor
from evaluation.refusals_correction import CallRepeated, CallUnknown, CorrectionsOpen, ReplacementForbidden
from evaluation.report import compile_report
from evaluation.room import Room
from evaluation.stages import Stage

CALL = co.CallAbnormal("S2", "A", "T", "far from all others")
SEATS = ("S1", "S2", "S3", "S4", "S5")


def member(seat_id):
    return Actor("member", seat_id=seat_id)


@pytest.fixture
def called(new_play, marks):
    play = new_play(rules={"correct_replace_by_mean": True})
    play.marks["S2"] = marks | {("A", "T"): "40"}
    play.go(Stage.CANDIDATES)
    play.do(CALL, member("S3"))
    return play


def test_cq_art_32_without_a_reason_the_mean_of_the_others_counts(called):
    assert called.decide("M1", 3)[-1] == AbnormalJudged("N1", True)
    with pytest.raises(CorrectionsOpen):
        called.do(cmd.ProposeCandidates(), called.leader)
    with pytest.raises(CallUnknown):
        called.do(co.ExplainScore("N1", True, "not mine"), member("S3"))
    events = called.do(co.ExplainScore("N1", False), member("S2"))
    assert events[1] == ScoreReplaced("N1", "40", "45.60")
    assert isinstance(events[2], TotalsComputed)
    assert called.room.state.totals.results[1].total == "89.44"
    called.go(Stage.ARCHIVED)
    [row] = compile_report(called.room).replaced_scores
    assert (row.alias, row.status, row.previous, row.value) == ("评委B", "replaced", "40", "45.60")
    assert Room.replay(called.records).state == called.room.state


@pytest.mark.parametrize(("favour", "last"), [(3, ScoreKept("N1")), (2, ScoreReplaced("N1", "40", "45.60"))])
def test_cq_art_32_a_good_reason_keeps_the_score_and_a_weak_one_does_not(called, favour, last):
    called.decide("M1", 5)
    called.do(co.ExplainScore("N1", True, "the solution misses section 4"), member("S2"))
    assert last in called.decide("M2", favour)
    called.go(Stage.ARCHIVED)


def test_cq_art_32_the_leader_notes_silence(called):
    called.decide("M1", 5)
    assert called.do(co.NoteUnexplained("N1", "asked twice"), called.leader)[1] == ScoreReplaced("N1", "40", "45.60")


def test_cq_art_32_half_is_not_enough_and_nothing_happens_before(called):
    with pytest.raises(CallUnknown):
        called.do(co.ExplainScore("N1", True, "why"), member("S2"))
    assert called.decide("M1", 2)[-1] == AbnormalJudged("N1", False)
    with pytest.raises(CallUnknown):
        called.do(co.NoteUnexplained("N1", "silent"), called.leader)
    called.go(Stage.ARCHIVED)


def test_a_call_is_about_another_members_score_once_and_only_where_the_rules_know_it(called, play):
    with pytest.raises(CallRepeated):
        called.do(CALL, member("S4"))
    with pytest.raises(CallRepeated):
        called.do(co.CallAbnormal("S4", "A", "T", "mine"), member("S4"))
    with pytest.raises(UnknownSeat):
        called.do(co.CallAbnormal("S9", "A", "T", "who"), member("S4"))
    play.go(Stage.CANDIDATES)
    with pytest.raises(ReplacementForbidden):
        play.do(CALL, member("S3"))
