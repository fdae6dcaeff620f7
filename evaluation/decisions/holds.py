"""Pause, suspension and resumption: everything is locked and sealed in between."""

from datetime import UTC
from typing import Any, Literal, cast

from evaluation.commands_states import PauseRoom, ResumeRoom, SuspendRoom
from evaluation.decisions.situation import Situation, require_text
from evaluation.decisions.talking import require_no_score
from evaluation.events import Event, StageChanged
from evaluation.events_states import RoomHeld, RoomResumed
from evaluation.refusals_states import HoldNotYours, OutageOverLimit, SealBroken, SealMismatch
from evaluation.stages import Stage

_BY: dict[str, Any] = {"member": "leader"}


def seal_of(now: Situation) -> str:
    """Return the seal of a hold that begins now: the digest over all records so far.

    Args:
        now: the situation.

    Returns:
        SHA-256 in hex, empty where the rules do not seal.

    Source: domain ER-19
    """
    return now.digest if now.state.setup.rules.room_seal_on_pause else ""


def hold(now: Situation, kind: Literal["paused", "suspended"], reason: str) -> list[Event]:
    """Lock and seal the room where it stands.

    Args:
        now: the situation; a paused room may be suspended and keeps the stage it was paused in.
        kind: which hold.
        reason: why.

    Returns:
        The hold and the change of stage.

    Source: domain ER-19
    """
    by = _BY.get(now.actor.role, now.actor.role)
    held = RoomHeld(kind, now.state.work_stage, by, reason, seal_of(now), now.at.astimezone(UTC))
    return [held, StageChanged(now.state.stage, Stage(kind))]


def pause_room(now: Situation, command: PauseRoom) -> list[Event]:
    """Pause the room.

    Args:
        now: the situation.
        command: the reason; the committee reads it, so a leader's must not carry scores.

    Returns:
        The hold.

    Raises:
        ReasonMissing: without a reason.
        ScoreBearing: for a leader's reason that names a bid and a number too early.

    Source: domain ER-19
    """
    if now.actor.role == "member":
        require_no_score(now, command.reason)
    return hold(now, "paused", require_text(command.reason))


def suspend_room(now: Situation, command: SuspendRoom) -> list[Event]:
    """Suspend the room, running or paused.

    Args:
        now: the situation.
        command: the reason.

    Returns:
        The hold.

    Raises:
        ReasonMissing: without a reason.

    Source: domain ER-19
    """
    return hold(now, "suspended", require_text(command.reason))


def resume_room(now: Situation, command: ResumeRoom) -> list[Event]:
    """Go on where the room was held, if the records still give the digest they were sealed with.

    Args:
        now: the situation; `sealed` must come from a fold over the stored records.
        command: names the seal of the present hold, so that an old command never ends a newer hold.

    Returns:
        The resumption and the change of stage.

    Raises:
        HoldNotYours: for a suspension, unless the supervisor asks.
        OutageOverLimit: when an outage beyond its limit sealed the room.
        SealMismatch: for another seal.
        SealBroken: when the records do not give their digest.

    Source: domain ER-19, ER-20
    """
    held = cast(RoomHeld, now.state.course.hold)
    if held.kind == "suspended" and now.actor.role != "supervisor":
        raise HoldNotYours()
    if held.by == "system":
        raise OutageOverLimit()
    if command.seal != held.seal:
        raise SealMismatch()
    if not now.sealed:
        raise SealBroken()
    by = _BY.get(now.actor.role, now.actor.role)
    return [RoomResumed(by, held.seal, now.at.astimezone(UTC)), StageChanged(now.state.stage, held.source)]
