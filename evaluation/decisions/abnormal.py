"""Scores called abnormal: more than half say so, a written reason is demanded, else the mean of the others counts."""

from decimal import Decimal

from evaluation.commands_correction import CallAbnormal, ExplainScore, NoteUnexplained
from evaluation.correction_state import AbnormalCall
from evaluation.decimals import EXACT, plain, round_half_up
from evaluation.decisions.correcting import find_item, scores_of
from evaluation.decisions.motions import open_motion
from evaluation.decisions.situation import Situation, require_text
from evaluation.deviation import deviation_of
from evaluation.events import Event
from evaluation.events_correction import AbnormalCalled, ScoreExplained, ScoreReplaced
from evaluation.refusals_correction import CallRepeated, CallUnknown, ReplacementForbidden
from evaluation.state import RoomState


def call_abnormal(now: Situation, command: CallAbnormal) -> list[Event]:
    """Ask the committee whether another member's score is abnormal.

    Args:
        now: the situation.
        command: the score and the reason.

    Returns:
        The call and the motion.

    Raises:
        ReplacementForbidden: where the rules do not replace abnormal scores.
        UnknownSeat, UnknownBid, UnknownCriterion: for a score that does not exist.
        CallRepeated: for an own score, or one that was called already.
        ReasonMissing: without a reason.

    Source: 重庆市招标投标条例 第32条
    """
    state = now.state
    if not state.setup.rules.correct_replace_by_mean:
        raise ReplacementForbidden()
    item = (state.seat(command.seat_id).seat_id, command.bid_id, command.criterion_id)
    find_item(state, command.bid_id, command.criterion_id)
    known = [(call.seat_id, call.bid_id, call.criterion_id) for call in state.corrections.calls.values()]
    if command.seat_id == now.seat_id or item in known:
        raise CallRepeated()
    number = f"N{len(known) + 1}"
    called = AbnormalCalled(number, now.seat_id, *item, require_text(command.reason))
    return [called, open_motion(state, "abnormal_score", number, command.bid_id, command.reason)]


def explain_score(now: Situation, command: ExplainScore) -> list[Event]:
    """Give the written reason for an own score called abnormal, or refuse it.

    Args:
        now: the situation.
        command: the call; the reason, or that none is given.

    Returns:
        The reason and the motion whether it holds; without one the mean of the others takes the place.

    Raises:
        CallUnknown: unless the call waits for this member's reason.
        ReasonMissing: for an explanation without text.

    Source: 重庆市招标投标条例 第32条
    """
    call = _demanded(now.state, command.call_id)
    if call.seat_id != now.seat_id:
        raise CallUnknown()
    if not command.explains:
        return [ScoreExplained(call.call_id, False, command.reason), replace_by_mean(now.state, call)]
    explained = ScoreExplained(call.call_id, True, require_text(command.reason))
    return [explained, open_motion(now.state, "abnormal_reason", call.call_id, call.bid_id, command.reason)]


def note_unexplained(now: Situation, command: NoteUnexplained) -> list[Event]:
    """Note that a member gives no reason.

    Args:
        now: the situation.
        command: the call and the note.

    Returns:
        The note; the mean of the others takes the place of the score.

    Raises:
        CallUnknown: unless the call waits for the reason of another member than the leader.
        ReasonMissing: without a note.

    Source: 重庆市招标投标条例 第32条
    """
    call = _demanded(now.state, command.call_id)
    if call.seat_id == now.seat_id:
        raise CallUnknown()
    note = require_text(command.note)
    return [ScoreExplained(call.call_id, False, note), replace_by_mean(now.state, call)]


def _demanded(state: RoomState, call_id: str) -> AbnormalCall:
    call = state.corrections.calls.get(call_id)
    if call is None or call.status != "demanded":
        raise CallUnknown()
    return call


def replace_by_mean(state: RoomState, call: AbnormalCall) -> ScoreReplaced:
    """Put the mean of the others in the place of a score.

    Args:
        state: state of the room.
        call: the call that was not explained.

    Returns:
        The replacement, the mean rounded half up to the places of a printed score.

    Source: 重庆市招标投标条例 第32条
    """
    scores = scores_of(state, call.bid_id, call.criterion_id)
    mean, _ = deviation_of(call.seat_id, scores)
    exact = EXACT.divide(Decimal(mean.numerator), Decimal(mean.denominator))
    value = plain(round_half_up(exact, state.setup.rules.round_score))
    return ScoreReplaced(call.call_id, state.sheets[call.seat_id][call.bid_id, call.criterion_id], value)
