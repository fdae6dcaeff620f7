"""ER-17: clarifications, repairs and votes in the report."""

import pytest

from evaluation import commands_review as rv
from evaluation.protocol import Actor
from evaluation.report import compile_report
from evaluation.stages import Stage

ENTITY = Actor("procuring_entity")
SEATS = ("S1", "S2", "S3", "S4", "S5")


def member(seat_id):
    return Actor("member", seat_id=seat_id)


@pytest.fixture
def review(play):
    return play.go(Stage.PRELIMINARY)


def test_o87_art_58_the_report_holds_clarifications_and_votes_by_alias(review):
    review.do(rv.DraftClarification("B", "other", "canary draft", "p. 1"), member("S2"))
    review.do(rv.DropClarification("Q1", "needless"), review.leader)
    review.do(rv.RecordAnswer(review.ask(), "Three years."), ENTITY)
    review.decide("M1", 4)
    report = compile_report(review.room)
    [row] = report.clarifications
    assert (row.clarification_id, row.question, row.answer, row.accepted) == (
        "Q2", "Which warranty is meant?", "Three years.", True,
    )  # fmt: skip
    [motion] = report.motions
    assert motion.favour == {"评委A": True, "评委B": True, "评委C": True, "评委D": True, "评委E": False}
    assert motion.reasons["评委E"] == "because S5"
    assert "canary draft" not in str(report)
    assert "S3" not in str(report.clarifications)
