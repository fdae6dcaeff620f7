"""Events of a room: what has happened, with everything a later reader needs to fold it without deciding again."""

from typing import Literal

from msgspec import Struct

from evaluation.commands import snake_case
from evaluation.events_correction import CorrectionEvent
from evaluation.events_review import ReviewEvent
from evaluation.events_states import StateEvent
from evaluation.events_talk import TalkEvent
from evaluation.findings import Alert, BidResult, Candidate, OpenTie, Rejection
from evaluation.setup import RoomSetup
from evaluation.stages import Stage


class RoomOpened(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The room exists, with this description. Source: engineering choice."""

    setup: RoomSetup


class StageChanged(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The room entered a stage. Source: engineering choice."""

    source: Stage
    target: Stage


class IdentityConfirmed(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """An operator confirmed who sits at the seat. Source: 财政部令第87号 第45条."""

    seat_id: str
    tenure_id: str
    venue_id: str


class MemberCheckedIn(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A member is present, phone locked away. Source: 财政部令第87号 第45条."""

    seat_id: str
    tenure_id: str


class PromiseSigned(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A member promised and answered on recusal. Source: 财政部令第87号 第45条."""

    seat_id: str
    tenure_id: str
    conflict_declared: bool
    reason: str


class SeatReplaced(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A tenure ended and another began on the same seat. Source: 招标投标法实施条例 第48条."""

    seat_id: str
    former_tenure_id: str
    tenure_id: str
    reason: str


class LeaderVoteCast(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A secret vote was cast. Source: 评标委员会和评标方法暂行规定 第9条."""

    seat_id: str
    round: int
    candidate_seat_id: str


class BallotTied(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A round ended without a unique highest; the tied go on. Source: engineering choice."""

    round: int
    tally: dict[str, int]
    tied: tuple[str, ...]


class LeaderElected(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The committee has a leader, by ballot or by the order of the draw. Source: 评标委员会和评标方法暂行规定 第9条."""

    seat_id: str
    round: int
    tally: dict[str, int]
    by: Literal["ballot", "draw_order"]


class BriefingConfirmed(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A member confirmed the briefing. Source: 财政部令第87号 第45条."""

    seat_id: str


class CheckVoted(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A member voted on one check of one bid. Source: 财政部令第87号 第50条."""

    seat_id: str
    bid_id: str
    check_id: str
    passed: bool
    ground: str | None
    page: str | None
    note: str
    cause: str | None = None


class PreliminaryClosed(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The votes were counted: valid bids, bidders behind them, rejections. Source: 招标投标法实施条例 第51条."""

    valid: tuple[str, ...]
    bidders_counted: int
    rejections: tuple[Rejection, ...]


class CompetitionDecided(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Whether competition is clearly lacking, by vote of the members. Source: 评标委员会和评标方法暂行规定 第27条."""

    lacking: bool
    reason: str
    bidders_counted: int
    votes_lacking: int
    seats: int


class RoomFailed(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The tender ends without award (废标). Source: 政府采购法 第36条."""

    cause: Literal["too_few_valid_bids", "all_rejected", "competition_lacking"]
    bidders_counted: int
    min_valid: int


class ScoreEntered(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A member entered a value. Source: 财政部令第87号 第55条."""

    seat_id: str
    bid_id: str
    criterion_id: str
    value: str


class SheetSubmitted(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A member's sheet became final; the sum the member stated by bid id, if any. Source: 财政部令第87号 第55条."""

    seat_id: str
    sums: dict[str, str] = {}


class AlertsRaised(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The consistency check ran over all sheets and found these. Source: 财政部令第87号 第64条."""

    alerts: tuple[Alert, ...]


class AlertAnswered(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A member kept or changed a score after an alert; `closed` says whether that settled it.

    Source: 财政部令第87号 第64条
    """

    alert_id: str
    seat_id: str
    bid_id: str
    criterion_id: str
    keep: bool
    value: str
    previous: str
    reason: str
    closed: bool


class ConsistencyConfirmed(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A member confirmed the consistency check. Source: 财政部令第87号 第64条."""

    seat_id: str


class TotalsComputed(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Two independent computations agreed on these results, best rank first. Source: 财政部令第87号 第55条, 第57条."""

    results: tuple[BidResult, ...]
    open_ties: tuple[OpenTie, ...]
    figures: dict[str, str] = {}


class TieResolved(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """An open tie was settled; the ties still open afterwards come with it. Source: 财政部令第87号 第68条."""

    kind: Literal["place", "brand"]
    bid_ids: tuple[str, ...]
    by: Literal["document", "draw", "committee_vote"]
    reason: str
    open_ties: tuple[OpenTie, ...]
    seed: str = ""


class CandidatesProposed(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The leader proposed the candidates. Source: 招标投标法实施条例 第53条."""

    candidates: tuple[Candidate, ...]
    reason: str
    matters_before_contract: str


class ReportSigned(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A member signed, with or without dissent. Source: 招标投标法实施条例 第53条."""

    seat_id: str
    end: Literal["signed", "signed_with_dissent"]
    dissent: str
    digest: str = ""
    signature: str = ""


class AgreementDeemed(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The leader noted that a member is deemed to agree. Source: 招标投标法实施条例 第53条."""

    seat_id: str
    note: str
    digest: str = ""


Event = (
    RoomOpened
    | StageChanged
    | IdentityConfirmed
    | MemberCheckedIn
    | PromiseSigned
    | SeatReplaced
    | LeaderVoteCast
    | BallotTied
    | LeaderElected
    | BriefingConfirmed
    | CheckVoted
    | PreliminaryClosed
    | CompetitionDecided
    | RoomFailed
    | ScoreEntered
    | SheetSubmitted
    | AlertsRaised
    | AlertAnswered
    | ConsistencyConfirmed
    | TotalsComputed
    | TieResolved
    | CandidatesProposed
    | ReportSigned
    | AgreementDeemed
    | StateEvent
    | TalkEvent
    | ReviewEvent
    | CorrectionEvent
)
