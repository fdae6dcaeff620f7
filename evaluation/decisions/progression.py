"""What the room does by itself once a command has been accepted."""

from collections.abc import Callable
from datetime import datetime

from evaluation.ballots import Ballots
from evaluation.decisions.leadership import count_round
from evaluation.decisions.low_prices import check_low_prices
from evaluation.decisions.review import fail_or_wait
from evaluation.deviation import find_alerts
from evaluation.events import AlertsRaised, Event, StageChanged, TotalsComputed
from evaluation.findings import Alert
from evaluation.ranking import select_candidates
from evaluation.stages import Stage, reasons_against
from evaluation.state import RoomState, progress_of
from evaluation.summary import compute_outcome
from evaluation.sums import find_sum_errors

_NEXT = {
    Stage.CHECK_IN: Stage.LEADER_ELECTION,
    Stage.LEADER_ELECTION: Stage.BRIEFING,
    Stage.PRELIMINARY: Stage.DETAILED,
    Stage.DETAILED: Stage.PERSONAL_SUBMITTED,
    Stage.PERSONAL_SUBMITTED: Stage.CONSISTENCY_CHECK,
    Stage.CONSISTENCY_CHECK: Stage.AGGREGATION,
    Stage.AGGREGATION: Stage.CANDIDATES,
    Stage.CANDIDATES: Stage.REPORT_SIGNING,
    Stage.REPORT_SIGNING: Stage.CLOSED,
}


def next_events(state: RoomState, at: datetime) -> list[Event]:
    """Take one step the room takes without being asked.

    Args:
        state: state of the room after the last event.
        at: the instant of the command.

    Returns:
        The events of the step, empty when the room waits for a person.

    Raises:
        TotalsDisagree: when the two computations of the totals differ; the room then stays where it is.

    Source: engineering choice
    """
    if state.stage not in _NEXT:
        return []
    before = _WORK.get(state.stage)
    events = before(state) if before else []
    if events:
        return events
    target = _NEXT[state.stage]
    if reasons_against(state.stage, target, progress_of(state, at)):
        return []
    moved: list[Event] = [StageChanged(state.stage, target)]
    if target is Stage.CONSISTENCY_CHECK:
        moved.append(AlertsRaised(_alerts(state)))
    return moved


def _ballot(state: RoomState) -> list[Event]:
    return [count_round(state)] if len(state.ballots) == len(state.seats) else []


def _review(state: RoomState) -> list[Event]:
    closed = state.preliminary
    if closed is None:
        return []
    upheld = state.competition is not None and not state.competition.lacking
    enough = closed.valid and (closed.bidders_counted >= state.setup.rules.prelim_min_valid or upheld)
    return [] if enough else fail_or_wait(state)


def _alerts(state: RoomState) -> tuple[Alert, ...]:
    bid_ids = [bid.bid_id for bid in state.valid_bids()]
    sheets = {seat_id: state.sheets.get(seat_id, {}) for seat_id in state.seats}
    found = find_alerts(bid_ids, state.setup.criteria, sheets, state.setup.rules)
    return found + find_sum_errors(bid_ids, state.setup.criteria, sheets, state.corrections.sums)


def _totals(state: RoomState) -> list[Event]:
    if state.totals:
        return []
    bids, setup = state.valid_bids(), state.setup
    sheets = {seat_id: state.sheets.get(seat_id, {}) for seat_id in state.seats}
    outcome = compute_outcome(Ballots(bids, setup.criteria, sheets, setup.rules, setup.terms, setup.method))
    selection = select_candidates(outcome.results, bids, setup.rules)
    return [TotalsComputed(selection.results, selection.open_ties, outcome.figures)]


_WORK: dict[Stage, Callable[[RoomState], list[Event]]] = {
    Stage.LEADER_ELECTION: _ballot,
    Stage.PRELIMINARY: _review,
    Stage.DETAILED: lambda state: check_low_prices(state) or _review(state),
    Stage.AGGREGATION: _totals,
    # A correction makes the totals due again.
    Stage.CANDIDATES: _totals,
}
