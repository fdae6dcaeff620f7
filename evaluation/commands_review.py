"""Commands of the review: qualification, clarifications, motions of the committee, repair of a price, low prices."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from evaluation.command_types import Identifier, ShortText, Text, snake_case

Purpose = Literal["unclear_text", "evident_error", "low_price", "other"]


class DecideQualification(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Procuring entity or its agency: does this bidder pass this check of qualification; else ground, page and reason.

    Source: 财政部令第87号 第44条
    """

    bid_id: Identifier
    check_id: Identifier
    passed: bool
    ground: ShortText | None = None
    page: ShortText | None = None
    reason: Text = ""


class DraftClarification(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member: word a question to a bidder; it stays in the room until the leader sends it.

    Source: 招标投标法实施条例 第52条
    """

    bid_id: Identifier
    purpose: Purpose
    question: Text
    page: ShortText


class SendClarification(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Leader: send a draft for the committee, stating that it leads to no answer, with the end of the time to answer.

    Source: 评标委员会和评标方法暂行规定 第19条
    """

    clarification_id: Identifier
    not_leading: bool
    answer_by: datetime


class DropClarification(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Leader: a draft is not sent, with the reason. Source: engineering choice."""

    clarification_id: Identifier
    reason: Text


class RelayClarification(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Procuring entity or its agency: the question has gone to the bidder. Source: 财政部令第87号 第51条."""

    clarification_id: Identifier


class RecordAnswer(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Procuring entity or its agency: the bidder's written answer; `confirms` for the repair of a price only.

    Source: 财政部令第87号 第51条
    """

    clarification_id: Identifier
    answer: Text
    confirms: bool | None = None
    document_sha256: Annotated[str, Meta(pattern=r"\A([0-9a-f]{64})?\Z")] = ""


class LapseClarification(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Leader: the time to answer is over and no answer has come. Source: 财政部令第87号 第60条."""

    clarification_id: Identifier


class VoteMotion(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member: for or against an open motion, with the reason. Source: 财政部令第87号 第61条."""

    motion_id: Identifier
    favour: bool
    reason: Text


class ClaimedItem(Struct, frozen=True, forbid_unknown_fields=True):
    """A line of the price list as the bid has it. Source: 财政部令第87号 第59条."""

    name: Identifier
    quantity: ShortText
    unit_price: ShortText


class ProposePriceRepair(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Leader: what the bid says about its price; the room repairs it by the rules and asks the bidder to confirm.

    Source: 财政部令第87号 第59条
    """

    bid_id: Identifier
    figures: ShortText
    question: Text
    page: ShortText
    answer_by: datetime
    words: ShortText | None = None
    opening: ShortText | None = None
    chinese_text: ShortText | None = None
    items: Annotated[tuple[ClaimedItem, ...], Meta(max_length=1000)] = ()


class SuspectLowPrice(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member: ask the committee whether it sees cause to examine a price as abnormally low.

    Source: 财政部令第87号 第60条; 评标委员会和评标方法暂行规定 第21条
    """

    bid_id: Identifier
    reason: Text


ReviewCommand = (
    DecideQualification
    | DraftClarification
    | SendClarification
    | DropClarification
    | RelayClarification
    | RecordAnswer
    | LapseClarification
    | VoteMotion
    | ProposePriceRepair
    | SuspectLowPrice
)
