"""The worker that sends invitations, repeats them, and ends those that nobody answers.

Any number of workers may run, in server processes and as `expert-hub worker`: an invitation belongs to the one that
leased its row, for as long as an attempt can take. Nothing that must not be lost is held in memory: after a crash the
lease ends and another worker repeats the attempt with the same message id and number.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import msgspec
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import store
from expert_hub.draws.calling.delivery import Try, offer
from expert_hub.draws.calling.invitation_rules import (
    OPEN,
    InvitationState,
    Parcel,
    deadline,
    invitation_text,
    is_lost,
    note_failure,
    note_sent,
    outcome_without_answer,
    repeat,
)
from expert_hub.draws.calling.inviting import place_of, subject_of
from expert_hub.draws.calling.notifier import Message, Notifier, Result
from expert_hub.draws.calling.outcomes import Concern, conclude, lock_concern
from expert_hub.draws.tables import Invitation, InvitationAttempt
from expert_hub.foundation.chance import Chance, new_id
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.db import Database, is_busy
from expert_hub.foundation.rule_packs import RulePack
from expert_hub.foundation.vault import Vault
from expert_hub.ledger.service import NewEntry, append

log = structlog.get_logger("expert_hub.worker")

AT_ONCE: Final = 16
"""Errands that one worker runs at the same time: so many stuck calls leave it idle at most for one time-out."""

_WRITERS: Final = 4
"""Connections that one worker writes over at the same time: most of the pool stays with the requests."""

_LEASE_MARGIN: Final = timedelta(seconds=5)
_RECORD_TRIES, _RECORD_PAUSE_S = 20, 0.2
_FAREWELL_S: Final = 3.0


class WorkerTools(msgspec.Struct, frozen=True):
    """What a worker works with; `public_url` is where links lead, `timeout_s` limits one channel once."""

    clock: Clock
    chance: Chance
    vault: Vault
    packs: Mapping[str, RulePack]
    public_url: str | None = None
    timeout_s: float = 10
    poll_s: float = 1


class _Errand(msgspec.Struct, frozen=True):
    invitation_id: str
    round: int
    is_overdue: bool
    parcel_sealed: bytes | None
    refused: frozenset[str]


class InvitationWorker:
    """Takes up what is due, a bounded number at a time, until it is stopped."""

    def __init__(self, database: Database, tools: WorkerTools, channels: Sequence[Notifier]) -> None:
        self._database, self._tools, self._channels = database, tools, channels
        self._id = new_id(tools.chance)
        self._awake = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._writing = asyncio.Semaphore(_WRITERS)

    async def nudge(self) -> None:
        """Look at once: something was queued in this process."""
        self._awake.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work in the background as long as the block lasts; then let what runs come to its end, for a moment."""
        loop = asyncio.create_task(self._run())
        try:
            yield
        finally:
            loop.cancel()
            await asyncio.wait([loop])
            if self._running:
                await asyncio.wait(self._running, timeout=_FAREWELL_S)
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)
            for channel in self._channels:
                await channel.close()

    async def work_off(self) -> int:
        """Do what is due now and what follows from it, and come back. Returns the number of errands."""
        done = 0
        while errands := await self._take_up(AT_ONCE):
            await asyncio.gather(*(self._do(errand) for errand in errands))
            done += len(errands)
        return done

    async def _run(self) -> None:
        while True:
            self._awake.clear()
            free = AT_ONCE - len(self._running)
            try:
                errands = await self._take_up(free) if free else []
            except Exception as error:
                # Whatever it is, it must not end the worker: the rows are still there.
                self._note(error)
                errands = []
            for errand in errands:
                task = asyncio.create_task(self._do(errand))
                self._running.add(task)
                task.add_done_callback(self._finished)
            try:
                async with asyncio.timeout(self._tools.poll_s):
                    await self._awake.wait()
            except TimeoutError:
                continue

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._awake.set()

    async def _take_up(self, limit: int) -> list[_Errand]:
        now = self._tools.clock.now()
        # Looking costs no lock: idle workers keep nobody from writing.
        async with self._database.read() as session:
            if not await store.is_anything_due(session, now):
                return []
        lease = timedelta(seconds=self._tools.timeout_s) * len(self._channels) + _LEASE_MARGIN
        errands = []
        async with self._database.write() as session:
            for row in await store.claim_due(session, now, limit):
                is_overdue = now >= deadline(row)
                if row.state == InvitationState.SENT and not is_overdue:
                    repeat(row, now)
                row.leased_by, row.leased_until = self._id, now + lease
                refused = await store.refused_channels(session, row.id)
                errands.append(_Errand(row.id, row.rounds, is_overdue, row.parcel_sealed, refused))
        return errands

    async def _do(self, errand: _Errand) -> None:
        try:
            if errand.is_overdue:
                await self._end(errand)
            else:
                await self._send(errand)
        except Exception as error:
            self._note(error, errand.invitation_id)

    async def _end(self, errand: _Errand) -> None:
        async with self._writing, self._database.write() as session:
            concern = await lock_concern(session, invitation_id=errand.invitation_id)
            if concern is None or not self._holds(concern.invitation, errand):
                return
            if self._tools.clock.now() >= deadline(concern.invitation):
                await conclude(session, self._tools, concern, outcome_without_answer(concern.invitation))

    async def _send(self, errand: _Errand) -> None:
        tools = self._tools
        if errand.parcel_sealed is None:
            return
        parcel = msgspec.json.decode(tools.vault.open(errand.parcel_sealed), type=Parcel)
        text = invitation_text(parcel, tools.public_url)
        message = Message(errand.invitation_id, errand.round, parcel.mobile, text, parcel.mode)
        tries = await offer(self._channels, message, errand.refused, tools.clock, tools.timeout_s)
        await self._record_surely(errand, tries)

    async def _record_surely(self, errand: _Errand, tries: list[Try]) -> None:
        # The message is out, and not to note it would send it again: a busy database is asked until the lease ends.
        for _ in range(_RECORD_TRIES):
            try:
                await self._record(errand, tries)
            except Exception as error:
                if not is_busy(error):
                    raise
                await asyncio.sleep(_RECORD_PAUSE_S)
            else:
                return
        log.error("not noted", invitation=errand.invitation_id)

    async def _record(self, errand: _Errand, tries: list[Try]) -> None:
        async with self._writing, self._database.write() as session:
            concern = await lock_concern(session, invitation_id=errand.invitation_id)
            if concern is None:
                return
            known = await store.attempts_of(session, errand.invitation_id)
            if any(self._is_same(row, each) for row in known for each in tries):
                # The connection broke while this was committed: it is noted.
                return
            attempts = self._attempts(errand, tries, len(known))
            session.add_all(attempts)
            for each in attempts:
                body = {**place_of(concern.position), "attempt": each.number, "result": each.result}
                await append(
                    session,
                    self._tools.clock,
                    NewEntry("draws/attempted", subject_of(concern.draw, concern.position), body),
                )
            if self._holds(concern.invitation, errand):
                await self._note_tries(session, concern, errand, tries)

    async def _note_tries(self, session: AsyncSession, concern: Concern, errand: _Errand, tries: list[Try]) -> None:
        row, now = concern.invitation, self._tools.clock.now()
        row.leased_by = row.leased_until = None
        if tries and tries[-1].receipt.result is Result.ACCEPTED:
            reports = {channel.name: channel.reports for channel in self._channels}
            note_sent(row, now, reports=reports[tries[-1].channel])
            if not any(reports.values()):
                # Nobody will report that it must be sent again.
                row.parcel_sealed = None
            return
        refused = {each.channel for each in tries if each.receipt.result is Result.REFUSED} | errand.refused
        if is_lost([channel.name for channel in self._channels], refused):
            await conclude(session, self._tools, concern, InvitationState.UNREACHABLE)
            return
        note_failure(row, now, max((each.receipt.retry_after_s for each in tries), default=0))

    def _is_same(self, row: InvitationAttempt, each: Try) -> bool:
        return (row.worker, row.channel, row.started_at) == (self._id, each.channel, each.started_at)

    def _attempts(self, errand: _Errand, tries: list[Try], known: int) -> list[InvitationAttempt]:
        return [
            InvitationAttempt(
                invitation_id=errand.invitation_id,
                number=known + count,
                round=errand.round,
                channel=each.channel,
                worker=self._id,
                started_at=each.started_at,
                ended_at=each.ended_at,
                result=each.receipt.result,
                reason=each.receipt.reason,
            )
            for count, each in enumerate(tries, start=1)
        ]

    def _holds(self, row: Invitation, errand: _Errand) -> bool:
        return row.leased_by == self._id and row.rounds == errand.round and row.state in OPEN

    def _note(self, error: Exception, invitation_id: str = "") -> None:
        # Kind and place only: the text of an error may hold what must not be in a log.
        if is_busy(error):
            log.warning("database busy", error=type(error).__name__)
        else:
            log.error("defect", invitation=invitation_id, error=type(error).__name__, at=_place_of(error))


def _place_of(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
