"""What corrections, signatures and re-evaluations add to the state of a room."""

from dataclasses import dataclass, field, replace
from typing import Literal

from msgspec import Struct

from evaluation.findings import Candidate


class Correction(Struct, frozen=True, kw_only=True):
    """A correction after the totals: proposed by the owner of the score, confirmed or not by the committee.

    Attributes:
        correction_id: "X1", "X2" and so on.
        kind: "K1" to "K4".
        seat_id: the member whose score it is.
        bid_id: the bid.
        criterion_id: the criterion.
        previous: the score as it was.
        value: the score as it should be.
        reason: why.
        confirmed: the committee's word, None while it votes.

    Source: 财政部令第87号 第64条
    """

    correction_id: str
    kind: str
    seat_id: str
    bid_id: str
    criterion_id: str
    previous: str
    value: str
    reason: str
    confirmed: bool | None = None


CallStatus = Literal["called", "dropped", "demanded", "explained", "kept", "replaced"]


class AbnormalCall(Struct, frozen=True, kw_only=True):
    """A score a member calls abnormal, and what became of it.

    Attributes:
        call_id: "N1", "N2" and so on.
        by_seat_id: who called it.
        seat_id: whose score it is.
        bid_id: the bid.
        criterion_id: the criterion.
        reason: why it is called abnormal.
        status: where it stands.
        explanation: the written reason of the owner, or the leader's note that there is none.
        previous: the score as it was, empty unless it was replaced.
        value: the mean of the others that replaced it, empty otherwise.

    Source: 重庆市招标投标条例 第32条
    """

    call_id: str
    by_seat_id: str
    seat_id: str
    bid_id: str
    criterion_id: str
    reason: str
    status: CallStatus = "called"
    explanation: str = ""
    previous: str = ""
    value: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the candidates wait for it."""
        return self.status in ("called", "demanded", "explained")


class Signature(Struct, frozen=True):
    """What a member's end stands for: the digest of the report, and the detached signature the client made over it.

    Source: 电子签名法 第13条, 第14条
    """

    digest: str
    signature: str


class Reevaluation(Struct, frozen=True, kw_only=True):
    """A re-evaluation by the same committee: why, who asked, what stood before, whether the result changed.

    Source: 财政部令第87号 第64条
    """

    number: int
    by: str
    reason: str
    former: tuple[Candidate, ...]
    former_digest: str
    changed: bool | None = None


@dataclass
class CorrectionState:
    """Part of the state of a room, changed by `evaluation.fold_correction` only. Source: engineering choice."""

    corrections: dict[str, Correction] = field(default_factory=dict)
    calls: dict[str, AbnormalCall] = field(default_factory=dict)
    sums: dict[str, dict[str, str]] = field(default_factory=dict)
    signatures: dict[str, Signature] = field(default_factory=dict)
    reevaluations: tuple[Reevaluation, ...] = ()

    def copy(self) -> "CorrectionState":
        """Return a part that can be folded further without touching this one."""
        return replace(
            self,
            corrections=dict(self.corrections),
            calls=dict(self.calls),
            sums=dict(self.sums),
            signatures=dict(self.signatures),
        )

    def open_calls(self) -> tuple[AbnormalCall, ...]:
        """Return the calls the candidates wait for."""
        return tuple(call for call in self.calls.values() if call.is_open)
