"""Rows and form of the evaluation report, members by alias, as values that turn into JSON."""

from typing import Any

from msgspec import Struct, field

from evaluation.correction_state import Reevaluation
from evaluation.events import TieResolved
from evaluation.findings import BidResult, Candidate
from evaluation.report_correction import AbnormalRow, CorrectionRow
from evaluation.report_review import (
    ClarificationRow,
    MotionRow,
    QualificationRow,
    RepairRow,
)
from evaluation.review_state import LowPriceTask
from evaluation.setup import CheckSetup, CriterionSetup
from evaluation.terms import DocumentTerms


class MemberRow(Struct, frozen=True):
    """A member: alias, kind, how the member ended, the written dissent or the leader's note, the digest signed.

    Source: 招标投标法实施条例 第53条
    """

    alias: str
    kind: str
    leader: bool
    end: str | None
    statement: str
    digest: str = ""


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
        project: room, lot, project, procuring entity, category, method, start and stage; for training the mark.
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
        low_prices: prices examined as abnormally low.
        corrections: corrections after the totals.
        replaced_scores: scores called abnormal, with their reasons and what replaced them.
        reevaluations: re-evaluations after signing, with what stood before.
        terms: what the document set for its method.
        figures: figures of the method about all bids together, by name; those about one bid stand in its result.

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
    low_prices: tuple[LowPriceTask, ...] = ()
    corrections: tuple[CorrectionRow, ...] = ()
    replaced_scores: tuple[AbnormalRow, ...] = ()
    reevaluations: tuple[Reevaluation, ...] = ()
    terms: DocumentTerms = field(default_factory=DocumentTerms)
    figures: dict[str, str] = {}
