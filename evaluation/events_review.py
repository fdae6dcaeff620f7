"""Events of the review: qualification, clarifications, motions, repaired prices, rejections beside the checks."""

from datetime import datetime

from msgspec import Struct

from evaluation.command_types import snake_case
from evaluation.findings import Rejection
from evaluation.review_state import LowPriceFinding, MotionKind


class QualificationDecided(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The procuring entity or its agency decided one check of one bidder. Source: 财政部令第87号 第44条."""

    bid_id: str
    check_id: str
    passed: bool
    ground: str
    page: str
    reason: str


class CompetitionVoted(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A member voted on competition, with the reason. Source: 评标委员会和评标方法暂行规定 第27条."""

    seat_id: str
    lacking: bool
    reason: str


class ClarificationDrafted(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A member worded a question to a bidder. Source: 招标投标法实施条例 第52条."""

    clarification_id: str
    seat_id: str
    bid_id: str
    purpose: str
    question: str
    page: str


class ClarificationSent(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The leader sent it, stating that it is not leading; `digest` is over its content.

    Source: 评标委员会和评标方法暂行规定 第19条
    """

    clarification_id: str
    answer_by: datetime
    not_leading: bool
    digest: str


class ClarificationDropped(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A draft will not be sent. Source: engineering choice."""

    clarification_id: str
    reason: str


class ClarificationRelayed(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The question has gone to the bidder. Source: 财政部令第87号 第51条."""

    clarification_id: str


class ClarificationAnswered(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The bidder answered in writing and in time. Source: 财政部令第87号 第51条."""

    clarification_id: str
    answer: str
    confirms: bool | None
    document_sha256: str


class ClarificationLapsed(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The time to answer passed without an answer. Source: 财政部令第87号 第60条."""

    clarification_id: str


class ClarificationSettled(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The answer was judged: it counts, or it does not. Source: 招标投标法实施条例 第52条."""

    clarification_id: str
    accepted: bool


class MotionOpened(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The committee is asked; `seat_id` is None when the room asks by itself. Source: 财政部令第87号 第61条."""

    motion_id: str
    kind: MotionKind
    subject_id: str
    bid_id: str
    proposal: str
    seat_id: str | None = None


class MotionVoted(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A member voted on a motion, with the reason. Source: 财政部令第87号 第61条."""

    motion_id: str
    seat_id: str
    favour: bool
    reason: str


class MotionDecided(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """All votes are in; carried by more than half of all seats. Source: 财政部令第87号 第61条."""

    motion_id: str
    carried: bool
    favour: int
    seats: int


class PriceRepairProposed(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A price was repaired by the rules; steps are rule, subject, before and after. Source: 财政部令第87号 第59条."""

    repair_id: str
    bid_id: str
    clarification_id: str
    before: str
    after: str
    steps: tuple[tuple[str, str, str, str], ...]


class PriceRepairSettled(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The bidder confirmed the repaired price, or did not. Source: 财政部令第87号 第59条."""

    repair_id: str
    confirmed: bool


class BidRejected(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A bid is out for another reason than check votes; who is left once the preliminary review is closed.

    Source: 财政部令第87号 第59条, 第60条
    """

    rejection: Rejection
    valid: tuple[str, ...]
    bidders_counted: int


class LowPricesChecked(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """All compliant prices were compared with the limits; every bid found has a task. Source: 财库〔2026〕2号."""

    found: tuple[LowPriceFinding, ...]


class LowPriceOpened(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The committee sees cause to examine a price. Source: 评标委员会和评标方法暂行规定 第21条."""

    bid_id: str
    reason: str


class LowPriceSettled(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The committee judged the explanation of a price. Source: 财政部令第87号 第60条."""

    bid_id: str
    accepted: bool


ReviewEvent = (
    QualificationDecided
    | CompetitionVoted
    | ClarificationDrafted
    | ClarificationSent
    | ClarificationDropped
    | ClarificationRelayed
    | ClarificationAnswered
    | ClarificationLapsed
    | ClarificationSettled
    | MotionOpened
    | MotionVoted
    | MotionDecided
    | PriceRepairProposed
    | PriceRepairSettled
    | BidRejected
    | LowPricesChecked
    | LowPriceOpened
    | LowPriceSettled
)
