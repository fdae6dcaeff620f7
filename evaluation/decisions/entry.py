"""From the open door to a complete committee: identity, check-in, promise, replacement."""

from evaluation.commands import CheckIn, ConfirmIdentity, OpenCheckIn, ReplaceSeat, SignPromise
from evaluation.decisions.situation import Situation, enter_stage, require_text
from evaluation.errors import (
    AlreadyDone,
    IdentityNotConfirmed,
    NotCheckedIn,
    NotYourVenue,
    PhoneNotLocked,
    TenureKnown,
)
from evaluation.events import Event, IdentityConfirmed, MemberCheckedIn, PromiseSigned, SeatReplaced, StageChanged
from evaluation.stages import Stage


def open_check_in(now: Situation, _: OpenCheckIn) -> list[Event]:
    """Open check-in once the announced start is reached.

    Args:
        now: the situation.

    Returns:
        The change of stage.

    Raises:
        StartNotReached: before the start.

    Source: engineering choice
    """
    return [enter_stage(now, Stage.CHECK_IN)]


def confirm_identity(now: Situation, command: ConfirmIdentity) -> list[Event]:
    """Record that the operator of the seat's own venue has seen the person.

    Args:
        now: the situation.
        command: names the seat.

    Returns:
        The confirmation.

    Raises:
        NotYourVenue: for any seat that is not at the operator's venue, whether or not it exists.
        AlreadyDone: when the identity is confirmed.

    Source: 财政部令第87号 第45条; 电子招标投标办法 第33条
    """
    own = [seat.seat_id for seat in now.state.setup.seats if seat.venue_id == now.actor.venue_id]
    if command.seat_id not in own:
        raise NotYourVenue()
    standing = now.state.seats[command.seat_id]
    if standing.identity_confirmed:
        raise AlreadyDone()
    return [IdentityConfirmed(command.seat_id, standing.tenure_id, now.actor.venue_id or "")]


def check_in(now: Situation, command: CheckIn) -> list[Event]:
    """Check a member in; the bidder list opens to this member with it.

    Args:
        now: the situation.
        command: says whether the phone is locked away.

    Returns:
        The check-in.

    Raises:
        AlreadyDone: on a second check-in.
        IdentityNotConfirmed: before the operator confirmed the person.
        PhoneNotLocked: while the phone is at hand.

    Source: 财政部令第87号 第45条
    """
    standing = now.standing
    if standing.checked_in:
        raise AlreadyDone()
    if not standing.identity_confirmed:
        raise IdentityNotConfirmed()
    if not command.phone_locked:
        raise PhoneNotLocked()
    return [MemberCheckedIn(now.seat_id, standing.tenure_id)]


def sign_promise(now: Situation, command: SignPromise) -> list[Event]:
    """Record promise and recusal answer; a declared conflict holds the room until the seat is replaced.

    Args:
        now: the situation.
        command: the answer; a declared conflict needs its reason.

    Returns:
        The promise.

    Raises:
        NotCheckedIn: before check-in, because the bidder list comes first.
        AlreadyDone: when this tenure has answered.
        ReasonMissing: for a conflict without reason.

    Source: 财政部令第87号 第45条; 招标投标法实施条例 第48条
    """
    standing = now.standing
    if not standing.checked_in:
        raise NotCheckedIn()
    if standing.promise != "none":
        raise AlreadyDone()
    if command.conflict_declared:
        require_text(command.reason)
    return [PromiseSigned(now.seat_id, standing.tenure_id, command.conflict_declared, command.reason)]


def replace_seat(now: Situation, command: ReplaceSeat) -> list[Event]:
    """End the present tenure of a seat and begin the next, for a conflict, an absence or any other lawful reason.

    Once check-in is over the room goes back to it for the new member alone: the opinions of the former are void and
    kept, those of the others stand, and everything the committee derived from opinions is derived anew.

    Args:
        now: the situation.
        command: the seat, the new tenure and the reason.

    Returns:
        The replacement, after check-in with the way back; the new member starts from identity again.

    Raises:
        UnknownSeat: when the room has no such seat.
        TenureKnown: when the tenure is or was in this committee.
        ReasonMissing: without a reason.

    Source: 招标投标法实施条例 第48条; 财政部令第87号 第49条
    """
    state = now.state
    seat = state.seat(command.seat_id)
    known = {standing.tenure_id for standing in state.seats.values()} | {old.tenure_id for old in state.former}
    if command.tenure_id in known:
        raise TenureKnown()
    require_text(command.reason)
    former = state.seats[seat.seat_id].tenure_id
    replaced = SeatReplaced(seat.seat_id, former, command.tenure_id, command.reason)
    if state.stage is Stage.CHECK_IN:
        return [replaced]
    back = StageChanged(state.stage, Stage.BACKTRACKED)
    return [back, replaced, StageChanged(Stage.BACKTRACKED, Stage.CHECK_IN)]
