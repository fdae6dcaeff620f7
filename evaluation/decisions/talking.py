"""Talk inside the room: messages, raised hands, the supervisor's warnings; everything is recorded."""

from datetime import UTC

from evaluation.commands_talk import LowerHand, RaiseHand, Say, Warn
from evaluation.decisions.situation import Situation, require_text
from evaluation.errors import AlreadyDone
from evaluation.events import Event
from evaluation.events_talk import HandLowered, HandRaised, MessageSaid, WarningGiven
from evaluation.refusals_states import HandNotRaised, ScoreBearing
from evaluation.talk_filter import carries_score


def require_no_score(now: Situation, text: str) -> None:
    """Refuse a text for the committee that names a bid together with a number while scores are secret.

    Args:
        now: the situation.
        text: what the member wrote.

    Raises:
        ScoreBearing: before all have submitted, where the rules keep scores blind.

    Source: 财政部令第87号 第55条, 第62条; domain ER-12
    """
    state = now.state
    if state.setup.rules.score_blind and not state.all_submitted() and carries_score(text, state.setup):
        raise ScoreBearing()


def say(now: Situation, command: Say) -> list[Event]:
    """Speak to the committee.

    Args:
        now: the situation.
        command: the message.

    Returns:
        The message.

    Raises:
        ReasonMissing: for an empty message.
        ScoreBearing: for one that carries a score too early.

    Source: 财政部令第87号 第62条; domain ER-12
    """
    require_no_score(now, require_text(command.text))
    return [MessageSaid(now.seat_id, command.text, now.state.all_submitted(), now.at.astimezone(UTC))]


def raise_hand(now: Situation, _: RaiseHand) -> list[Event]:
    """Ask for the floor.

    Args:
        now: the situation.

    Returns:
        The raised hand.

    Raises:
        AlreadyDone: when it is up.

    Source: engineering choice
    """
    if now.seat_id in now.state.talk.hands:
        raise AlreadyDone()
    return [HandRaised(now.seat_id)]


def lower_hand(now: Situation, command: LowerHand) -> list[Event]:
    """Lower the own hand; the leader also another's, having given the floor.

    Args:
        now: the situation.
        command: whose hand, the own when it says nothing.

    Returns:
        The lowered hand.

    Raises:
        HandNotRaised: for a hand that is down, or another's unless the leader lowers it.

    Source: engineering choice
    """
    seat_id = command.seat_id or now.seat_id
    may = seat_id == now.seat_id or now.state.leader == now.seat_id
    if not may or seat_id not in now.state.talk.hands:
        raise HandNotRaised()
    return [HandLowered(seat_id, now.seat_id)]


def warn(now: Situation, command: Warn) -> list[Event]:
    """Warn one member or all.

    Args:
        now: the situation.
        command: the warning and the seat it is for, none for all.

    Returns:
        The warning.

    Raises:
        UnknownSeat: when the room has no such seat.
        ReasonMissing: for an empty warning.

    Source: 招标投标法实施条例 第61条
    """
    if command.seat_id is not None:
        now.state.seat(command.seat_id)
    return [WarningGiven(require_text(command.text), command.seat_id, now.at.astimezone(UTC))]
