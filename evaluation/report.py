"""Evaluation report: the tables the law asks for, members by alias, as values that turn into JSON."""

from typing import Any

import msgspec
from msgspec import Struct

from evaluation.check_lists import committee_checks
from evaluation.events import TieResolved
from evaluation.findings import BidResult, Candidate
from evaluation.report_review import (
    ClarificationRow,
    MotionRow,
    QualificationRow,
    RepairRow,
    clarification_rows,
    motion_rows,
    qualification_rows,
    repair_rows,
)
from evaluation.room import Room
from evaluation.setup import CheckSetup, CriterionSetup
from evaluation.stages import Stage
from evaluation.state import RoomState


class MemberRow(Struct, frozen=True):
    """A member: alias, kind, how the member ended, and the written dissent or the leader's note.

    Source: 招标投标法实施条例 第53条
    """

    alias: str
    kind: str
    leader: bool
    end: str | None
    statement: str


class OpeningRow(Struct, frozen=True):
    """A line of the opening record: what was read out, and the price the evaluation works with.

    Source: 财政部令第87号 第41条
    """

    bid_id: str
    bidder: str
    bidder_code: str
    opened_price: str
    quote: str
    deduction: str
    brand: str | None


class RejectionRow(Struct, frozen=True):
    """A rejection with check, votes, grounds and pages. Source: 招标投标法实施条例 第51条."""

    bid_id: str
    bidder: str
    check: str
    votes: int
    seats: int
    grounds: tuple[tuple[str, str], ...]
    by: str = "committee"


class VoteRow(Struct, frozen=True):
    """One check of one bid: by alias, passed or not. Source: 财政部令第87号 第50条."""

    bid_id: str
    check_id: str
    passed: dict[str, bool]


class ComparisonRow(Struct, frozen=True):
    """One criterion of one bid: values by alias (empty for formula items) and the printed sub-score.

    Source: 财政部令第87号 第55条
    """

    bid_id: str
    criterion_id: str
    values: dict[str, str]
    sub_score: str


class ChangeRow(Struct, frozen=True):
    """An answer to a blocking alert. Warnings stay between the member and the supervisor.

    Source: 财政部令第87号 第64条
    """

    alias: str
    bid_id: str
    criterion_id: str
    previous: str
    value: str
    reason: str


class ReplacementRow(Struct, frozen=True):
    """A seat whose member was replaced. Source: 财政部令第87号 第49条."""

    alias: str
    end: str
    reason: str


class EvaluationReport(Struct, frozen=True, kw_only=True):
    """Report of one evaluation; tables that do not exist yet are empty.

    Attributes:
        project: room, lot, project, procuring entity, category, method, start and stage.
        members: members by alias.
        replacements: replaced members.
        opening_record: bids as opened.
        compliant: ids of the valid bids.
        rejections: rejected bids.
        competition: the decision on competition, when one was due.
        failure: why the tender ended without award, when it did.
        checks: preliminary checks of the document.
        criteria: criteria of the document.
        preliminary: check votes by alias.
        comparison: scores by alias, once every member has submitted.
        changes: answers to blocking alerts.
        ranking: results of all valid bids, best first.
        ties: ties settled, with way and reason.
        candidates: ranked candidates.
        remarks: what the leader wrote with the proposal.
        matters_before_contract: matters to settle before the contract.
        qualification: checks the procuring entity decided.
        clarifications: questions to bidders and their answers.
        repairs: prices repaired by the rules.
        motions: what the committee decided by argued votes.

    Source: 财政部令第87号 第58条; 评标委员会和评标方法暂行规定 第42条
    """

    project: dict[str, str]
    members: tuple[MemberRow, ...]
    replacements: tuple[ReplacementRow, ...]
    opening_record: tuple[OpeningRow, ...]
    compliant: tuple[str, ...]
    rejections: tuple[RejectionRow, ...]
    competition: dict[str, Any] | None
    failure: dict[str, Any] | None
    checks: tuple[CheckSetup, ...]
    criteria: tuple[CriterionSetup, ...]
    preliminary: tuple[VoteRow, ...]
    comparison: tuple[ComparisonRow, ...]
    changes: tuple[ChangeRow, ...]
    ranking: tuple[BidResult, ...]
    ties: tuple[TieResolved, ...]
    candidates: tuple[Candidate, ...]
    remarks: str
    matters_before_contract: str
    qualification: tuple[QualificationRow, ...] = ()
    clarifications: tuple[ClarificationRow, ...] = ()
    repairs: tuple[RepairRow, ...] = ()
    motions: tuple[MotionRow, ...] = ()


def compile_report(room: Room) -> EvaluationReport:
    """Compile the report of a room as it stands.

    It says nothing about who may read it; that is decided in `evaluation.visibility`. Scores enter it only once every
    member has submitted, check votes once the preliminary review is closed.

    Args:
        room: the room.

    Returns:
        The report; `msgspec.to_builtins` makes it JSON.

    Source: 财政部令第87号 第58条; 评标委员会和评标方法暂行规定 第42条
    """
    state = room.state
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
    return {name: getattr(setup, name) for name in names} | {"started_at": started.isoformat(), "stage": state.stage}


def _members(state: RoomState) -> tuple[MemberRow, ...]:
    rows = ((seat, state.seats[seat.seat_id]) for seat in state.setup.seats)
    return tuple(
        MemberRow(seat.alias, seat.kind, seat.seat_id == state.leader, standing.end, standing.statement)
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
