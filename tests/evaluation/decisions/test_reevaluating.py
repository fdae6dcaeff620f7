"""ER-14: after signing there is only re-evaluation by the original committee."""

import pytest

from evaluation import commands as cmd
from evaluation import commands_correction as co
from evaluation.errors import ReasonMissing, RoleForbidden, WrongStage
from evaluation.events_correction import ReevaluationConcluded
from evaluation.protocol import Actor
from evaluation.report import compile_report
from evaluation.room import Room
from evaluation.signed_report import report_digest
from evaluation.stages import Stage

ENTITY = Actor("procuring_entity")
SEATS = ("S1", "S2", "S3", "S4", "S5")


def member(seat_id):
    return Actor("member", seat_id=seat_id)


@pytest.fixture
def closed(play):
    return play.go(Stage.CLOSED)


def test_o87_art_64_re_evaluation_keeps_what_was_signed_and_says_whether_the_result_changed(closed):
    signed = report_digest(closed.room.state)
    closed.do(co.OpenReevaluation("parts of the solution not added up"), ENTITY)
    assert closed.room.stage is Stage.CANDIDATES
    assert not any(seat.end for seat in closed.room.state.seats.values())
    closed.do(co.ProposeCorrection("K1", "A", "T", "50", "page 3 counted twice"), member("S2"))
    closed.decide("M1", 4)
    events = closed.do(cmd.ProposeCandidates(), closed.leader)
    assert events[1] == ReevaluationConcluded(1, True)
    closed.go(Stage.ARCHIVED)
    [row] = compile_report(closed.room).reevaluations
    assert (row.by, row.former_digest, row.changed) == ("procuring_entity", signed, True)
    assert [item.bid_id for item in row.former] == ["C", "A", "B"]
    assert [item.bid_id for item in compile_report(closed.room).candidates] == ["A", "C", "B"]
    assert Room.replay(closed.records).state == closed.room.state


def test_o87_art_64_re_evaluation_without_an_error_changes_nothing(closed):
    closed.do(co.OpenReevaluation("a complaint"), Actor("supervisor"))
    assert closed.do(cmd.ProposeCandidates(), closed.leader)[1] == ReevaluationConcluded(1, False)
    closed.go(Stage.CLOSED)


def test_who_asks_for_it_and_when(closed, new_play):
    with pytest.raises(ReasonMissing):
        closed.do(co.OpenReevaluation(" "), ENTITY)
    with pytest.raises(RoleForbidden):
        closed.do(co.OpenReevaluation("why"), member("S1"))
    signing = new_play().go(Stage.REPORT_SIGNING)
    with pytest.raises(WrongStage):
        signing.do(co.OpenReevaluation("why"), ENTITY)
