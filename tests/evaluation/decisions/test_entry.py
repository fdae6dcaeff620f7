from datetime import timedelta

import pytest

from evaluation import commands as cmd
from evaluation.errors import (
    AlreadyDone,
    IdentityNotConfirmed,
    NotCheckedIn,
    NotYourVenue,
    PhoneNotLocked,
    ReasonMissing,
    StartNotReached,
    TenureKnown,
    UnknownSeat,
    WrongStage,
)
from evaluation.events import IdentityConfirmed, MemberCheckedIn, PromiseSigned, SeatReplaced, StageChanged
from evaluation.protocol import Actor
from evaluation.stages import Stage
from evaluation.state import FormerTenure

HOST, GUEST = Actor("host_operator", venue_id="V1"), Actor("guest_operator", venue_id="V2")


def member(seat_id):
    return Actor("member", seat_id=seat_id)


@pytest.fixture
def entry(play):
    return play.go(Stage.CHECK_IN)


def test_check_in_opens_at_the_start_and_not_before(play):
    play.at = play.setup.starts_at - timedelta(minutes=5)
    with pytest.raises(StartNotReached):
        play.do(cmd.OpenCheckIn(), HOST)
    play.at = play.setup.starts_at - timedelta(seconds=1)
    assert play.do(cmd.OpenCheckIn(), HOST) == [StageChanged(Stage.COMMITTEE_READY, Stage.CHECK_IN)]


def test_identity_is_confirmed_by_the_operator_of_the_seats_own_venue(entry):
    assert entry.do(cmd.ConfirmIdentity("S3"), GUEST) == [IdentityConfirmed("S3", "T3", "V2")]
    for actor, seat_id in ((GUEST, "S1"), (HOST, "S3"), (GUEST, "S9"), (HOST, "S9")):
        with pytest.raises(NotYourVenue):
            entry.do(cmd.ConfirmIdentity(seat_id), actor)
    with pytest.raises(AlreadyDone):
        entry.do(cmd.ConfirmIdentity("S3"), GUEST)


def test_o87_art_45_check_in_follows_identity_with_the_phone_locked_away(entry):
    with pytest.raises(IdentityNotConfirmed):
        entry.do(cmd.CheckIn(True), member("S1"))
    entry.do(cmd.ConfirmIdentity("S1"), HOST)
    with pytest.raises(PhoneNotLocked):
        entry.do(cmd.CheckIn(False), member("S1"))
    assert entry.do(cmd.CheckIn(True), member("S1")) == [MemberCheckedIn("S1", "T1")]
    with pytest.raises(AlreadyDone):
        entry.do(cmd.CheckIn(True), member("S1"))


def test_o87_art_45_the_promise_comes_after_the_bidder_list(entry):
    with pytest.raises(NotCheckedIn):
        entry.do(cmd.SignPromise(False), member("S1"))
    entry.check_in("S1")
    assert entry.do(cmd.SignPromise(False), member("S1")) == [PromiseSigned("S1", "T1", False, "")]
    with pytest.raises(AlreadyDone):
        entry.do(cmd.SignPromise(True, "late"), member("S1"))


def test_tbr_art_48_a_declared_conflict_needs_its_reason_and_holds_the_room(entry):
    for seat_id in ("S1", "S2", "S3", "S4", "S5"):
        entry.check_in(seat_id)
    with pytest.raises(ReasonMissing):
        entry.do(cmd.SignPromise(True, "  "), member("S1"))
    entry.do(cmd.SignPromise(True, "former employer"), member("S1"))
    for seat_id in ("S2", "S3", "S4", "S5"):
        entry.do(cmd.SignPromise(False), member(seat_id))
    assert entry.room.stage is Stage.CHECK_IN
    entry.do(cmd.ReplaceSeat("S1", "T9", "conflict declared"), HOST)
    entry.check_in("S1")
    events = entry.do(cmd.SignPromise(False), member("S1"))
    assert events == [PromiseSigned("S1", "T9", False, ""), StageChanged(Stage.CHECK_IN, Stage.LEADER_ELECTION)]
    assert entry.room.state.former == (FormerTenure("S1", "T1", "conflict declared"),)


def test_tbr_art_48_replacement_names_an_unused_tenure_and_a_reason(entry):
    with pytest.raises(UnknownSeat):
        entry.do(cmd.ReplaceSeat("S9", "T9", "absent"), HOST)
    with pytest.raises(ReasonMissing):
        entry.do(cmd.ReplaceSeat("S1", "T9", ""), HOST)
    with pytest.raises(TenureKnown):
        entry.do(cmd.ReplaceSeat("S1", "T2", "absent"), HOST)
    supervisor = Actor("supervisor")
    assert entry.do(cmd.ReplaceSeat("S1", "T9", "absent"), supervisor) == [SeatReplaced("S1", "T1", "T9", "absent")]
    with pytest.raises(TenureKnown):
        entry.do(cmd.ReplaceSeat("S2", "T1", "absent"), HOST)


def test_replacement_is_closed_once_every_member_has_an_end(entry):
    entry.go(Stage.CLOSED)
    with pytest.raises(WrongStage):
        entry.do(cmd.ReplaceSeat("S1", "T9", "absent"), HOST)
