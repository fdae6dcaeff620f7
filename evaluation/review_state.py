"""What the review adds to the state of a room: qualification, clarifications, motions, repaired and low prices."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from msgspec import Struct

from evaluation.findings import Rejection

Status = Literal["draft", "sent", "relayed", "answered", "settled", "lapsed", "dropped"]
MotionKind = Literal[
    "low_price_cause",
    "low_price_explained",
    "answer_admissible",
    "tie_order",
    "correction",
    "abnormal_score",
    "abnormal_reason",
]
_OPEN: tuple[Status, ...] = ("draft", "sent", "relayed", "answered")


class Clarification(Struct, frozen=True, kw_only=True):
    """A question to a bidder and what became of it.

    Attributes:
        clarification_id: "Q1", "Q2" and so on.
        bid_id: the bid it is about.
        purpose: why the bidder is asked.
        question: the question in writing.
        page: where the bid gives rise to it.
        seat_id: the member who worded it.
        status: where it stands.
        answer_by: end of the time to answer, None for a draft.
        digest: SHA-256 of bid, purpose, page, question and time to answer as sent.
        answer: the bidder's answer in writing.
        document_sha256: digest of the signed document of the answer, empty when there is none.
        confirms: whether the bidder confirms a repair of the price; None elsewhere.
        accepted: the committee's judgement of the answer, None before it.
        note: why a draft was dropped.

    Source: 招标投标法实施条例 第52条
    """

    clarification_id: str
    bid_id: str
    purpose: str
    question: str
    page: str
    seat_id: str
    status: Status = "draft"
    answer_by: datetime | None = None
    digest: str = ""
    answer: str = ""
    document_sha256: str = ""
    confirms: bool | None = None
    accepted: bool | None = None
    note: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the review waits for it."""
        return self.status in _OPEN


class Opinion(Struct, frozen=True):
    """One member's argued vote. Source: 财政部令第87号 第61条."""

    favour: bool
    reason: str


class Motion(Struct, frozen=True, kw_only=True):
    """A question the committee decides by more than half of all seats.

    Attributes:
        motion_id: "M1", "M2" and so on.
        kind: what is decided.
        subject_id: the clarification, task, score or tie it is about.
        bid_id: the bid, empty when it is about several.
        proposal: what is proposed, in words or as ids.
        seat_id: the member who moved it, None when the room did.
        carried: the outcome, None while votes are missing.

    Source: 财政部令第87号 第61条
    """

    motion_id: str
    kind: MotionKind
    subject_id: str
    bid_id: str
    proposal: str
    seat_id: str | None = None
    carried: bool | None = None


class PriceRepair(Struct, frozen=True, kw_only=True):
    """A repair of a price that waits for the bidder, or has the bidder's answer. Source: 财政部令第87号 第59条."""

    repair_id: str
    bid_id: str
    clarification_id: str
    before: str
    after: str
    steps: tuple[tuple[str, str, str, str], ...]
    confirmed: bool | None = None


class Qualification(Struct, frozen=True):
    """What the procuring entity found about one check of one bidder. Source: 财政部令第87号 第44条."""

    bid_id: str
    check_id: str
    passed: bool
    ground: str
    page: str
    reason: str


class LowPriceFinding(Struct, frozen=True):
    """A price below a limit of the rules: which limit, the price and the limit in yuan. Source: 财库〔2026〕2号."""

    bid_id: str
    trigger: str
    price: str
    limit: str


class LowPriceTask(Struct, frozen=True, kw_only=True):
    """A price the committee must examine.

    Attributes:
        bid_id: the bid.
        findings: the limits it is below; empty when the committee saw another cause.
        reason: the committee's cause, empty when a limit is.
        accepted: whether the committee accepted the explanation, None before it has.

    Source: 财政部令第87号 第60条
    """

    bid_id: str
    findings: tuple[LowPriceFinding, ...] = ()
    reason: str = ""
    accepted: bool | None = None


@dataclass
class ReviewState:
    """Part of the state of a room, changed by `evaluation.fold_review` only. Source: engineering choice."""

    qualifications: dict[tuple[str, str], Qualification] = field(default_factory=dict)
    clarifications: dict[str, Clarification] = field(default_factory=dict)
    motions: dict[str, Motion] = field(default_factory=dict)
    opinions: dict[str, dict[str, Opinion]] = field(default_factory=dict)
    repairs: dict[str, PriceRepair] = field(default_factory=dict)
    low_prices: dict[str, LowPriceTask] = field(default_factory=dict)
    low_prices_checked: bool = False
    exclusions: tuple[Rejection, ...] = ()
    competition_votes: dict[str, Opinion] = field(default_factory=dict)

    def copy(self) -> "ReviewState":
        """Return a part that can be folded further without touching this one."""
        return replace(
            self,
            qualifications=dict(self.qualifications),
            clarifications=dict(self.clarifications),
            motions=dict(self.motions),
            opinions={motion_id: dict(votes) for motion_id, votes in self.opinions.items()},
            repairs=dict(self.repairs),
            low_prices=dict(self.low_prices),
            competition_votes=dict(self.competition_votes),
        )

    def open_clarifications(self) -> tuple[Clarification, ...]:
        """Return the clarifications the review waits for."""
        return tuple(item for item in self.clarifications.values() if item.is_open)

    def open_motions(self) -> tuple[Motion, ...]:
        """Return the motions whose votes are not complete."""
        return tuple(item for item in self.motions.values() if item.carried is None)

    def open_low_prices(self) -> tuple[LowPriceTask, ...]:
        """Return the prices whose explanation is not judged."""
        return tuple(task for task in self.low_prices.values() if task.accepted is None)

    def excluded(self) -> frozenset[str]:
        """Return the bids that are out for another reason than the committee's check votes."""
        unqualified = {item.bid_id for item in self.qualifications.values() if not item.passed}
        return frozenset(unqualified | {item.bid_id for item in self.exclusions})

    def repaired_price(self, bid_id: str) -> str | None:
        """Return the price a bidder confirmed after repair, None without one."""
        found = [item.after for item in self.repairs.values() if item.bid_id == bid_id and item.confirmed]
        return found[-1] if found else None

    def was_asked(self, bid_id: str, purpose: str) -> bool:
        """Say whether the bidder had a chance to answer for this purpose."""
        return any(
            (item.bid_id, item.purpose) == (bid_id, purpose) and item.status in ("settled", "lapsed")
            for item in self.clarifications.values()
        )
