"""Commands after the totals: the four corrections, abnormal scores, re-evaluation after signing."""

from typing import Literal

from msgspec import Struct

from evaluation.command_types import Identifier, ShortText, Text, snake_case

CorrectionKind = Literal["K1", "K2", "K3", "K4"]


class ProposeCorrection(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member: correct an own score after the totals: K1 arithmetic, K2 range, K3 objective mismatch, K4 abnormal.

    Source: 财政部令第87号 第64条
    """

    kind: CorrectionKind
    bid_id: Identifier
    criterion_id: Identifier
    value: ShortText
    reason: Text


class CallAbnormal(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member: ask the committee whether another member's score is abnormal. Source: 重庆市招标投标条例 第32条."""

    seat_id: Identifier
    bid_id: Identifier
    criterion_id: Identifier
    reason: Text


class ExplainScore(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member: the written reason for a score called abnormal, or the refusal to give one.

    Source: 重庆市招标投标条例 第32条
    """

    call_id: Identifier
    explains: bool
    reason: Text = ""


class NoteUnexplained(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Leader: the member gives no reason for a score called abnormal. Source: 重庆市招标投标条例 第32条."""

    call_id: Identifier
    note: Text


class OpenReevaluation(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Procuring entity or supervisor: after signing, the same committee looks at the four errors again.

    Source: 财政部令第87号 第64条
    """

    reason: Text


CorrectionCommand = ProposeCorrection | CallAbnormal | ExplainScore | NoteUnexplained | OpenReevaluation
