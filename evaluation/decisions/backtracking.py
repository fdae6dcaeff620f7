"""Going back to an earlier stage with the supervisor's approval; old forms become an archived version."""

from datetime import UTC

from evaluation.commands_states import DecideBacktrack, RequestBacktrack
from evaluation.decisions.situation import Situation, require_text
from evaluation.events import Event, StageChanged
from evaluation.events_states import BacktrackDecided, BacktrackRequested, RoomBacktracked
from evaluation.refusals_states import BacktrackForward, BacktrackPending, UnknownRequest
from evaluation.stages import OPEN, Stage
from evaluation.state import RoomState

# The room enters the consistency check by itself, with fresh alerts, once all sheets are in.
_LANDS = {Stage.CONSISTENCY_CHECK: Stage.PERSONAL_SUBMITTED}


def _is_earlier(state: RoomState, target: Stage) -> bool:
    return target in state.marks and OPEN.index(target) < OPEN.index(state.stage)


def request_backtrack(now: Situation, command: RequestBacktrack) -> list[Event]:
    """Ask the supervisor to put the room back.

    Args:
        now: the situation, before report signing.
        command: target and reason.

    Returns:
        The request.

    Raises:
        BacktrackPending: while a request is open.
        BacktrackForward: for a stage that is not before the present one.
        ReasonMissing: without a reason.

    Source: domain 4 (backtracked)
    """
    if now.state.course.backtrack:
        raise BacktrackPending()
    target = Stage(command.target)
    if not _is_earlier(now.state, target):
        raise BacktrackForward()
    number = now.state.course.requests + 1
    return [BacktrackRequested(f"B{number}", target, require_text(command.reason))]


def decide_backtrack(now: Situation, command: DecideBacktrack) -> list[Event]:
    """Approve or refuse; on approval the room stands as it entered the target, and the old forms are archived.

    Args:
        now: the situation; the room may have moved since the request.
        command: the request and the decision; a refusal needs its reason.

    Returns:
        The decision, on approval followed by the way back.

    Raises:
        UnknownRequest: for a request that is not open.
        BacktrackForward: when the room is not behind the target any more.
        ReasonMissing: for a refusal without reason.

    Source: domain 4 (backtracked)
    """
    state, asked = now.state, now.state.course.backtrack
    if asked is None or asked.request_id != command.request_id:
        raise UnknownRequest()
    decided = BacktrackDecided(asked.request_id, command.approve, command.reason)
    if not command.approve:
        require_text(command.reason)
        return [decided]
    if not _is_earlier(state, asked.target):
        raise BacktrackForward()
    target = _LANDS.get(asked.target, asked.target)
    version, at = len(state.archives) + 1, now.at.astimezone(UTC)
    return [
        decided,
        StageChanged(state.stage, Stage.BACKTRACKED),
        RoomBacktracked(version, state.stage, target, asked.reason, at),
        StageChanged(Stage.BACKTRACKED, target),
    ]
