"""From the state of a room to the tables of its report."""

import msgspec

from evaluation.check_lists import committee_checks
from evaluation.findings import BidResult
from evaluation.report_correction import abnormal_rows, correction_rows
from evaluation.report_review import (
    clarification_rows,
    motion_rows,
    qualification_rows,
    repair_rows,
)
from evaluation.report_rows import (
    ChangeRow,
    ComparisonRow,
    EvaluationReport,
    MemberRow,
    OpeningRow,
    RejectionRow,
    ReplacementRow,
    VoteRow,
)
from evaluation.setup import TRAINING_MARK, CriterionSetup
from evaluation.stages import Stage
from evaluation.state import RoomState


def report_of(state: RoomState) -> EvaluationReport:
    """Compile the report from the state of a room.

    Args:
        state: state of a room.

    Returns:
        The report, as `compile_report` says.

    Source: 财政部令第87号 第58条; 评标委员会和评标方法暂行规定 第42条
    """
    proposal = state.proposal
    return EvaluationReport(
        project=_project(state),
        members=_members(state),
        replacements=_replacements(state),
        opening_record=_opening(state),
        compliant=tuple(bid.bid_id for bid in state.valid_bids()),
        rejections=_rejections(state),
        competition=msgspec.to_builtins(state.competition),
        failure=msgspec.to_builtins(state.failure or state.course.stop),
        checks=state.setup.checks,
        criteria=state.setup.criteria,
        preliminary=_votes(state),
        comparison=_comparison(state),
        changes=_changes(state),
        ranking=standing_results(state),
        ties=state.resolutions,
        candidates=proposal.candidates if proposal else (),
        remarks=proposal.reason if proposal else "",
        matters_before_contract=proposal.matters_before_contract if proposal else "",
        qualification=qualification_rows(state),
        clarifications=clarification_rows(state),
        repairs=repair_rows(state),
        motions=motion_rows(state),
        low_prices=tuple(state.review.low_prices.values()),
        corrections=correction_rows(state),
        replaced_scores=abnormal_rows(state),
        reevaluations=state.corrections.reevaluations,
        terms=state.setup.terms,
        figures=state.totals.figures if state.totals else {},
    )


def standing_results(state: RoomState) -> tuple[BidResult, ...]:
    """Return the results with the candidacy that settled brand ties left.

    Args:
        state: state of a room.

    Returns:
        Results, best first; empty before the totals.

    Source: 财政部令第87号 第31条
    """
    results = state.totals.results if state.totals else ()
    passed_over = {bid_id for item in state.resolutions if item.kind == "brand" for bid_id in item.bid_ids[1:]}
    return tuple(
        msgspec.structs.replace(item, candidacy="same_brand") if item.bid_id in passed_over else item
        for item in results
    )


def _aliases(state: RoomState) -> dict[str, str]:
    return {seat.seat_id: seat.alias for seat in state.setup.seats}


def _project(state: RoomState) -> dict[str, str]:
    setup = state.setup
    names = ("room_id", "lot_code", "lot_name", "project_name", "procuring_entity", "category", "method")
    started = next((at for stage, at in state.stages if stage is Stage.CHECK_IN), setup.starts_at)
    mark = {"training": TRAINING_MARK} if setup.is_training else {}
    plain = {name: getattr(setup, name) for name in names}
    return plain | {"started_at": started.isoformat(), "stage": state.work_stage} | mark


def _members(state: RoomState) -> tuple[MemberRow, ...]:
    signed = state.corrections.signatures
    rows = ((seat, state.seats[seat.seat_id]) for seat in state.setup.seats)
    return tuple(
        MemberRow(
            alias=seat.alias,
            kind=seat.kind,
            leader=seat.seat_id == state.leader,
            end=standing.end,
            statement=standing.statement,
            digest=signed[seat.seat_id].digest if seat.seat_id in signed else "",
        )
        for seat, standing in rows
    )


def _replacements(state: RoomState) -> tuple[ReplacementRow, ...]:
    aliases = _aliases(state)
    return tuple(ReplacementRow(aliases[old.seat_id], "replaced", old.reason) for old in state.former)


def _opening(state: RoomState) -> tuple[OpeningRow, ...]:
    return tuple(
        OpeningRow(
            bid.bid_id,
            bid.bidder,
            bid.bidder_code,
            bid.opened_price or bid.quote,
            state.priced(bid).quote,
            bid.deduction,
            bid.brand or None,
        )
        for bid in state.setup.bids
    )


def _rejections(state: RoomState) -> tuple[RejectionRow, ...]:
    bidders = {bid.bid_id: bid.bidder for bid in state.setup.bids}
    titles = {check.check_id: check.title for check in state.setup.checks}
    found = state.preliminary.rejections if state.preliminary else ()
    return tuple(
        RejectionRow(
            bid_id=item.bid_id,
            bidder=bidders[item.bid_id],
            check=titles.get(item.check_id, item.check_id),
            votes=item.votes,
            seats=item.seats,
            grounds=item.grounds,
            by=item.by,
        )
        for item in found
    )


def _votes(state: RoomState) -> tuple[VoteRow, ...]:
    if state.preliminary is None:
        return ()
    aliases = _aliases(state)
    return tuple(
        VoteRow(
            bid.bid_id,
            check.check_id,
            {
                alias: state.votes[seat_id][bid.bid_id, check.check_id].passed
                for seat_id, alias in aliases.items()
                if (bid.bid_id, check.check_id) in state.votes.get(seat_id, {})
            },
        )
        for bid in state.setup.bids
        for check in committee_checks(state.setup)
        if any((bid.bid_id, check.check_id) in votes for votes in state.votes.values())
    )


def _comparison(state: RoomState) -> tuple[ComparisonRow, ...]:
    if not state.all_submitted():
        return ()
    results = {result.bid_id: result.items for result in (state.totals.results if state.totals else ())}
    return tuple(
        ComparisonRow(
            bid.bid_id,
            criterion.criterion_id,
            _values(state, bid.bid_id, criterion),
            results.get(bid.bid_id, {}).get(criterion.criterion_id, ""),
        )
        for bid in state.valid_bids()
        for criterion in state.setup.criteria
    )


def _values(state: RoomState, bid_id: str, criterion: CriterionSetup) -> dict[str, str]:
    if criterion.kind == "formula":
        return {}
    item = (bid_id, criterion.criterion_id)
    return {alias: state.sheets[seat_id][item] for seat_id, alias in _aliases(state).items()}


def _changes(state: RoomState) -> tuple[ChangeRow, ...]:
    aliases = _aliases(state)
    return tuple(
        ChangeRow(aliases[item.seat_id], item.bid_id, item.criterion_id, item.previous, item.value, item.reason)
        for item in state.answers
        if state.alerts[item.alert_id].blocking
    )
