"""Events after the totals: corrections, abnormal scores, re-evaluation."""

from typing import Literal

from msgspec import Struct

from evaluation.command_types import snake_case
from evaluation.findings import Candidate


class CorrectionProposed(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A member asked the committee to confirm the correction of an own score. Source: 财政部令第87号 第64条."""

    correction_id: str
    kind: Literal["K1", "K2", "K3", "K4"]
    seat_id: str
    bid_id: str
    criterion_id: str
    previous: str
    value: str
    reason: str


class CorrectionSettled(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The committee confirmed the correction, and the totals are due again, or it did not.

    Source: 财政部令第87号 第64条
    """

    correction_id: str
    confirmed: bool


class AbnormalCalled(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A member called another's score abnormal. Source: 重庆市招标投标条例 第32条."""

    call_id: str
    by_seat_id: str
    seat_id: str
    bid_id: str
    criterion_id: str
    reason: str


class AbnormalJudged(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """More than half call it abnormal, and a written reason is demanded, or not. Source: 重庆市招标投标条例 第32条."""

    call_id: str
    abnormal: bool


class ScoreExplained(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The member gave a written reason; `explains` is false when none came. Source: 重庆市招标投标条例 第32条."""

    call_id: str
    explains: bool
    reason: str


class ScoreKept(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The committee accepted the written reason. Source: 重庆市招标投标条例 第32条."""

    call_id: str


class ScoreReplaced(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The mean of the others took the place of the score, and the totals are due again.

    Source: 重庆市招标投标条例 第32条
    """

    call_id: str
    previous: str
    value: str


class ReevaluationOpened(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The same committee looks again; what was signed before stays on record. Source: 财政部令第87号 第64条."""

    number: int
    by: str
    reason: str
    former: tuple[Candidate, ...]
    former_digest: str


class ReevaluationConcluded(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Candidates were proposed again; a changed result is to be reported to the financial department.

    Source: 财政部令第87号 第64条
    """

    number: int
    changed: bool


CorrectionEvent = (
    CorrectionProposed
    | CorrectionSettled
    | AbnormalCalled
    | AbnormalJudged
    | ScoreExplained
    | ScoreKept
    | ScoreReplaced
    | ReevaluationOpened
    | ReevaluationConcluded
)
