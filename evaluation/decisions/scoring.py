"""Personal scoring and the consistency check."""

from decimal import Decimal

from evaluation.commands import AnswerAlert, ConfirmConsistency, EnterScore, SubmitSheet
from evaluation.decimals import parse_decimal, plain
from evaluation.decisions.readiness import require_review_done
from evaluation.decisions.situation import Situation, require_text
from evaluation.deviation import is_uniform
from evaluation.errors import AlreadyDone, UnknownBid, UnknownCriterion
from evaluation.events import AlertAnswered, ConsistencyConfirmed, Event, ScoreEntered, SheetSubmitted
from evaluation.findings import Alert
from evaluation.refusals import (
    AlertAnswerContradictory,
    AlertClosed,
    AlertsOpen,
    SheetIncomplete,
    SheetSubmittedAlready,
    UnknownAlert,
)
from evaluation.refusals_correction import SumMalformed
from evaluation.setup import CriterionSetup
from evaluation.sheets import check_value, is_entered, missing_items
from evaluation.state import RoomState
from evaluation.sums import exact_sum


def _criterion(state: RoomState, criterion_id: str) -> CriterionSetup:
    for criterion in state.setup.criteria:
        if criterion.criterion_id == criterion_id and is_entered(criterion):
            return criterion
    raise UnknownCriterion()


def enter_score(now: Situation, command: EnterScore) -> list[Event]:
    """Enter a value; a later value replaces it until the sheet is submitted.

    Args:
        now: the situation.
        command: bid, criterion and value as decimal text.

    Returns:
        The entry, its value in plain form.

    Raises:
        SheetSubmittedAlready: after submission.
        UnknownBid: for a bid that is not valid.
        UnknownCriterion: for a criterion that is not entered by members.
        ScoreMalformed, ScoreOutOfRange, ScoreOffStep: for a value the criterion does not take.

    Source: 财政部令第87号 第55条, 第64条
    """
    state = now.state
    if now.standing.submitted:
        raise SheetSubmittedAlready()
    if state.preliminary is None or command.bid_id not in state.preliminary.valid:
        raise UnknownBid()
    criterion = _criterion(state, command.criterion_id)
    value = check_value(criterion, command.value, state.setup.rules)
    return [ScoreEntered(now.seat_id, command.bid_id, criterion.criterion_id, plain(value))]


def submit_sheet(now: Situation, command: SubmitSheet) -> list[Event]:
    """Make a member's sheet final.

    Args:
        now: the situation.
        command: the sums the member states, checked with everybody's sheets.

    Returns:
        The submission.

    Raises:
        SheetSubmittedAlready: on a second submission.
        SheetIncomplete: while an item has no value.
        SumMalformed: for a stated sum that is no decimal or of no valid bid.
        ClarificationsOpen, MotionsOpen, CompetitionUndecided: while the review is not done.

    Source: 财政部令第87号 第55条
    """
    state = now.state
    if now.standing.submitted:
        raise SheetSubmittedAlready()
    bid_ids = [bid.bid_id for bid in state.valid_bids()]
    require_review_done(state)
    missing = missing_items(bid_ids, state.setup.criteria, state.sheets.get(now.seat_id, {}))
    if missing:
        raise SheetIncomplete(missing=missing)
    if not command.sums.keys() <= set(bid_ids) or any(parse_decimal(text) is None for text in command.sums.values()):
        raise SumMalformed()
    return [SheetSubmitted(now.seat_id, command.sums)]


def answer_alert(now: Situation, command: AnswerAlert) -> list[Event]:
    """Keep or change a score after an alert, with a written reason either way.

    Args:
        now: the situation.
        command: the answer; a change gives the new value.

    Returns:
        The answer, and whether it settles the alert: a warning is settled by any answer, a value out of range by a
        change, an objective mismatch once all members have the same value, a sum error by the right sum.

    Raises:
        UnknownAlert: for an alert of another member.
        AlertClosed: for a settled alert.
        ReasonMissing: without a reason.
        AlertAnswerContradictory: unless exactly one of keeping and changing is chosen.
        ScoreMalformed, ScoreOutOfRange, ScoreOffStep: for a value the criterion does not take.

    Source: 财政部令第87号 第64条
    """
    state = now.state
    alert = state.alerts.get(command.alert_id)
    if alert is None or alert.seat_id not in (None, now.seat_id):
        raise UnknownAlert()
    if alert.alert_id in state.closed_alerts:
        raise AlertClosed()
    require_text(command.reason)
    if alert.kind == "sum_error":
        return [_corrected_sum(now, alert, command)]
    previous = state.sheets[now.seat_id][alert.bid_id, alert.criterion_id]
    value = _answered_value(state, alert, command, previous)
    return [
        AlertAnswered(
            alert_id=alert.alert_id,
            seat_id=now.seat_id,
            bid_id=alert.bid_id,
            criterion_id=alert.criterion_id,
            keep=command.keep,
            value=value,
            previous=previous,
            reason=command.reason,
            closed=_is_settled(now, alert, value, command.keep),
        )
    ]


def _corrected_sum(now: Situation, alert: Alert, command: AnswerAlert) -> AlertAnswered:
    """Take the right sum of the entries as they are now; a wrong sum cannot be kept."""
    state = now.state
    expected = exact_sum(alert.bid_id, state.setup.criteria, state.sheets[now.seat_id])
    if command.keep or parse_decimal(command.value or "") != expected:
        raise AlertAnswerContradictory()
    return AlertAnswered(
        alert_id=alert.alert_id,
        seat_id=now.seat_id,
        bid_id=alert.bid_id,
        criterion_id="",
        keep=False,
        value=plain(expected),
        previous=alert.value,
        reason=command.reason,
        closed=True,
    )


def _answered_value(state: RoomState, alert: Alert, command: AnswerAlert, previous: str) -> str:
    if command.keep == bool(command.value):
        raise AlertAnswerContradictory()
    if command.keep:
        return previous
    value = check_value(_criterion(state, alert.criterion_id), command.value or "", state.setup.rules)
    if value == Decimal(previous):
        raise AlertAnswerContradictory()
    return plain(value)


def _is_settled(now: Situation, alert: Alert, value: str, keep: bool) -> bool:
    if alert.kind == "subjective_deviation":
        return True
    if alert.kind == "out_of_range":
        return not keep
    item = (alert.bid_id, alert.criterion_id)
    others = [sheet[item] for seat_id, sheet in now.state.sheets.items() if seat_id != now.seat_id]
    return is_uniform(Decimal(text) for text in (*others, value))


def confirm_consistency(now: Situation, _: ConfirmConsistency) -> list[Event]:
    """Confirm that the check is settled.

    Args:
        now: the situation.

    Returns:
        The confirmation.

    Raises:
        AlreadyDone: on a second confirmation.
        AlertsOpen: while any alert is open; whose it is stays untold.

    Source: 财政部令第87号 第64条
    """
    if now.standing.confirmed:
        raise AlreadyDone()
    if now.state.open_alerts():
        raise AlertsOpen()
    return [ConsistencyConfirmed(now.seat_id)]
