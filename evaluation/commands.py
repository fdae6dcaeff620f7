"""Commands a client may send; the tag `type` is the name in snake_case, unknown fields are refused."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from evaluation.command_types import Identifier, ShortText, Text, snake_case
from evaluation.commands_blind import EnterBlindScore
from evaluation.commands_correction import CorrectionCommand
from evaluation.commands_review import ReviewCommand
from evaluation.commands_states import StateCommand
from evaluation.commands_talk import TalkCommand

__all__ = ["Command", "Identifier", "ShortText", "Text", "snake_case"]


class OpenCheckIn(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Host operator: open check-in once the start is reached. Source: engineering choice."""


class ConfirmIdentity(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Operator of the seat's venue: the person at the seat is the member. Source: 财政部令第87号 第45条."""

    seat_id: Identifier


class CheckIn(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member: present at the seat, phone locked away. Source: 财政部令第87号 第45条."""

    phone_locked: bool


class SignPromise(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member, after seeing the bidder list: promise and recusal answer. Source: 财政部令第87号 第45条."""

    conflict_declared: bool
    reason: Text = ""


class ReplaceSeat(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Host operator or supervisor: a new member takes the seat and does all its work anew.

    Source: 招标投标法实施条例 第48条
    """

    seat_id: Identifier
    tenure_id: Identifier
    reason: Text


class VoteLeader(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member: one secret vote in the present round. Source: 评标委员会和评标方法暂行规定 第9条."""

    candidate_seat_id: Identifier


class ConfirmBriefing(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member: document, standard and method have been read. Source: 财政部令第87号 第45条."""


class StartPreliminary(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Leader: begin the preliminary review. Source: 财政部令第87号 第50条."""


class VoteCheck(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member: does this bid pass this check; a vote to reject names ground and page.

    `cause` is named where the law wants the bidder asked first.

    Source: 招标投标法实施条例 第51条
    """

    bid_id: Identifier
    check_id: Identifier
    passed: bool
    ground: ShortText | None = None
    page: ShortText | None = None
    note: Text = ""
    cause: Literal["unclear_text", "evident_error", "low_price"] | None = None


class ClosePreliminary(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Leader: every vote is in, count them. Source: 财政部令第87号 第50条."""


class DecideCompetition(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member: with too few valid bids, is competition clearly lacking; an argued vote of every member.

    Source: 评标委员会和评标方法暂行规定 第27条
    """

    lacking: bool
    reason: Text


class EnterScore(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member: a value for one criterion of one bid; a later value replaces it until submission.

    Source: 财政部令第87号 第55条
    """

    bid_id: Identifier
    criterion_id: Identifier
    value: ShortText


class SubmitSheet(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member: the whole sheet is final; the sums the member worked out, by bid id, are checked if they are stated.

    Source: 财政部令第87号 第55条, 第64条
    """

    sums: Annotated[dict[Identifier, ShortText], Meta(max_length=1000)] = {}


class AnswerAlert(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member: keep the score or give a changed one, with a written reason either way. Source: 财政部令第87号 第64条."""

    alert_id: Identifier
    keep: bool
    reason: Text
    value: ShortText | None = None


class ConfirmConsistency(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member: the consistency check is settled. Source: 财政部令第87号 第64条."""


class ResolveTie(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Leader: settle a tie by the document's rule (bids best first), by lot, or by a vote on this order.

    Source: 财政部令第87号 第68条
    """

    bid_ids: Annotated[tuple[Identifier, ...], Meta(min_length=2, max_length=1000)]
    by: Literal["document", "draw", "committee_vote"]
    reason: Text


class ProposeCandidates(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Leader: propose the ranked candidates and name matters to settle before the contract.

    Source: 招标投标法实施条例 第53条
    """

    reason: Text = ""
    matters_before_contract: Text = ""


class SignReport(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member: sign the report, or sign with a written dissent; `digest` is the report's as the client shows it.

    Source: 招标投标法实施条例 第53条; 电子签名法 第13条
    """

    agree: bool
    dissent: Text = ""
    digest: Annotated[str, Meta(pattern=r"\A([0-9a-f]{64})?\Z")] = ""
    signature: Text = ""


class NoteDeemedAgreed(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Leader: a member neither signs nor writes reasons and is deemed to agree. Source: 招标投标法实施条例 第53条."""

    seat_id: Identifier
    note: Text


class Archive(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Host operator: the file of the room is complete. Source: 政府采购法 第42条."""


Command = (
    OpenCheckIn
    | ConfirmIdentity
    | CheckIn
    | SignPromise
    | ReplaceSeat
    | VoteLeader
    | ConfirmBriefing
    | StartPreliminary
    | VoteCheck
    | ClosePreliminary
    | DecideCompetition
    | EnterScore
    | SubmitSheet
    | AnswerAlert
    | ConfirmConsistency
    | ResolveTie
    | ProposeCandidates
    | SignReport
    | NoteDeemedAgreed
    | Archive
    | EnterBlindScore
    | StateCommand
    | TalkCommand
    | ReviewCommand
    | CorrectionCommand
)
