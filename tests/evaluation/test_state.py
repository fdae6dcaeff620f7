import pytest

from evaluation import commands as cmd
from evaluation.errors import UnknownSeat
from evaluation.protocol import Actor
from evaluation.stages import Stage
from evaluation.state import progress_of, votes_missing


def test_a_copy_can_be_changed_without_touching_the_original(play):
    play.go(Stage.DETAILED).fill("S1")
    state, copy = play.room.state, play.room.state.copy()
    assert copy == state
    copy.sheets["S1"]["A", "T"] = "0"
    copy.votes["S1"].clear()
    copy.seats.clear()
    copy.ballots["S1"] = "S2"
    assert state.sheets["S1"]["A", "T"] == "45.60"
    assert (len(state.votes["S1"]), len(state.seats), state.ballots) == (6, 5, {})


def test_seats_are_found_by_id(play):
    assert play.room.state.seat("S3").alias == "评委C"
    for unknown in ("S9", None):
        with pytest.raises(UnknownSeat):
            play.room.state.seat(unknown)


def test_valid_bids_exist_once_the_review_is_closed(play):
    play.go(Stage.PRELIMINARY)
    assert play.room.state.valid_bids() == ()
    assert votes_missing(play.room.state) == 30
    play.do(cmd.VoteCheck("A", "K1", True), Actor("member", seat_id="S1"))
    assert votes_missing(play.room.state) == 29
    play.go(Stage.DETAILED)
    assert [bid.bid_id for bid in play.room.state.valid_bids()] == ["A", "B", "C"]


def test_progress_counts_what_the_guards_ask(play):
    play.go(Stage.REPORT_SIGNING)
    play.do(cmd.SignReport(True), Actor("member", seat_id="S2"))
    progress = progress_of(play.room.state, play.at)
    assert (progress.seats, progress.ready, progress.briefed, progress.submitted, progress.confirmed) == (5,) * 5
    assert (progress.ended, progress.votes_missing, progress.alerts_open, progress.ties_open) == (1, 0, 0, 0)
    assert progress.started
    assert progress.totals_agreed
    assert progress.candidates_proposed
