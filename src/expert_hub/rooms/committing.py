"""Group commit: commands that arrive while a transaction runs are decided and committed together in the next one.

One drain runs at a time in a process, so commands of one room keep their order; between processes the rows of the rooms
keep it, locked in the order of their ids. A refusal is decided before anything is written and concerns only its
command. A command that changes something outside the room (a stage goes into the ledger, a member is replaced) is
committed alone, in one transaction with its events. A group that fails is tried again one by one.
"""

import asyncio
import hashlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from evaluation import events as ev
from evaluation.commands import Command, ResolveTie
from evaluation.commands_states import ResumeRoom
from evaluation.protocol import Actor as Part
from evaluation.protocol import decode_command
from expert_hub.draws.calling.inviting import Tools
from expert_hub.foundation.db import Database
from expert_hub.foundation.errors import NotFound, Unauthenticated, is_refusal
from expert_hub.identity import service as identity
from expert_hub.identity.rules import Actor
from expert_hub.rooms import service, store
from expert_hub.rooms.errors import CommandIdReused, NotThisSeat
from expert_hub.rooms.live import LiveRoom, LiveRooms, catch_up, fold_anew
from expert_hub.rooms.pace import Pulse
from expert_hub.rooms.replacement import ensure_panel_sits, give_up_declared, seat_newcomers

_GROUP = 256
_BUSY_WAITING = 32
_BUSY_PER_S = 1_500
# Events that concern the room alone. Whatever is not named here is committed by itself, with its consequences.
_ROOM_ONLY = (
    ev.IdentityConfirmed, ev.MemberCheckedIn, ev.LeaderVoteCast, ev.BriefingConfirmed, ev.CheckVoted,
    ev.ScoreEntered, ev.AlertAnswered, ev.ConsistencyConfirmed,
)  # fmt: skip


@dataclass(eq=False)
class Order:
    """A command as it came, and the answer that somebody waits for; `part` only for those of the hub itself."""

    room_id: str
    account_id: str
    command_id: str
    body: bytes
    answer: asyncio.Future[int]
    part: Part | None = None
    command: Command = field(init=False)
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        self.command = decode_command(self.body)
        self.sha256 = hashlib.sha256(self.body).hexdigest()

    def settle(self, outcome: int | BaseException) -> None:
        """Answer, unless nobody waits any more."""
        if self.answer.done():
            return
        if isinstance(outcome, int):
            self.answer.set_result(outcome)
        else:
            self.answer.set_exception(outcome)


class Informed(Protocol):
    """Who is told of rooms with a new version."""

    def __call__(self, live: LiveRoom, *, is_suspect: bool) -> None:
        """The room has one; `is_suspect` if somebody's standing may have changed with it."""


@dataclass
class _Group:
    """What one transaction reads and writes."""

    at: datetime
    versions: dict[str, int]
    actors: dict[str, Actor]
    closed: set[str]
    seats: dict[tuple[str, str], tuple[str, str]]
    known: dict[tuple[str, str], tuple[str, str, int]]
    records: list[tuple[str, int, str]] = field(default_factory=list)
    commands: list[tuple[str, str, str, str, int]] = field(default_factory=list)
    changed: dict[str, LiveRoom] = field(default_factory=dict)
    outcomes: list[tuple[Order, int | BaseException]] = field(default_factory=list)


class Committer:
    """The one writer of room records in this process."""

    def __init__(self, database: Database, tools: Tools, rooms: LiveRooms, inform: Informed) -> None:
        self._database = database
        self._tools, self._clock = tools, tools.clock
        self._rooms = rooms
        self._inform = inform
        self._queue: deque[Order] = deque()
        self._pulse = Pulse()
        self._draining: asyncio.Task[None] | None = None

    @property
    def is_busy(self) -> bool:
        """True while more commands wait, or have just come, than leave time for anything else."""
        return len(self._queue) > _BUSY_WAITING or self._pulse.per_s() > _BUSY_PER_S

    async def carry_out(self, order: Order) -> int:
        """The version of the room once the command is durable.

        Raises:
            EvaluationError, HubError: it is refused.
        """
        self._queue.append(order)
        self._pulse.beat()
        if self._draining is None or self._draining.done():
            self._draining = asyncio.create_task(self._drain())
        return await order.answer

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        if self._draining is not None:
            await asyncio.gather(self._draining, return_exceptions=True)

    async def _drain(self) -> None:
        while self._queue:
            orders = [self._queue.popleft() for _ in range(min(_GROUP, len(self._queue)))]
            try:
                taken = await self._commit(orders)
            except Exception as error:
                if len(orders) == 1:
                    orders[0].settle(error)
                    continue
                for order in orders:
                    await self._commit_alone(order)
                continue
            self._queue.extendleft(reversed(orders[taken:]))

    async def _commit_alone(self, order: Order) -> None:
        try:
            await self._commit([order])
        except Exception as error:
            order.settle(error)

    async def _commit(self, orders: Sequence[Order]) -> int:
        """Commit as many of the orders, from the first, as fit together; returns their number."""
        async with self._rooms.alone_with_all(order.room_id for order in orders) as lives:
            group: _Group | None = None
            try:
                async with self._database.write() as session:
                    group = await _read(session, orders, self._clock.now())
                    await _catch_up(session, lives, group, orders)
                    taken, is_suspect = await self._decide(session, lives, group, orders)
                    await _write(session, group)
            except BaseException:
                for live in lives.values() if group is None else group.changed.values():
                    live.forget()
                raise
            # Told before the locks are given back: nobody may look at a version that others have not heard of.
            for live in group.changed.values():
                self._inform(live, is_suspect=is_suspect)
        for order, outcome in group.outcomes:
            order.settle(outcome)
        return taken

    async def _decide(
        self, session: AsyncSession, lives: dict[str, LiveRoom], group: _Group, orders: Sequence[Order]
    ) -> tuple[int, bool]:
        for position, order in enumerate(orders):
            if order.answer.cancelled():
                continue
            try:
                events, part = await self._events(session, lives, group, order)
            except Exception as error:
                if not is_refusal(error):
                    raise
                group.outcomes.append((order, error))
                continue
            if not events:
                continue
            if not all(isinstance(event, _ROOM_ONLY) for event in events):
                if group.commands:
                    return position, False
                await self._with_consequences(session, lives[order.room_id], group, (order, part, events))
                return position + 1, True
            self._apply(lives[order.room_id], group, (order, part, events))
        return len(orders), False

    async def _events(
        self, session: AsyncSession, lives: dict[str, LiveRoom], group: _Group, order: Order
    ) -> tuple[list[ev.Event], Part]:
        """What the command brings about; nothing if it was carried out before."""
        part = await _part(session, group, order)
        known = group.known.get((order.room_id, order.command_id))
        if known is not None:
            if known[:2] != (order.account_id, order.sha256):
                raise CommandIdReused(command_id=order.command_id)
            group.outcomes.append((order, known[2]))
            return [], part
        if part.role == "auditor":
            raise NotThisSeat
        room = lives[order.room_id].folded
        return room.handle(order.command, part, group.at, self._seed_for(order.command)), part

    def _seed_for(self, command: Command) -> str:
        """A fresh seed for a draw among tied bids; the record publishes it."""
        drawn = isinstance(command, ResolveTie) and command.by == "draw"
        return self._tools.chance.octets(32).hex() if drawn else ""

    async def _with_consequences(
        self, session: AsyncSession, live: LiveRoom, group: _Group, deed: tuple[Order, Part, list[ev.Event]]
    ) -> None:
        row = await store.lock_room(session, live.room_id)
        if row is None:
            raise NotFound
        room, events = live.folded, deed[2]
        stage = room.stage
        await seat_newcomers(session, row, events)
        await give_up_declared(session, self._tools, row, events)
        await ensure_panel_sits(session, row, events)
        self._apply(live, group, deed)
        await session.flush()
        if room.stage != stage:
            # The ledger names the version and digest that this very command leads to.
            await _write_heads(session, group)
            await service.stage_changed(session, self._clock, room)

    def _apply(self, live: LiveRoom, group: _Group, deed: tuple[Order, Part, list[ev.Event]]) -> None:
        order, part, events = deed
        room = live.folded
        # From here to the commit the fold is ahead of what is durable; a group that fails has it forgotten.
        group.changed[live.room_id] = live
        for record in room.number(events, order.command_id, part, group.at):
            group.records.append((live.room_id, record.seq, room.apply(record).decode()))
            live.remember([(record.seq, record.event)])
        live.known = room.version
        group.commands.append((live.room_id, order.command_id, order.account_id, order.sha256, room.version))
        group.known[order.room_id, order.command_id] = (order.account_id, order.sha256, room.version)
        group.outcomes.append((order, room.version))


async def _read(session: AsyncSession, orders: Sequence[Order], at: datetime) -> _Group:
    room_ids = sorted({order.room_id for order in orders})
    accounts = sorted({order.account_id for order in orders})
    versions = await store.lock_rooms(session, room_ids)
    seats = await store.seats_of(session, sorted({(order.room_id, order.account_id) for order in orders}))
    # A seat says what its account is here; what others may do depends on their roles.
    others = sorted({order.account_id for order in orders if (order.room_id, order.account_id) not in seats})
    return _Group(
        at=at,
        versions=versions,
        actors=await identity.actors_of(session, others) if others else {},
        closed=await identity.closed_among(session, accounts),
        seats=seats,
        known=await store.commands_by_id(session, [(order.room_id, order.command_id) for order in orders]),
    )


async def _catch_up(session: AsyncSession, lives: dict[str, LiveRoom], group: _Group, orders: Sequence[Order]) -> None:
    # A seal says something about what is stored, so every record is read again.
    unsealing = {order.room_id for order in orders if isinstance(order.command, ResumeRoom)}
    stale = []
    for room_id, version in group.versions.items():
        live = lives[room_id]
        if room_id in unsealing:
            await fold_anew(session, live)
        elif live.room is None or live.room.version != version:
            stale.append(live)
    await catch_up(session, *stale)


async def _part(session: AsyncSession, group: _Group, order: Order) -> Part:
    """The part of the account as it is now."""
    if order.room_id not in group.versions:
        raise NotFound
    if order.part is not None:
        return order.part
    if order.account_id in group.closed:
        raise Unauthenticated
    seat = group.seats.get((order.room_id, order.account_id))
    if seat is not None:
        return Part("member", seat_id=seat[0], venue_id=seat[1])
    actor = group.actors.get(order.account_id)
    if actor is None:
        raise Unauthenticated
    return await service.part_in(session, order.room_id, actor)


async def _write(session: AsyncSession, group: _Group) -> None:
    if group.commands:
        await store.add_records(session, group.records)
        await store.add_commands(session, group.commands)
        await _write_heads(session, group)


async def _write_heads(session: AsyncSession, group: _Group) -> None:
    rooms = [(room_id, live.folded) for room_id, live in group.changed.items()]
    await store.set_heads(session, [(room.version, str(room.stage), room.digest, room_id) for room_id, room in rooms])
