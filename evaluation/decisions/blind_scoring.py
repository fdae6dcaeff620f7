"""Scores by place for blind criteria."""

from evaluation.blind import blind_criteria, places_of
from evaluation.commands import EnterScore
from evaluation.commands_blind import EnterBlindScore
from evaluation.decisions.scoring import enter_score
from evaluation.decisions.situation import Situation
from evaluation.errors import UnknownBid, UnknownCriterion
from evaluation.events import Event
from evaluation.refusals_states import BlindByPlace


def require_seen(now: Situation, criterion_id: str) -> None:
    """Refuse a score by bid for a criterion whose bids the member does not know.

    Args:
        now: the situation.
        criterion_id: the criterion.

    Raises:
        BlindByPlace: when it is scored by place.

    Source: domain ER-23
    """
    # On every key press: most tenders have no blind criterion at all.
    is_blind = any(item.blind and item.criterion_id == criterion_id for item in now.state.setup.criteria)
    if is_blind and criterion_id in blind_criteria(now.state):
        raise BlindByPlace()


def enter_named_score(now: Situation, command: EnterScore) -> list[Event]:
    """Enter a value by bid.

    Args:
        now: the situation.
        command: bid, criterion and value.

    Returns:
        The entry.

    Raises:
        BlindByPlace: for a blind criterion.
        RoomError: for what `enter_score` refuses.

    Source: 财政部令第87号 第55条; domain ER-23
    """
    require_seen(now, command.criterion_id)
    return enter_score(now, command)


def enter_blind_score(now: Situation, command: EnterBlindScore) -> list[Event]:
    """Enter a value by place; the record holds the bid that stands there.

    Args:
        now: the situation.
        command: place, criterion and value.

    Returns:
        The entry.

    Raises:
        UnknownBid: for a place without a valid bid.
        UnknownCriterion: for a criterion that is not blind.
        RoomError: for what `enter_score` refuses.

    Source: domain ER-23
    """
    if command.criterion_id not in blind_criteria(now.state):
        raise UnknownCriterion()
    bid_id = places_of(now.state, now.seat_id).get(command.place)
    if bid_id is None:
        raise UnknownBid()
    return enter_score(now, EnterScore(bid_id, command.criterion_id, command.value))
