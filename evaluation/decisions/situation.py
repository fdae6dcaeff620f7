"""Situation a command meets, and who may give which command in which stage."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from evaluation import commands as cmd
from evaluation import commands_correction as co
from evaluation import commands_review as rv
from evaluation import commands_states as course
from evaluation import commands_talk as talk
from evaluation.commands import Command
from evaluation.commands_blind import EnterBlindScore
from evaluation.errors import LeaderOnly, NotYourVenue, ReasonMissing, RoleForbidden, WrongStage
from evaluation.events import StageChanged
from evaluation.protocol import Actor
from evaluation.stages import HELD, OPEN, Stage, reasons_against
from evaluation.state import RoomState, SeatStanding, progress_of


class Situation(Struct, frozen=True):
    """State of the room, who acts, the instant, and a public seed for draws; decisions read it and change nothing.

    `digest` runs over all records so far; `sealed` says whether every seal was found equal to the digest at its place.

    Source: engineering choice
    """

    state: RoomState
    actor: Actor
    at: datetime
    seed: str = ""
    digest: str = ""
    sealed: bool = True

    @property
    def seat_id(self) -> str:
        """Seat of the acting member."""
        seat_id = self.actor.seat_id
        self.state.require_seat(seat_id)
        return seat_id or ""

    @property
    def standing(self) -> SeatStanding:
        """Where the acting member stands."""
        return self.state.seats[self.seat_id]


class Permission(Struct, frozen=True):
    """Who may give a command, and when. Source: engineering choice."""

    roles: tuple[str, ...]
    stages: tuple[Stage, ...]
    leader: bool = False


_MEMBER, _HOST, _ENTITY, _SYSTEM = ("member",), ("host_operator",), ("procuring_entity",), ("system",)
_WORK = OPEN[3:-1]
_STOPPABLE = OPEN[3:]
_BEFORE_REVIEW = (Stage.CHECK_IN, Stage.LEADER_ELECTION, Stage.BRIEFING)
_REVIEW = (Stage.PRELIMINARY, Stage.DETAILED)
PERMISSIONS: dict[type[Any], Permission] = {
    cmd.OpenCheckIn: Permission(_HOST, (Stage.COMMITTEE_READY,)),
    cmd.ConfirmIdentity: Permission(("host_operator", "guest_operator"), (Stage.CHECK_IN,)),
    cmd.CheckIn: Permission(_MEMBER, (Stage.CHECK_IN,)),
    cmd.SignPromise: Permission(_MEMBER, (Stage.CHECK_IN,)),
    cmd.ReplaceSeat: Permission(("host_operator", "supervisor"), OPEN[1:]),
    cmd.VoteLeader: Permission(_MEMBER, (Stage.LEADER_ELECTION,)),
    cmd.ConfirmBriefing: Permission(_MEMBER, (Stage.BRIEFING,)),
    cmd.StartPreliminary: Permission(_MEMBER, (Stage.BRIEFING,), leader=True),
    cmd.VoteCheck: Permission(_MEMBER, (Stage.PRELIMINARY,)),
    cmd.ClosePreliminary: Permission(_MEMBER, (Stage.PRELIMINARY,), leader=True),
    cmd.DecideCompetition: Permission(_MEMBER, (Stage.PRELIMINARY, Stage.DETAILED)),
    cmd.EnterScore: Permission(_MEMBER, (Stage.DETAILED,)),
    EnterBlindScore: Permission(_MEMBER, (Stage.DETAILED,)),
    cmd.SubmitSheet: Permission(_MEMBER, (Stage.DETAILED,)),
    cmd.AnswerAlert: Permission(_MEMBER, (Stage.CONSISTENCY_CHECK,)),
    cmd.ConfirmConsistency: Permission(_MEMBER, (Stage.CONSISTENCY_CHECK,)),
    cmd.ResolveTie: Permission(_MEMBER, (Stage.CANDIDATES,), leader=True),
    cmd.ProposeCandidates: Permission(_MEMBER, (Stage.CANDIDATES,), leader=True),
    cmd.SignReport: Permission(_MEMBER, (Stage.REPORT_SIGNING,)),
    cmd.NoteDeemedAgreed: Permission(_MEMBER, (Stage.REPORT_SIGNING,), leader=True),
    cmd.Archive: Permission(_HOST, (Stage.CLOSED, Stage.FAILED, Stage.REBUILD)),
    course.PauseRoom: Permission(("member", "host_operator", "supervisor"), OPEN, leader=True),
    course.SuspendRoom: Permission(("supervisor",), (*OPEN, Stage.PAUSED)),
    course.ResumeRoom: Permission(("member", "host_operator", "supervisor"), HELD, leader=True),
    course.RequestBacktrack: Permission(_MEMBER, _WORK, leader=True),
    course.DecideBacktrack: Permission(("supervisor",), _WORK),
    course.RebuildCommittee: Permission(_ENTITY, (*OPEN, *HELD)),
    course.ReportDefect: Permission(_MEMBER, (*_STOPPABLE, *HELD), leader=True),
    course.VoteStop: Permission(_MEMBER, (*_STOPPABLE, *HELD)),
    course.MarkOffline: Permission(_SYSTEM, (*OPEN, *HELD)),
    course.MarkOnline: Permission(_SYSTEM, (*OPEN, *HELD)),
    course.SealOutage: Permission(_SYSTEM, (*OPEN, *HELD)),
    course.DecideOutage: Permission(_ENTITY, OPEN[:2]),
    course.VoteTimeShort: Permission(_MEMBER, _WORK),
    course.ExtendTime: Permission(_ENTITY, (*OPEN, *HELD)),
    course.RecordPublication: Permission(_ENTITY, (Stage.CLOSED, Stage.ARCHIVED, Stage.FAILED)),
    talk.Say: Permission(_MEMBER, OPEN[2:]),
    talk.RaiseHand: Permission(_MEMBER, OPEN[2:]),
    talk.LowerHand: Permission(_MEMBER, OPEN[2:]),
    talk.Warn: Permission(("supervisor",), OPEN[1:]),
    rv.DecideQualification: Permission(_ENTITY, (*_BEFORE_REVIEW, Stage.PRELIMINARY)),
    rv.DraftClarification: Permission(_MEMBER, _REVIEW),
    rv.SendClarification: Permission(_MEMBER, _REVIEW, leader=True),
    rv.DropClarification: Permission(_MEMBER, _REVIEW, leader=True),
    rv.RelayClarification: Permission(_ENTITY, _REVIEW),
    rv.RecordAnswer: Permission(_ENTITY, _REVIEW),
    rv.LapseClarification: Permission(_MEMBER, _REVIEW, leader=True),
    rv.VoteMotion: Permission(_MEMBER, (*_REVIEW, Stage.CANDIDATES)),
    rv.ProposePriceRepair: Permission(_MEMBER, (Stage.PRELIMINARY,), leader=True),
    rv.SuspectLowPrice: Permission(_MEMBER, (Stage.DETAILED,)),
    co.ProposeCorrection: Permission(_MEMBER, (Stage.CANDIDATES,)),
    co.CallAbnormal: Permission(_MEMBER, (Stage.CANDIDATES,)),
    co.ExplainScore: Permission(_MEMBER, (Stage.CANDIDATES,)),
    co.NoteUnexplained: Permission(_MEMBER, (Stage.CANDIDATES,), leader=True),
    co.OpenReevaluation: Permission(("procuring_entity", "supervisor"), (Stage.CLOSED,)),
}


def require_permission(now: Situation, command: Command) -> None:
    """Refuse a command from the wrong person or at the wrong time.

    Args:
        now: the situation.
        command: the command.

    Raises:
        RoleForbidden: when the role never gives this command.
        UnknownSeat: when a member's seat is not in this room.
        NotYourVenue: when an operator's venue does not have the side the role says.
        WrongStage: when the command is not open now.
        LeaderOnly: when it is kept for the leader.

    Source: engineering choice
    """
    permission = PERMISSIONS[type(command)]
    name = str(command.__struct_config__.tag)
    if now.actor.role not in permission.roles:
        raise RoleForbidden(command=name)
    if now.actor.role == "member":
        now.state.require_seat(now.actor.seat_id)
    if now.actor.role in ("host_operator", "guest_operator"):
        _require_venue(now)
    if now.state.stage not in permission.stages:
        raise WrongStage(command=name)
    if permission.leader and now.actor.role == "member" and now.state.leader != now.actor.seat_id:
        raise LeaderOnly(command=name)


def _require_venue(now: Situation) -> None:
    side = "host" if now.actor.role == "host_operator" else "guest"
    venues = now.state.setup.venues
    if not any(venue.venue_id == now.actor.venue_id and venue.side == side for venue in venues):
        raise NotYourVenue()


def require_text(text: str) -> str:
    """Refuse a blank reason.

    Args:
        text: what the person wrote.

    Returns:
        The text as written.

    Raises:
        ReasonMissing: when there is nothing but white space.

    Source: engineering choice
    """
    if not text.strip():
        raise ReasonMissing()
    return text


def enter_stage(now: Situation, target: Stage) -> StageChanged:
    """Move the room on when the guard lets it.

    Args:
        now: the situation.
        target: the stage to enter.

    Returns:
        The event.

    Raises:
        RoomError: the first reason against it.

    Source: engineering choice
    """
    for reason in reasons_against(now.state.stage, target, progress_of(now.state, now.at)):
        raise reason
    return StageChanged(now.state.stage, target)
