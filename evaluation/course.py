"""What the course of an evaluation adds to the state of a room: holds, outages, requests, ends, archived versions."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from evaluation.events_states import (
    BacktrackRequested,
    DefectReported,
    ResultPublished,
    RoomHeld,
    RoomStopped,
    RoomToBeRebuilt,
    TimeExtended,
)
from evaluation.events_talk import MessageSaid, WarningGiven
from evaluation.stages import Stage


class Incident(Struct, frozen=True):
    """One outage of one seat; it is over when the seat is heard again or its member is replaced.

    Source: domain ER-20, ER-21
    """

    incident_id: str
    seat_id: str
    phase: Literal["before_start", "during"]
    since: datetime
    due_at: datetime
    expired: bool = False
    decision: str = ""
    reason: str = ""
    ended_at: datetime | None = None
    replaced: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the seat is still offline."""
        return self.ended_at is None and not self.replaced


class Turn(Struct, frozen=True):
    """A turn of the course for the report: what happened, when, where the room stood, and why.

    Source: 财政部令第87号 第58条
    """

    kind: Literal["paused", "suspended", "resumed", "backtracked", "replaced", "extended"]
    stage: Stage
    at: datetime
    reason: str = ""


class Course(Struct, frozen=True):
    """Everything beside the evaluation itself; a backtrack leaves it as it is.

    Attributes:
        hold: the hold the room is in.
        backtrack: request the supervisor has not decided.
        requests: number of such requests so far.
        incidents: outages in the order of their beginning.
        defect: report the committee has not decided.
        defects: number of such reports so far.
        stop_votes: who voted to stop, by seat.
        time_votes: who finds the time short, by seat, since the last extension.
        extension_due: whether the time must be extended.
        extensions: extensions so far.
        turns: turns of the course for the report.
        rebuild: why this committee ended without result.
        stop: why the committee stopped the evaluation.
        published: the notice of the result.

    Source: engineering choice
    """

    hold: RoomHeld | None = None
    backtrack: BacktrackRequested | None = None
    requests: int = 0
    incidents: tuple[Incident, ...] = ()
    defect: DefectReported | None = None
    defects: int = 0
    stop_votes: dict[str, bool] = {}
    time_votes: dict[str, bool] = {}
    extension_due: bool = False
    extensions: tuple[TimeExtended, ...] = ()
    turns: tuple[Turn, ...] = ()
    rebuild: RoomToBeRebuilt | None = None
    stop: RoomStopped | None = None
    published: ResultPublished | None = None

    def offline(self) -> frozenset[str]:
        """Return the seats that are offline."""
        return frozenset(item.seat_id for item in self.incidents if item.is_open)

    def incident(self, incident_id: str) -> Incident | None:
        """Return an outage by its identifier."""
        return next((item for item in self.incidents if item.incident_id == incident_id), None)


class Talk(Struct, frozen=True):
    """What was said, which hands are raised in which order, and the supervisor's warnings. Source: domain ER-12."""

    messages: tuple[MessageSaid, ...] = ()
    hands: tuple[str, ...] = ()
    warnings: tuple[WarningGiven, ...] = ()
