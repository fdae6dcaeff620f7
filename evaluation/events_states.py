"""Events of the course of an evaluation: holds, backtracks, ends before the report, outages, time."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from evaluation.command_types import snake_case
from evaluation.stages import Stage

RebuildCause = Literal["supplement_impossible", "outage_over_limit", "composition_unlawful", "seal_broken"]
StopCause = Literal["document_defect", "mandatory_rules_breached"]


class RoomHeld(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Everything is locked; `source` is where the room stood, `seal` the digest over all records before this one.

    Source: domain ER-19
    """

    kind: Literal["paused", "suspended"]
    source: Stage
    by: Literal["leader", "host_operator", "supervisor", "system"]
    reason: str
    seal: str
    at: datetime


class RoomResumed(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The seal was found whole and the room goes on. Source: domain ER-19."""

    by: Literal["leader", "host_operator", "supervisor"]
    seal: str
    at: datetime


class BacktrackRequested(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The leader asked to go back. Source: domain 4 (backtracked)."""

    request_id: str
    target: Stage
    reason: str


class BacktrackDecided(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The supervisor approved or refused the request. Source: domain 4 (backtracked)."""

    request_id: str
    approved: bool
    reason: str


class RoomBacktracked(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """Forms from the target on became an archived version; the room stands as it entered the target.

    Source: domain 4 (backtracked)
    """

    version: int
    source: Stage
    target: Stage
    reason: str
    at: datetime


class RoomToBeRebuilt(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """This committee ends without result; a new one is formed. Source: 财政部令第87号 第49条."""

    cause: RebuildCause
    source: Stage
    reason: str


class DefectReported(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The committee is asked whether to stop; the reporting leader has voted for it. Source: 财政部令第87号 第65条."""

    report_id: str
    seat_id: str
    cause: StopCause
    reason: str


class StopVoted(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A member voted on stopping. Source: 财政部令第87号 第65条."""

    report_id: str
    seat_id: str
    agree: bool


class StopDismissed(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """More than half can no longer agree; the evaluation goes on. Source: 财政部令第87号 第65条."""

    report_id: str
    votes: int
    seats: int


class RoomStopped(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """More than half of all seats stopped the evaluation. Source: 财政部令第87号 第65条; 政府采购法实施条例 第41条."""

    cause: StopCause
    reason: str
    votes: int
    seats: int


class SeatWentOffline(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The clock of an outage starts; at `due_at` its limit has passed. Source: domain ER-20, ER-21."""

    incident_id: str
    seat_id: str
    tenure_id: str
    phase: Literal["before_start", "during"]
    since: datetime
    due_at: datetime


class SeatCameBack(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The seat is heard again and its clock stops. Source: domain ER-21."""

    incident_id: str
    seat_id: str
    at: datetime


class OutageExpired(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The limit of an outage has passed. Source: domain ER-20."""

    incident_id: str
    seat_id: str
    phase: Literal["before_start", "during"]
    at: datetime


class OutageDecided(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The procuring entity decided; a wait has a new end of its limit. Source: domain ER-20."""

    incident_id: str
    decision: Literal["wait", "replace", "rebuild"]
    reason: str
    due_at: datetime | None


class TimeVoted(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """A member said whether the time is too short. Source: 招标投标法实施条例 第48条."""

    seat_id: str
    short: bool


class ExtensionDue(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """More than the share of the rules found the time short: it must be extended. Source: 招标投标法实施条例 第48条."""

    votes: int
    seats: int


class TimeExtended(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The procuring entity extended the time. Source: 招标投标法实施条例 第48条."""

    minutes: int
    reason: str
    at: datetime


class ResultPublished(Struct, frozen=True, forbid_unknown_fields=True, tag=snake_case):
    """The result has been published. Source: 财政部令第87号 第69条."""

    notice: str
    at: datetime


StateEvent = (
    RoomHeld
    | RoomResumed
    | BacktrackRequested
    | BacktrackDecided
    | RoomBacktracked
    | RoomToBeRebuilt
    | DefectReported
    | StopVoted
    | StopDismissed
    | RoomStopped
    | SeatWentOffline
    | SeatCameBack
    | OutageExpired
    | OutageDecided
    | TimeVoted
    | ExtensionDue
    | TimeExtended
    | ResultPublished
)
