"""Values that events carry: rejections, alerts, results, ties and candidates."""

from typing import Literal

from msgspec import Struct


class Rejection(Struct, frozen=True):
    """One check a bid failed: votes against it of all seats, the grounds and pages named, and who decided.

    `by` is "rule" where the law itself makes the bid invalid, for instance for a repaired price not confirmed.

    Source: 招标投标法实施条例 第51条
    """

    bid_id: str
    check_id: str
    votes: int
    seats: int
    grounds: tuple[tuple[str, str], ...]
    by: Literal["committee", "procuring_entity", "rule"] = "committee"


class Alert(Struct, frozen=True):
    """A finding of the consistency check.

    Attributes:
        alert_id: identifier inside the room.
        kind: what was found.
        blocking: whether the room cannot go on before it is settled.
        bid_id: the bid.
        criterion_id: the criterion; empty for a sum error.
        seat_id: the member it is about; None when it is about all members.
        value: the score in question; empty when it is about all members.
        mean_of_others: mean of the other members' scores, 2 places; empty unless `kind` is a deviation.
        deviation: distance from that mean; empty likewise.
        limit: distance beyond which an alert is raised; empty likewise.

    Source: 财政部令第87号 第64条
    """

    alert_id: str
    kind: Literal["objective_mismatch", "out_of_range", "subjective_deviation", "sum_error"]
    blocking: bool
    bid_id: str
    criterion_id: str
    seat_id: str | None = None
    value: str = ""
    mean_of_others: str = ""
    deviation: str = ""
    limit: str = ""


class BidResult(Struct, frozen=True):
    """Printed result of one bid.

    Attributes:
        bid_id: the bid.
        quote: quoted price in yuan.
        reviewed_price: price after the policy deduction, in yuan.
        items: printed sub-score per criterion, as decimal text.
        technical: exact sum of the printed sub-scores of the group "technical".
        total: exact sum of all printed sub-scores.
        rank: place among all valid bids; equal results share a place (1, 1, 3).
        candidacy: whether the bid may be a candidate, stands behind a better or chosen bid of its brand, or is below
            the reserve price.
        notes: further figures of the method about this bid, by name.

    Source: 财政部令第87号 第55条
    """

    bid_id: str
    quote: str
    reviewed_price: str
    items: dict[str, str]
    technical: str
    total: str
    rank: int
    candidacy: Literal["open", "same_brand", "below_reserve"]
    notes: dict[str, str] = {}


class OpenTie(Struct, frozen=True):
    """Bids whose order the numbers leave open: places of the ranking, or one brand's candidacy.

    Source: 财政部令第87号 第31条, 第68条
    """

    kind: Literal["place", "brand"]
    bid_ids: tuple[str, ...]


class Candidate(Struct, frozen=True):
    """A proposed candidate. Source: 招标投标法实施条例 第53条."""

    place: int
    bid_id: str
    total: str
    reviewed_price: str
    quote: str
