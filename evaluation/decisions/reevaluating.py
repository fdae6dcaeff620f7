"""Re-evaluation after signing, by the same committee."""

from evaluation.commands_correction import OpenReevaluation
from evaluation.decisions.situation import Situation, require_text
from evaluation.events import Event, StageChanged
from evaluation.events_correction import ReevaluationConcluded, ReevaluationOpened
from evaluation.findings import Candidate
from evaluation.signed_report import report_digest
from evaluation.stages import Stage
from evaluation.state import RoomState


def open_reevaluation(now: Situation, command: OpenReevaluation) -> list[Event]:
    """Bring the committee back to the candidates; what was signed stays on record with its digest.

    Args:
        now: the situation.
        command: which of the four errors was found.

    Returns:
        The opening and the change of stage.

    Raises:
        ReasonMissing: without a reason.

    Source: 财政部令第87号 第64条
    """
    state = now.state
    former = state.proposal.candidates if state.proposal else ()
    opened = ReevaluationOpened(
        number=len(state.corrections.reevaluations) + 1,
        by=now.actor.role,
        reason=require_text(command.reason),
        former=former,
        former_digest=report_digest(state),
    )
    return [opened, StageChanged(state.stage, Stage.CANDIDATES)]


def conclude_reevaluation(state: RoomState, chosen: tuple[Candidate, ...]) -> list[Event]:
    """Say whether a running re-evaluation changed the result.

    Args:
        state: state of the room before the proposal.
        chosen: the candidates proposed now.

    Returns:
        The conclusion, which is to be reported when it changed; nothing outside a re-evaluation.

    Source: 财政部令第87号 第64条
    """
    past = state.corrections.reevaluations
    if not past or past[-1].changed is not None:
        return []
    return [ReevaluationConcluded(past[-1].number, chosen != past[-1].former)]
