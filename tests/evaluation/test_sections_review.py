"""Chapter 4: who sees what of the review."""

import pytest

from evaluation import commands_review as rv
from evaluation.protocol import Actor, Viewer
from evaluation.stages import Stage
from evaluation.visibility import view

ENTITY = Actor("procuring_entity")
SEATS = ("S1", "S2", "S3", "S4", "S5")


def member(seat_id):
    return Actor("member", seat_id=seat_id)


@pytest.fixture
def review(play):
    return play.go(Stage.PRELIMINARY)


def test_chapter_4_who_sees_a_clarification(review):
    review.do(rv.DraftClarification("A", "other", "canary draft", "p. 1"), member("S2"))
    assert "canary draft" in str(view(review.room, Viewer("member", "S1")))
    assert "canary draft" in str(view(review.room, Viewer("member", "S2")))
    for hidden in (Viewer("member", "S3"), Viewer("procuring_entity"), Viewer("supervisor")):
        assert "canary draft" not in str(view(review.room, hidden))
    number = review.ask(question="canary question")
    review.do(rv.RecordAnswer(number, "canary answer"), ENTITY)
    review.decide("M1", 0)
    seen = view(review.room, Viewer("procuring_entity"))
    assert [row["question"] for row in seen["relay"]] == ["canary question"]
    assert [(row["bidder"], row["status"]) for row in seen["relay"]] == [("Canary bidder A", "answered")]
    assert not [seat for seat in review.setup.seats if seat.seat_id in str(seen) or seat.alias in str(seen)]
    assert "M1" not in str(seen)
    for viewer in (Viewer("guest_operator", venue_id="V2"), Viewer("host_operator", venue_id="V1"), Viewer("auditor")):
        assert "canary question" not in str(view(review.room, viewer))
