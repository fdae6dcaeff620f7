"""Commands about the course of an evaluation: holds, backtracks, ends before the report, outages, time."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from evaluation.command_types import Identifier, ShortText, Text, snake_case

BacktrackTarget = Literal["leader_election", "briefing", "preliminary", "detailed", "consistency_check"]


class PauseRoom(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Leader, host operator or supervisor: lock and seal the room. Source: domain ER-19."""

    reason: Text


class SuspendRoom(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Supervisor: lock and seal the room until the supervisor lets it go on. Source: domain ER-19."""

    reason: Text


class ResumeRoom(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Leader, host operator or supervisor: go on, naming the seal of the hold that ends. Source: domain ER-19."""

    seal: ShortText


class RequestBacktrack(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Leader: ask the supervisor to put the room back to an earlier stage. Source: domain 4 (backtracked)."""

    target: BacktrackTarget
    reason: Text


class DecideBacktrack(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Supervisor: approve or refuse the request to go back. Source: domain 4 (backtracked)."""

    request_id: Identifier
    approve: bool
    reason: Text = ""


class RebuildCommittee(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Procuring entity: this committee cannot go on and a new one is formed. Source: 财政部令第87号 第49条."""

    cause: Literal["supplement_impossible", "outage_over_limit", "composition_unlawful", "seal_broken"]
    reason: Text


class ReportDefect(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Leader: put it to the committee to stop for a defect of the document or a breach of mandatory rules.

    Source: 财政部令第87号 第65条
    """

    cause: Literal["document_defect", "mandatory_rules_breached"]
    reason: Text


class VoteStop(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member: stop the evaluation for the reported cause, or go on. Source: 财政部令第87号 第65条."""

    report_id: Identifier
    agree: bool


class MarkOffline(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """System: a seat has missed its heartbeats. Source: domain ER-21."""

    seat_id: Identifier


class MarkOnline(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """System: a seat that was offline is heard again. Source: domain ER-21."""

    seat_id: Identifier


class SealOutage(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """System: the limit of an outage has passed. Source: domain ER-20."""

    incident_id: Identifier


class DecideOutage(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Procuring entity: what follows an outage that outlasted its limit before the start. Source: domain ER-20."""

    incident_id: Identifier
    decision: Literal["wait", "replace", "rebuild"]
    reason: Text


class VoteTimeShort(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Member: the time for the evaluation is too short, or is not. Source: 招标投标法实施条例 第48条."""

    short: bool


class ExtendTime(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Procuring entity: extend the time, as more than a third asked. Source: 招标投标法实施条例 第48条."""

    minutes: Annotated[int, Meta(ge=1, le=43_200)]
    reason: Text = ""


class RecordPublication(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Procuring entity: the result has been published in this notice. Source: 财政部令第87号 第69条."""

    notice: Annotated[str, Meta(min_length=1, max_length=256, pattern=r"\A[^\x00-\x1f\x7f\ud800-\udfff]+\Z")]


StateCommand = (
    PauseRoom
    | SuspendRoom
    | ResumeRoom
    | RequestBacktrack
    | DecideBacktrack
    | RebuildCommittee
    | ReportDefect
    | VoteStop
    | MarkOffline
    | MarkOnline
    | SealOutage
    | DecideOutage
    | VoteTimeShort
    | ExtendTime
    | RecordPublication
)
