"""The evaluation room: commands in, events out, state as the fold of the events.

`handle` decides and changes nothing; `apply` folds a recorded event; `replay` folds a whole history. Time comes in as
an argument, and nothing random happens here.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from evaluation import commands as cmd
from evaluation import commands_correction as co
from evaluation import commands_review as rv
from evaluation.commands import Command
from evaluation.commands_blind import EnterBlindScore
from evaluation.commands_states import DecideBacktrack
from evaluation.decisions import (
    abnormal,
    blind_scoring,
    clarifying,
    closing,
    correcting,
    entry,
    leadership,
    low_prices,
    qualifying,
    reevaluating,
    repairing,
    review,
    scoring,
    voting,
)
from evaluation.decisions.course import COURSE
from evaluation.decisions.progression import next_events
from evaluation.decisions.situation import Situation, require_permission
from evaluation.errors import RecordOutOfOrder
from evaluation.events import Event, RoomOpened, StageChanged
from evaluation.events_states import RoomHeld
from evaluation.fold import begin, fold
from evaluation.protocol import Actor, RecordedEvent, encode_record
from evaluation.setup import RoomSetup
from evaluation.setup_checks import require_sound
from evaluation.stages import Stage
from evaluation.state import RoomState

_DECISIONS: dict[type[Any], Callable[[Situation, Any], list[Event]]] = {
    cmd.OpenCheckIn: entry.open_check_in,
    cmd.ConfirmIdentity: entry.confirm_identity,
    cmd.CheckIn: entry.check_in,
    cmd.SignPromise: entry.sign_promise,
    cmd.ReplaceSeat: entry.replace_seat,
    cmd.VoteLeader: leadership.vote_leader,
    cmd.ConfirmBriefing: leadership.confirm_briefing,
    cmd.StartPreliminary: leadership.start_preliminary,
    cmd.VoteCheck: review.vote_check,
    cmd.ClosePreliminary: review.close_preliminary,
    cmd.DecideCompetition: review.decide_competition,
    cmd.EnterScore: blind_scoring.enter_named_score,
    EnterBlindScore: blind_scoring.enter_blind_score,
    cmd.SubmitSheet: scoring.submit_sheet,
    cmd.AnswerAlert: scoring.answer_alert,
    cmd.ConfirmConsistency: scoring.confirm_consistency,
    cmd.ResolveTie: closing.resolve_tie,
    cmd.ProposeCandidates: closing.propose_candidates,
    cmd.SignReport: closing.sign_report,
    cmd.NoteDeemedAgreed: closing.note_deemed_agreed,
    cmd.Archive: closing.archive,
    **COURSE,
    rv.DecideQualification: qualifying.decide_qualification,
    rv.DraftClarification: clarifying.draft_clarification,
    rv.SendClarification: clarifying.send_clarification,
    rv.DropClarification: clarifying.drop_clarification,
    rv.RelayClarification: clarifying.relay_clarification,
    rv.RecordAnswer: clarifying.record_answer,
    rv.LapseClarification: clarifying.lapse_clarification,
    rv.VoteMotion: voting.vote_motion,
    rv.ProposePriceRepair: repairing.propose_price_repair,
    rv.SuspectLowPrice: low_prices.suspect_low_price,
    co.ProposeCorrection: correcting.propose_correction,
    co.CallAbnormal: abnormal.call_abnormal,
    co.ExplainScore: abnormal.explain_score,
    co.NoteUnexplained: abnormal.note_unexplained,
    co.OpenReevaluation: reevaluating.open_reevaluation,
}
# Only these can complete what a next stage waits for; entering one score or one vote never moves the room.
_MOVING = (
    cmd.SignPromise,
    cmd.VoteLeader,
    cmd.ClosePreliminary,
    cmd.DecideCompetition,
    cmd.SubmitSheet,
    cmd.ConfirmConsistency,
    cmd.ProposeCandidates,
    cmd.SignReport,
    cmd.NoteDeemedAgreed,
    DecideBacktrack,
    rv.RecordAnswer,
    rv.LapseClarification,
    rv.VoteMotion,
    co.ExplainScore,
    co.NoteUnexplained,
)


def open_room(setup: RoomSetup) -> list[Event]:
    """Open a room for a complete committee.

    Args:
        setup: the description.

    Returns:
        The first events: the room exists, the committee is ready.

    Raises:
        BadSetup: when the description contradicts itself.

    Source: engineering choice
    """
    require_sound(setup)
    return [RoomOpened(setup), StageChanged(Stage.CREATED, Stage.COMMITTEE_READY)]


class Room:
    """One evaluation room in memory.

    Attributes:
        version: sequence of the last record, 0 for an empty room.

    Source: engineering choice
    """

    def __init__(self) -> None:
        self._state: RoomState | None = None
        self._digest = sha256(b"").digest()
        self._sealed = True
        self.version = 0

    @classmethod
    def replay(cls, records: Iterable[RecordedEvent]) -> "Room":
        """Fold a history from its beginning.

        Args:
            records: all records of one room in order of sequence.

        Returns:
            The room after the last record.

        Raises:
            RecordOutOfOrder: when a record is missing or doubled.
        """
        room = cls()
        for record in records:
            room.apply(record)
        return room

    @classmethod
    def restore(cls, state: RoomState, version: int, digest: str) -> "Room":
        """Put a room back where a snapshot was taken of it.

        Args:
            state: the state after the record `version`.
            version: sequence of the last record folded into it.
            digest: the running digest there, in hex.

        Returns:
            A room that goes on with the next record.
        """
        room = cls()
        room._state, room.version, room._digest = state, version, bytes.fromhex(digest)
        return room

    @property
    def state(self) -> RoomState:
        """State after the last record; readers do not change it."""
        if self._state is None:
            raise RecordOutOfOrder(expected=1, found="none")
        return self._state

    @property
    def stage(self) -> Stage:
        """Stage after the last record."""
        return self.state.stage

    @property
    def digest(self) -> str:
        """SHA-256 over all records so far, in hex: each record is hashed together with the digest before it."""
        return self._digest.hex()

    def handle(self, command: Command, actor: Actor, at: datetime, seed: str = "") -> list[Event]:
        """Decide a command; the room stays as it is.

        Args:
            command: the command.
            actor: who gives it; the caller has established role, seat and venue.
            at: the instant, with zone.
            seed: public seed for a draw among tied bids; the caller brings a fresh one, the record keeps it.

        Returns:
            The events to record, at least one, in order.

        Raises:
            EvaluationError: when the room refuses; nothing is recorded then.
        """
        situation = Situation(self.state, actor, at, seed, self.digest, self._sealed)
        require_permission(situation, command)
        events = _DECISIONS[type(command)](situation, command)
        if isinstance(command, _MOVING):
            events = [*events, *_follow(self.state.copy(), events, at)]
        return events

    @property
    def sealed(self) -> bool:
        """Whether every seal so far was found equal to the digest at its place."""
        return self._sealed

    def number(self, events: Iterable[Event], command_id: str, actor: Actor, at: datetime) -> list[RecordedEvent]:
        """Put events into their place behind the last record; nothing is applied yet.

        Args:
            events: what `handle` or `open_room` returned.
            command_id: the client's id of the command.
            actor: who gave it.
            at: the instant, with zone; it is stored in UTC.

        Returns:
            The records.
        """
        instant = at.astimezone(UTC)
        return [
            RecordedEvent(seq, instant, actor, command_id, event)
            for seq, event in enumerate(events, start=self.version + 1)
        ]

    def apply(self, record: RecordedEvent) -> bytes:
        """Fold one record.

        Args:
            record: the record behind the last one.

        Returns:
            The bytes of the record, over which the digest runs.

        Raises:
            RecordOutOfOrder: when it is not; the room stays as it is.
        """
        if record.seq != self.version + 1:
            raise RecordOutOfOrder(expected=self.version + 1, found=record.seq)
        if self._state is None:
            self._state = begin(record.event, record.at)
        else:
            fold(self._state, record.event, record.at)
        if isinstance(record.event, RoomHeld) and record.event.seal:
            self._sealed &= record.event.seal == self.digest
        encoded = encode_record(record)
        self._digest = sha256(self._digest + encoded).digest()
        self.version = record.seq
        return encoded


def _follow(trial: RoomState, events: list[Event], at: datetime) -> list[Event]:
    """Fold the events into a copy and collect what the room does by itself until it waits for a person."""
    followed: list[Event] = []
    step = events
    while step:
        for event in step:
            fold(trial, event, at)
        step = next_events(trial, at)
        followed += step
    return followed
