"""Ties, candidates, signing, archive."""

import json
from typing import Literal

from evaluation.commands import Archive, NoteDeemedAgreed, ProposeCandidates, ResolveTie, SignReport
from evaluation.decisions.motions import open_motion
from evaluation.decisions.reevaluating import conclude_reevaluation
from evaluation.decisions.situation import Situation, enter_stage, require_text
from evaluation.events import AgreementDeemed, CandidatesProposed, Event, ReportSigned, TieResolved
from evaluation.findings import OpenTie
from evaluation.lots import draw_order
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
from evaluation.refusals_correction import CorrectionsOpen, DigestMismatch, SeedMissing
from evaluation.signed_report import report_digest
from evaluation.stages import Stage
from evaluation.state import RoomState

TieWay = Literal["document", "draw", "committee_vote"]
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
    """Order tied bids by the document's rule or by lot, or put the order to the committee.

    Args:
        now: the situation; for a draw it holds the public seed the service brings.
        command: the tied bids, best first (a draw takes them in any order); the way; the reason. Of a brand the first
            keeps candidacy.

    Returns:
        The order, with the ties still open afterwards; for a vote the motion, whose outcome settles the tie.

    Raises:
        TieUnknown: when the bids are not an open tie.
        TieMethodForbidden: when the rules bar the way.
        SeedMissing: for a draw without a seed.
        ReasonMissing: without a reason.

    Source: 财政部令第87号 第31条, 第68条; 发改法规规〔2022〕1117号
    """
    state = now.state
    if _open_tie(state, command.bid_ids) is None:
        raise TieUnknown()
    if command.by not in _WAYS[state.setup.rules.tie_final]:
        raise TieMethodForbidden(by=command.by)
    reason = require_text(command.reason)
    if command.by == "committee_vote":
        return [open_motion(state, "tie_order", json.dumps(command.bid_ids, ensure_ascii=False), "", reason)]
    if command.by == "document":
        return [settle_tie(state, command.bid_ids, "document", reason)]
    if not now.seed:
        raise SeedMissing()
    return [settle_tie(state, draw_order(now.seed, command.bid_ids), "draw", reason, now.seed)]


def _open_tie(state: RoomState, bid_ids: tuple[str, ...]) -> OpenTie | None:
    return next((tie for tie in state.open_ties if sorted(tie.bid_ids) == sorted(bid_ids)), None)


def settle_tie(state: RoomState, bid_ids: tuple[str, ...], by: TieWay, reason: str, seed: str = "") -> TieResolved:
    """Settle an open tie.

    Args:
        state: state of the room.
        bid_ids: the tied bids, best first.
        by: how the order was found.
        reason: why, in words.
        seed: the public seed of a draw.

    Returns:
        The order, with the ties still open afterwards.

    Raises:
        TieUnknown: when the bids are not an open tie.

    Source: 财政部令第87号 第31条, 第68条
    """
    tie = _open_tie(state, bid_ids)
    if tie is None:
        raise TieUnknown()
    left = _select(state, Resolution(tie.kind, bid_ids)).open_ties
    return TieResolved(tie.kind, bid_ids, by, reason, left, seed)


def propose_candidates(now: Situation, command: ProposeCandidates) -> list[Event]:
    """Propose the ranked candidates, at most the number of the rules.

    Args:
        now: the situation.
        command: remarks and matters to settle before the contract.

    Returns:
        The proposal.

    Raises:
        CorrectionsOpen: while the committee still decides on scores or an order.
        TieOpen: while a tie that touches a candidate's place is open.

    Source: 招标投标法实施条例 第53条; 财政部令第87号 第57条, 第58条
    """
    state = now.state
    if waiting := len(state.review.open_motions()) + len(state.corrections.open_calls()):
        raise CorrectionsOpen(open=waiting)
    if state.open_ties:
        raise TieOpen()
    chosen = _select(state).candidates
    proposed = CandidatesProposed(chosen, command.reason, command.matters_before_contract)
    return [proposed, *conclude_reevaluation(state, chosen)]


def sign_report(now: Situation, command: SignReport) -> list[Event]:
    """Sign the report, with or without dissent.

    Args:
        now: the situation.
        command: agreement, or the dissent in writing; the digest the client signed and its detached signature. Without
            a digest the member signs the report as it stands.

    Returns:
        The signature.

    Raises:
        AlreadySigned: when the member has an end.
        DissentMissing: for a refusal without text.
        DissentOnAgreement: for an agreement with text.
        DigestMismatch: when the client signed another report than the present one.

    Source: 招标投标法实施条例 第53条; 财政部令第87号 第61条; 电子签名法 第13条
    """
    if now.standing.end:
        raise AlreadySigned()
    written = bool(command.dissent.strip())
    if command.agree and written:
        raise DissentOnAgreement()
    if not command.agree and not written:
        raise DissentMissing()
    digest = report_digest(now.state)
    if command.digest not in ("", digest):
        raise DigestMismatch()
    end: Literal["signed", "signed_with_dissent"] = "signed" if command.agree else "signed_with_dissent"
    return [ReportSigned(now.seat_id, end, command.dissent, digest, command.signature)]


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
    return [AgreementDeemed(seat.seat_id, require_text(command.note), report_digest(now.state))]


def archive(now: Situation, _: Archive) -> list[Event]:
    """Archive a closed or failed room.

    Args:
        now: the situation.

    Returns:
        The change of stage.

    Source: 政府采购法 第42条
    """
    return [enter_stage(now, Stage.ARCHIVED)]
