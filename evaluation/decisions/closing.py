"""Ties, candidates, signing, archive."""

from evaluation.commands import Archive, NoteDeemedAgreed, ProposeCandidates, ResolveTie, SignReport
from evaluation.decisions.situation import Situation, enter_stage, require_text
from evaluation.events import AgreementDeemed, CandidatesProposed, Event, ReportSigned, TieResolved
from evaluation.ranking import Resolution, Selection, select_candidates
from evaluation.refusals import (
    AlreadySigned,
    DeemingForbidden,
    DissentMissing,
    DissentOnAgreement,
    TieMethodForbidden,
    TieOpen,
    TieUnknown,
    TotalsMissing,
)
from evaluation.stages import Stage
from evaluation.state import RoomState

_WAYS = {
    "document_else_draw": ("document", "draw"),
    "document_else_committee_vote": ("document", "committee_vote"),
}


def _select(state: RoomState, *further: Resolution) -> Selection:
    if state.totals is None:
        raise TotalsMissing()
    orders = (*state.recorded_orders(), *further)
    return select_candidates(state.totals.results, state.valid_bids(), state.setup.rules, orders)


def resolve_tie(now: Situation, command: ResolveTie) -> list[Event]:
    """Record the order of tied bids as the document's rule, a draw or a vote gave it.

    Args:
        now: the situation.
        command: the tied bids, best first; the way; the reason. Of a brand the first keeps candidacy.

    Returns:
        The order, with the ties still open afterwards.

    Raises:
        TieUnknown: when the bids are not an open tie.
        TieMethodForbidden: when the rules bar the way.
        ReasonMissing: without a reason.

    Source: 财政部令第87号 第31条, 第68条; 发改法规规〔2022〕1117号
    """
    state = now.state
    tie = next((tie for tie in state.open_ties if sorted(tie.bid_ids) == sorted(command.bid_ids)), None)
    if tie is None:
        raise TieUnknown()
    if command.by not in _WAYS[state.setup.rules.tie_final]:
        raise TieMethodForbidden(by=command.by)
    reason = require_text(command.reason)
    left = _select(state, Resolution(tie.kind, command.bid_ids)).open_ties
    return [TieResolved(tie.kind, command.bid_ids, command.by, reason, left)]


def propose_candidates(now: Situation, command: ProposeCandidates) -> list[Event]:
    """Propose the ranked candidates, at most the number of the rules.

    Args:
        now: the situation.
        command: remarks and matters to settle before the contract.

    Returns:
        The proposal.

    Raises:
        TieOpen: while a tie that touches a candidate's place is open.

    Source: 招标投标法实施条例 第53条; 财政部令第87号 第57条, 第58条
    """
    if now.state.open_ties:
        raise TieOpen()
    chosen = _select(now.state).candidates
    return [CandidatesProposed(chosen, command.reason, command.matters_before_contract)]


def sign_report(now: Situation, command: SignReport) -> list[Event]:
    """Sign the report, with or without dissent.

    Args:
        now: the situation.
        command: agreement, or the dissent in writing.

    Returns:
        The signature.

    Raises:
        AlreadySigned: when the member has an end.
        DissentMissing: for a refusal without text.
        DissentOnAgreement: for an agreement with text.

    Source: 招标投标法实施条例 第53条; 财政部令第87号 第61条
    """
    if now.standing.end:
        raise AlreadySigned()
    written = bool(command.dissent.strip())
    if command.agree and written:
        raise DissentOnAgreement()
    if not command.agree and not written:
        raise DissentMissing()
    return [ReportSigned(now.seat_id, "signed" if command.agree else "signed_with_dissent", command.dissent)]


def note_deemed_agreed(now: Situation, command: NoteDeemedAgreed) -> list[Event]:
    """Note that another member neither signs nor writes reasons.

    Args:
        now: the situation.
        command: the member's seat and the note.

    Returns:
        The note.

    Raises:
        UnknownSeat: when the room has no such seat.
        DeemingForbidden: when the rules do not know it, or for the leader's own seat.
        AlreadySigned: when the member has an end.
        ReasonMissing: without a note.

    Source: 招标投标法实施条例 第53条; 财政部令第87号 第61条
    """
    seat = now.state.seat(command.seat_id)
    if not now.state.setup.rules.sign_deemed_agreed or seat.seat_id == now.seat_id:
        raise DeemingForbidden()
    if now.state.seats[seat.seat_id].end:
        raise AlreadySigned()
    return [AgreementDeemed(seat.seat_id, require_text(command.note))]


def archive(now: Situation, _: Archive) -> list[Event]:
    """Archive a closed or failed room.

    Args:
        now: the situation.

    Returns:
        The change of stage.

    Source: 政府采购法 第42条
    """
    return [enter_stage(now, Stage.ARCHIVED)]
