"""Ends before the report: a committee to be rebuilt, a stop for a defect; and the publication after it."""

from datetime import UTC

from evaluation.commands_states import RebuildCommittee, RecordPublication, ReportDefect, VoteStop
from evaluation.decisions.review import is_majority
from evaluation.decisions.situation import Situation, require_text
from evaluation.decisions.talking import require_no_score
from evaluation.errors import AlreadyDone
from evaluation.events import Event, StageChanged
from evaluation.events_states import (
    DefectReported,
    ResultPublished,
    RoomStopped,
    RoomToBeRebuilt,
    StopDismissed,
    StopVoted,
)
from evaluation.refusals_states import CauseNotGiven, DefectPending, StopForbidden, UnknownRequest
from evaluation.stages import OPEN, Stage


def rebuild_committee(now: Situation, command: RebuildCommittee) -> list[Event]:
    """End this committee without result because a new one must be formed; all its opinions are void and kept.

    Args:
        now: the situation.
        command: cause and reason.

    Returns:
        The end and the change of stage.

    Raises:
        CauseNotGiven: for an outage within its limit, or a seal that is whole.
        ReasonMissing: without a reason.

    Source: 财政部令第87号 第49条; 招标投标法实施条例 第48条; domain ER-20
    """
    course = now.state.course
    sealed = course.hold is not None and course.hold.by == "system"
    expired = sealed or any(item.expired and item.is_open for item in course.incidents)
    if (command.cause == "outage_over_limit" and not expired) or (command.cause == "seal_broken" and now.sealed):
        raise CauseNotGiven()
    ended = RoomToBeRebuilt(command.cause, now.state.work_stage, require_text(command.reason))
    return [ended, StageChanged(now.state.stage, Stage.REBUILD)]


def report_defect(now: Situation, command: ReportDefect) -> list[Event]:
    """Put it to the committee to stop: the document cannot be evaluated by, or breaks mandatory rules.

    Args:
        now: the situation, running or held, from the briefing on.
        command: cause and reason.

    Returns:
        The report; it counts as the leader's vote.

    Raises:
        StopForbidden: where the rules do not know it, or before the briefing.
        DefectPending: while a report is voted on.
        ReasonMissing: without a reason.
        ScoreBearing: for a reason that names a bid and a number too early.

    Source: 财政部令第87号 第65条; 政府采购法实施条例 第41条; domain ER-24
    """
    _require_stoppable(now)
    course = now.state.course
    if course.defect:
        raise DefectPending()
    require_no_score(now, require_text(command.reason))
    return [DefectReported(f"D{course.defects + 1}", now.seat_id, command.cause, command.reason)]


def _require_stoppable(now: Situation) -> None:
    if not now.state.setup.rules.room_stop_on_defect or now.state.work_stage not in OPEN[3:]:
        raise StopForbidden()


def vote_stop(now: Situation, command: VoteStop) -> list[Event]:
    """Vote on a report; more than half of all seats stop the evaluation.

    Args:
        now: the situation.
        command: the report and the vote.

    Returns:
        The vote, followed by the stop or by the dismissal once either is certain.

    Raises:
        StopForbidden: before the briefing.
        UnknownRequest: for a report that is not open.
        AlreadyDone: on a second vote.

    Source: 财政部令第87号 第61条, 第65条; domain ER-24
    """
    _require_stoppable(now)
    course, seats = now.state.course, len(now.state.seats)
    if course.defect is None or course.defect.report_id != command.report_id:
        raise UnknownRequest()
    if now.seat_id in course.stop_votes:
        raise AlreadyDone()
    vote = StopVoted(command.report_id, now.seat_id, command.agree)
    agreed = sum(course.stop_votes.values()) + command.agree
    if is_majority(agreed, seats):
        stopped = RoomStopped(course.defect.cause, course.defect.reason, agreed, seats)
        return [vote, stopped, StageChanged(now.state.stage, Stage.FAILED)]
    waiting = seats - len(course.stop_votes) - 1
    if not is_majority(agreed + waiting, seats):
        return [vote, StopDismissed(command.report_id, agreed, seats)]
    return [vote]


def record_publication(now: Situation, command: RecordPublication) -> list[Event]:
    """Record in which notice the result was published.

    Args:
        now: the situation.
        command: the notice.

    Returns:
        The publication.

    Raises:
        AlreadyDone: on a second one.

    Source: 财政部令第87号 第69条
    """
    if now.state.course.published or now.state.course.rebuild:
        raise AlreadyDone()
    return [ResultPublished(command.notice, now.at.astimezone(UTC))]
