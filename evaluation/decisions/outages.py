"""Clocks of outages. Presence changes neither tallies nor quorums; only a limit that has passed has consequences."""

from datetime import UTC, timedelta
from typing import Literal

from evaluation.commands_states import DecideOutage, MarkOffline, MarkOnline, SealOutage
from evaluation.course import Incident
from evaluation.decisions.holds import hold
from evaluation.decisions.situation import Situation, require_text
from evaluation.events import Event, StageChanged
from evaluation.events_states import OutageDecided, OutageExpired, RoomToBeRebuilt, SeatCameBack, SeatWentOffline
from evaluation.refusals_states import LimitNotReached, OutageNotExpired, SeatOffline, SeatOnline
from evaluation.setup import RoomRules
from evaluation.stages import OPEN, Stage

Phase = Literal["before_start", "during"]


def outage_limit(phase: Phase, rules: RoomRules) -> timedelta:
    """Return how long an outage may last.

    Args:
        phase: before the start, that is until check-in is complete, or during the evaluation.
        rules: hold both limits in minutes.

    Returns:
        The limit.

    Source: domain ER-20
    """
    return timedelta(minutes=rules.outage_prestart if phase == "before_start" else rules.outage_resume)


def mark_offline(now: Situation, command: MarkOffline) -> list[Event]:
    """Start the clock of an outage.

    Args:
        now: the situation.
        command: the seat that has missed its heartbeats.

    Returns:
        The outage with the end of its limit.

    Raises:
        UnknownSeat: when the room has no such seat.
        SeatOffline: when its clock runs already.

    Source: domain ER-20, ER-21
    """
    state = now.state
    seat = state.seat(command.seat_id)
    if seat.seat_id in state.course.offline():
        raise SeatOffline()
    # A room that went back to check-in for a replacement has started before.
    started = state.work_stage not in OPEN[:2] or Stage.LEADER_ELECTION in state.marks
    phase: Phase = "during" if started else "before_start"
    since = now.at.astimezone(UTC)
    due = since + outage_limit(phase, state.setup.rules)
    number = len(state.course.incidents) + 1
    return [SeatWentOffline(f"O{number}", seat.seat_id, state.seats[seat.seat_id].tenure_id, phase, since, due)]


def mark_online(now: Situation, command: MarkOnline) -> list[Event]:
    """Stop the clock of an outage.

    Args:
        now: the situation.
        command: the seat that is heard again.

    Returns:
        The end of the outage.

    Raises:
        SeatOnline: when the seat is not offline.

    Source: domain ER-21
    """
    found = [item for item in now.state.course.incidents if item.is_open and item.seat_id == command.seat_id]
    if not found:
        raise SeatOnline()
    return [SeatCameBack(found[0].incident_id, command.seat_id, now.at.astimezone(UTC))]


def seal_outage(now: Situation, command: SealOutage) -> list[Event]:
    """Draw the consequence of a limit that has passed.

    Args:
        now: the situation.
        command: the outage.

    Returns:
        Before the start the outage waits for the procuring entity's decision; during the evaluation the room is sealed
        for a new committee. A member who has signed is not waited for: nothing but the expiry is recorded.

    Raises:
        SeatOnline: when the outage is over or its limit has been dealt with.
        LimitNotReached: within the limit.

    Source: domain ER-20
    """
    found = now.state.course.incident(command.incident_id)
    if found is None or not found.is_open or found.expired:
        raise SeatOnline()
    if now.at < found.due_at:
        raise LimitNotReached(due_at=found.due_at.isoformat())
    expired = OutageExpired(found.incident_id, found.seat_id, found.phase, now.at.astimezone(UTC))
    is_waited_for = now.state.seats[found.seat_id].end is None
    if found.phase == "before_start" or not is_waited_for or now.state.stage is Stage.SUSPENDED:
        return [expired]
    # The hold comes first: its seal is the digest over everything before it.
    held, moved = hold(now, "suspended", found.incident_id)
    return [held, expired, moved]


def decide_outage(now: Situation, command: DecideOutage) -> list[Event]:
    """Decide what follows an outage that outlasted its limit before the start.

    Args:
        now: the situation.
        command: wait as long again, have the member replaced, or form a new committee; with the reason.

    Returns:
        The decision; a new committee ends this room.

    Raises:
        OutageNotExpired: for an outage that waits for no decision.
        ReasonMissing: without a reason.

    Source: domain ER-20
    """
    found = now.state.course.incident(command.incident_id)
    if found is None or not _is_undecided(found):
        raise OutageNotExpired()
    reason = require_text(command.reason)
    waits = command.decision == "wait"
    due = now.at.astimezone(UTC) + outage_limit(found.phase, now.state.setup.rules) if waits else None
    decided: list[Event] = [OutageDecided(found.incident_id, command.decision, reason, due)]
    if command.decision != "rebuild":
        return decided
    ended = RoomToBeRebuilt("outage_over_limit", now.state.work_stage, reason)
    return [*decided, ended, StageChanged(now.state.stage, Stage.REBUILD)]


def _is_undecided(found: Incident) -> bool:
    return found.is_open and found.expired and found.phase == "before_start" and found.decision in ("", "wait")
