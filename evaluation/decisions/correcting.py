"""The four corrections after the totals, each confirmed by the committee."""

from decimal import Decimal
from fractions import Fraction

from evaluation.commands_correction import ProposeCorrection
from evaluation.decimals import EXACT, plain
from evaluation.decisions.motions import open_motion
from evaluation.decisions.situation import Situation, require_text
from evaluation.deviation import deviation_of, is_uniform
from evaluation.errors import UnknownBid, UnknownCriterion
from evaluation.events import Event
from evaluation.events_correction import CorrectionProposed
from evaluation.refusals_correction import CorrectionForbidden, CorrectionUnfounded
from evaluation.setup import CriterionSetup
from evaluation.sheets import check_value, entered_criteria, is_in_range
from evaluation.state import RoomState


def propose_correction(now: Situation, command: ProposeCorrection) -> list[Event]:
    """Propose the correction of an own score and put it to the committee.

    Args:
        now: the situation.
        command: the kind of error, the score, the right value, the reason.

    Returns:
        The proposal and the motion.

    Raises:
        CorrectionForbidden: for a kind the rules do not know.
        UnknownBid, UnknownCriterion: for a score that does not exist.
        ScoreMalformed, ScoreOutOfRange, ScoreOffStep: for a value the criterion does not take.
        CorrectionUnfounded: when the score has not the error named, or the value is no other.
        ReasonMissing: without a reason.

    Source: 财政部令第87号 第64条
    """
    state, rules = now.state, now.state.setup.rules
    if command.kind not in rules.correct_types:
        raise CorrectionForbidden(kind=command.kind)
    criterion = find_item(state, command.bid_id, command.criterion_id)
    value = check_value(criterion, command.value, rules)
    previous = state.sheets[now.seat_id][command.bid_id, command.criterion_id]
    if value == Decimal(previous) or not _has_error(now, command, criterion):
        raise CorrectionUnfounded(kind=command.kind)
    proposed = CorrectionProposed(
        correction_id=f"X{len(state.corrections.corrections) + 1}",
        kind=command.kind,
        seat_id=now.seat_id,
        bid_id=command.bid_id,
        criterion_id=command.criterion_id,
        previous=previous,
        value=plain(value),
        reason=require_text(command.reason),
    )
    return [proposed, open_motion(state, "correction", proposed.correction_id, command.bid_id, command.reason)]


def find_item(state: RoomState, bid_id: str, criterion_id: str) -> CriterionSetup:
    """Find what a score is about.

    Args:
        state: state of the room.
        bid_id: a valid bid.
        criterion_id: a criterion members enter values for.

    Returns:
        The criterion.

    Raises:
        UnknownBid, UnknownCriterion: when there is none.

    Source: engineering choice
    """
    if bid_id not in {bid.bid_id for bid in state.valid_bids()}:
        raise UnknownBid()
    found = (item for item in entered_criteria(state.setup.criteria) if item.criterion_id == criterion_id)
    criterion = next(found, None)
    if criterion is None:
        raise UnknownCriterion()
    return criterion


def scores_of(state: RoomState, bid_id: str, criterion_id: str) -> dict[str, Decimal]:
    """Collect the members' scores for one item.

    Args:
        state: state of the room, sheets complete.
        bid_id: the bid.
        criterion_id: the criterion.

    Returns:
        Value by seat id.

    Source: engineering choice
    """
    return {seat_id: Decimal(state.sheets[seat_id][bid_id, criterion_id]) for seat_id in state.seats}


def _has_error(now: Situation, command: ProposeCorrection, criterion: CriterionSetup) -> bool:
    scores = scores_of(now.state, command.bid_id, command.criterion_id)
    own = scores[now.seat_id]
    if command.kind == "K2":
        return not is_in_range(criterion, own)
    if command.kind == "K3":
        return criterion.kind == "objective" and not is_uniform(scores.values())
    if command.kind == "K4":
        limit = EXACT.multiply(Decimal(criterion.full), Decimal(now.state.setup.rules.score_deviation))
        return deviation_of(now.seat_id, scores)[1] > Fraction(limit)
    # An arithmetic slip inside one entry shows only in the member's papers: the committee judges the reason.
    return True
