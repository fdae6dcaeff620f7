"""Many rooms in the middle of an evaluation, written as rows: what a thousand dialogues over HTTP would leave behind.

The records are those of a real evaluation: the kernel decides every command from check-in to the preliminary
review once, and each room repeats that history under its own name. The rows that rooms refer to are made beside them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from benchmarks.evaluation_story import HOST, steps
from evaluation.commands import EnterScore
from evaluation.protocol import Actor, RecordedEvent
from evaluation.room import Room, open_room
from evaluation.setup import RoomSetup, SeatSetup
from expert_hub.draws.tables import Draw
from expert_hub.foundation.chance import SystemChance
from expert_hub.foundation.db import Database
from expert_hub.foundation.rule_packs import RulePack, shipped_pack
from expert_hub.identity.tables import Account
from expert_hub.identity.tokens import issue_token, load_token_key
from expert_hub.listings.rules import TenderForm
from expert_hub.listings.tables import Lot, Project
from expert_hub.rooms import store
from expert_hub.rooms.rules import RoomPlan, SeatPlan, setup_of
from expert_hub.rooms.tables import EvaluationRoom, SeatTenure
from expert_hub.sample.tender import tender_document

SEATS = 7
_TOKEN_HOURS = 20
_ROWS = 2_000
Row = dict[str, Any]


@dataclass(frozen=True)
class SeededSeat:
    """One socket to be: whose it is, where, and the token to enter with."""

    room_id: str
    seat_id: str
    token: str


@dataclass(frozen=True)
class Seeded:
    """What was written: seats room by room, the observers of every room, and what there is to score."""

    rooms: tuple[str, ...]
    seats: tuple[SeededSeat, ...]
    observers: tuple[str, ...]
    """Tokens of supervisors; each may look into every room."""
    host: str
    """Token of the host operator of every room."""
    items: tuple[tuple[str, str, str], ...]
    """Bid, criterion and full marks of everything a member scores."""


async def seed_rooms(
    database: Database,
    keys_dir: Path,
    rooms: int,
    *,
    observers: int = 0,
    before: type[Any] = EnterScore,
) -> Seeded:
    """Write rooms whose members have nothing left to do but to score, or that stand before another command.

    Args:
        database: migrated, and empty of rooms.
        keys_dir: where the hub that will serve keeps its keys; the tokens are signed with them.
        rooms: how many.
        observers: how many supervisors to make beside the members.
        before: the kind of command whose first one of the story is not given any more.

    Returns:
        What clients need to enter.
    """
    chance, now = SystemChance(), datetime.now(UTC).replace(microsecond=0)
    key = load_token_key(keys_dir, chance)
    started = now - timedelta(hours=1)
    form = msgspec.convert(tender_document(started), TenderForm)
    pack = shipped_pack(form.project.category, now.date())
    template = _history(setup_of(form, pack, _plan("0" * 32)), started, before)
    names = [f"{number:032x}" for number in range(1, rooms + 1)]
    async with database.write() as session:
        await _write_people(session, names, observers, now)
        await _write_lots(session, names, form, pack, now)
        for name in names:
            await _write_room(session, name, template, setup_of(form, pack, _plan(name)), now)

    def token(account: str) -> str:
        return issue_token(key, account, now - timedelta(minutes=5), timedelta(hours=_TOKEN_HOURS), chance)

    return Seeded(
        rooms=tuple(names),
        seats=tuple(
            SeededSeat(name, f"s{n}", token(account_of(name, n))) for name in names for n in range(1, SEATS + 1)
        ),
        observers=tuple(token(f"o{number}") for number in range(observers)),
        host=token("host"),
        items=tuple(
            (bid.id, item.id, item.full) for bid in form.bidders for item in form.criteria if item.kind == "subjective"
        ),
    )


def account_of(room_id: str, position: int) -> str:
    """The account on a seat, from position 1."""
    return f"{room_id[8:]}-{position}"


def _plan(room_id: str) -> RoomPlan:
    rows = [
        SeatPlan(f"{room_id}-t{n}", account_of(room_id, n), n < SEATS, HOST.venue_id or "", f"W{n}")
        for n in range(1, SEATS + 1)
    ]
    return RoomPlan(room_id, [(HOST.venue_id or "", "主场")], rows)


def _history(setup: RoomSetup, at: datetime, before: type[Any]) -> list[RecordedEvent]:
    """Every record up to the first command of a kind."""
    room, records = Room(), []
    fresh = room.number(open_room(setup), "open", Actor("system"), at)
    for number, (actor, command) in enumerate(steps(setup)):
        for record in fresh:
            room.apply(record)
        records += fresh
        if isinstance(command, before):
            return records
        fresh = room.number(room.handle(command, actor, at), f"c{number}", actor, at)
    raise AssertionError(f"the story holds no {before.__name__}")


def _renamed(template: Sequence[RecordedEvent], setup: RoomSetup) -> Iterator[RecordedEvent]:
    """The same history in another room: its setup and its tenures take the place of the template's."""
    tenures = {seat.seat_id: seat.tenure_id for seat in setup.seats}
    for record in template:
        event: Any = record.event
        if hasattr(event, "setup"):
            event = msgspec.structs.replace(event, setup=setup)
        elif hasattr(event, "tenure_id"):
            event = msgspec.structs.replace(event, tenure_id=tenures[event.seat_id])
        yield msgspec.structs.replace(record, event=event)


async def _write_room(
    session: AsyncSession, name: str, template: Sequence[RecordedEvent], setup: RoomSetup, now: datetime
) -> None:
    room, texts = Room(), []
    for record in _renamed(template, setup):
        texts.append((name, record.seq, room.apply(record).decode()))
    row = EvaluationRoom(
        id=name,
        lot_id=name,
        draw_id=name,
        venues=[HOST.venue_id or ""],
        version=room.version,
        stage=room.stage,
        digest=room.digest,
        opened_at=now,
    )
    session.add(row)
    await session.flush()
    await store.add_records(session, texts)
    await session.execute(insert(SeatTenure), [_tenure(name, seat) for seat in setup.seats])


def _tenure(room_id: str, seat: SeatSetup) -> Row:
    position = int(seat.seat_id[1:])
    row = SeatTenure(
        id=seat.tenure_id,
        room_id=room_id,
        seat_id=seat.seat_id,
        account_id=account_of(room_id, position),
        venue_id=seat.venue_id,
    )
    return row.model_dump()


async def _write_people(session: AsyncSession, rooms: Sequence[str], observers: int, now: datetime) -> None:
    people = [_account(account_of(name, n), "expert", now) for name in rooms for n in range(1, SEATS + 1)]
    people += [_account(f"o{number}", "supervisor", now) for number in range(observers)]
    people.append(_account("host", "host_operator", now, venue_id=HOST.venue_id))
    await _write(session, Account, people)


def _account(account_id: str, role: str, now: datetime, venue_id: str | None = None) -> Row:
    row = Account(
        id=account_id, username=account_id, display_name=account_id, roles=[role], venue_id=venue_id, created_at=now
    )
    return row.model_dump()


async def _write_lots(
    session: AsyncSession, names: Sequence[str], form: TenderForm, pack: RulePack, now: datetime
) -> None:
    built = msgspec.to_builtins(form)
    await _write(session, Project, [_project(name, form, pack, now) for name in names])
    await _write(session, Lot, [_lot(name, form, built) for name in names])
    await _write(session, Draw, [_draw(name, now) for name in names])


def _project(name: str, form: TenderForm, pack: RulePack, now: datetime) -> Row:
    row = Project(
        id=name,
        code=f"{form.project.code}-{int(name, 16)}",
        name=form.project.name,
        category=form.project.category,
        pack_id=pack.pack_id,
        pack_version=pack.version,
        pack_sha256=pack.sha256,
        region_code=form.project.region_code,
        procuring_entity=form.project.procuring_entity.name,
        procuring_entity_code=form.project.procuring_entity.uscc,
        budget_yuan=form.project.budget_yuan,
        registered_at=now,
    )
    return row.model_dump()


def _lot(name: str, form: TenderForm, built: Row) -> Row:
    row = Lot(
        id=name,
        project_id=name,
        code=form.lot.code,
        name=form.lot.name,
        state="evaluating",
        bid_deadline=form.lot.bid_deadline,
        evaluation_starts_at=form.lot.evaluation_starts_at,
        evaluation_ends_at=form.lot.evaluation_ends_at,
        form=built,
    )
    return row.model_dump()


def _draw(name: str, now: datetime) -> Row:
    row = Draw(
        id=name,
        lot_id=name,
        attempt=1,
        state="complete",
        requested_by="host",
        contributors=[],
        replacement="automatic",
        place="A",
        phone="020",
        fixed="{}",
        lottery="{}",
        funnel={},
        key_centre_sealed=b"",
        key_supervisor_sealed=b"",
        signatures={},
        requested_at=now,
    )
    return row.model_dump()


async def _write(session: AsyncSession, table: Any, rows: Sequence[Row]) -> None:
    for start in range(0, len(rows), _ROWS):
        await session.execute(insert(table), rows[start : start + _ROWS])
