"""Open a room, say who has which part in it, and give out its report."""

from collections.abc import Mapping

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from evaluation.events import RoomOpened
from evaluation.protocol import Actor as Part
from evaluation.protocol import RecordedEvent, encode_record
from evaluation.report import EvaluationReport, compile_report
from evaluation.room import Room
from evaluation.room import open_room as open_events
from evaluation.setup import RoomSetup
from evaluation.stages import Stage
from evaluation.visibility import Viewer, view
from expert_hub.draws import service as draws
from expert_hub.foundation.chance import Chance, new_id, shuffled
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.errors import NotFound
from expert_hub.foundation.rule_packs import CENTRE_PACK, RulePack
from expert_hub.identity import service as identity
from expert_hub.identity.rules import Actor
from expert_hub.ledger.purpose import is_training
from expert_hub.ledger.service import NewEntry, append
from expert_hub.listings import service as listings
from expert_hub.listings.rules import LotState, TenderForm
from expert_hub.rooms import store
from expert_hub.rooms.errors import (
    ReportNotReady,
    RepresentativesMismatch,
    RoomExists,
    RoomNotReady,
    VenuesRepeated,
)
from expert_hub.rooms.rules import RoomPlan, SeatPlan, part_of, seat_id, setup_of
from expert_hub.rooms.tables import EvaluationRoom, SeatTenure
from expert_hub.venues import service as venues

_record_decoder = msgspec.json.Decoder(RecordedEvent)


class Order(msgspec.Struct, frozen=True):
    """What a room is ordered with: the venues, host first, and the user names of the representatives."""

    lot_id: str
    venues: tuple[str, ...]
    representatives: tuple[str, ...]


async def open_room(
    session: AsyncSession, clock: Clock, chance: Chance, packs: Mapping[str, RulePack], order: Order
) -> EvaluationRoom:
    """Open the room of a lot whose panel is complete.

    Raises:
        RoomNotReady: the draw is not complete.
        RoomExists: the lot has one.
        RepresentativesMismatch, VenuesRepeated, TooFewWorkstations: the order does not fit.
    """
    lot, project = await listings.locked_lot(session, order.lot_id)
    if await store.room_of_lot(session, lot.id):
        raise RoomExists
    panel = await draws.complete_panel(session, lot.id)
    if panel.accounts is None:
        raise RoomNotReady(state=panel.state)
    form = listings.form_of(lot)
    pack = listings.governing_pack(packs, project)
    if len(set(order.venues)) != len(order.venues):
        raise VenuesRepeated(venues=", ".join(order.venues))
    names = await venues.lock_venues(session, order.venues)
    room_id = new_id(chance)
    members = [
        *panel.accounts,
        *await _representatives(session, form, order.representatives),
    ]
    gap = packs[CENTRE_PACK].integer("booking.gap_minutes")
    plan = await _plan(session, clock, chance, _Seating(room_id, names, form, len(panel.accounts), members, gap))
    row = EvaluationRoom(
        id=room_id,
        lot_id=lot.id,
        draw_id=panel.draw_id,
        venues=list(order.venues),
        version=0,
        stage="",
        digest="",
        opened_at=clock.now(),
    )
    await _store_events(session, clock, setup_of(form, pack, plan), row)
    session.add_all(_tenures(plan))
    await listings.advance(session, clock, lot.id, LotState.EVALUATING)
    return row


class _Seating(msgspec.Struct, frozen=True):
    room_id: str
    names: dict[str, str]
    form: TenderForm
    experts: int
    members: list[str]
    gap_minutes: int


async def _representatives(session: AsyncSession, form: TenderForm, usernames: tuple[str, ...]) -> list[str]:
    entity = form.project.procuring_entity.uscc
    accounts = await identity.representatives(session, usernames, entity)
    if not len(set(accounts)) == len(accounts) == len(usernames) == form.committee.representatives:
        raise RepresentativesMismatch(wanted=form.committee.representatives, given=", ".join(usernames) or "-")
    return accounts


async def _plan(session: AsyncSession, clock: Clock, chance: Chance, seating: _Seating) -> RoomPlan:
    ids = list(seating.names)
    # Experts go round the venues in random order; representatives sit at the host, last in the row of seats.
    places = shuffled([ids[i % len(ids)] for i in range(seating.experts)], chance)
    places += [ids[0]] * (len(seating.members) - seating.experts)
    stations = await _book(session, clock, chance, seating, places)
    seats = [
        SeatPlan(new_id(chance), account, position < seating.experts, venue, stations[venue].pop())
        for position, (account, venue) in enumerate(zip(seating.members, places, strict=True))
    ]
    seed, training = chance.octets(32).hex(), await is_training(session)
    return RoomPlan(seating.room_id, list(seating.names.items()), seats, seed, training)


async def _book(
    session: AsyncSession, clock: Clock, chance: Chance, seating: _Seating, places: list[str]
) -> dict[str, list[str]]:
    lot = seating.form.lot
    stations = {}
    for venue in seating.names:
        need = venues.Need(
            venue_id=venue,
            count=places.count(venue),
            subject=seating.room_id,
            starts_at=lot.evaluation_starts_at,
            ends_at=lot.evaluation_ends_at,
            gap_minutes=seating.gap_minutes,
        )
        taken = await venues.book(session, clock, chance, need)
        stations[venue] = shuffled([station.label for station in taken], chance)
    return stations


async def _store_events(session: AsyncSession, clock: Clock, setup: RoomSetup, row: EvaluationRoom) -> None:
    room = Room()
    records = room.number(open_events(setup), "open", Part("system"), row.opened_at)
    for record in records:
        room.apply(record)
    row.version, row.stage, row.digest = room.version, room.stage, room.digest
    session.add(row)
    await session.flush()
    await store.add_records(session, [(row.id, record.seq, encode_record(record).decode()) for record in records])
    await stage_changed(session, clock, room)


def _tenures(plan: RoomPlan) -> list[SeatTenure]:
    return [
        SeatTenure(
            id=seat.tenure_id,
            room_id=plan.room_id,
            seat_id=seat_id(position),
            account_id=seat.account_id,
            venue_id=seat.venue_id,
        )
        for position, seat in enumerate(plan.seats)
    ]


async def stage_changed(session: AsyncSession, clock: Clock, room: Room) -> None:
    """Enter a new stage in the ledger with the digest over all records, and move the lot when the room ends."""
    body = {"stage": str(room.stage), "version": room.version, "digest": room.digest}
    await append(session, clock, NewEntry("rooms/stage", room.state.setup.room_id, body))
    ends = {Stage.CLOSED: LotState.EVALUATED, Stage.FAILED: LotState.FAILED}
    row = await store.room_by_id(session, room.state.setup.room_id)
    if row is not None and room.stage == Stage.LEADER_ELECTION:
        await draws.mark_checked_in(session, row.draw_id, clock.now())
    # A re-evaluation closes the room again; the lot has moved on at the first closing.
    if row is not None and room.stage in ends and not room.state.corrections.reevaluations:
        await listings.advance(session, clock, row.lot_id, ends[Stage(room.stage)])


async def part_in(session: AsyncSession, room_id: str, actor: Actor) -> Part:
    """The part of an account in a room.

    Raises:
        NotFound: it has none, so for it the room does not exist.
    """
    row = await store.room_by_id(session, room_id)
    if row is None:
        raise NotFound
    tenure = await store.tenure_of_account(session, room_id, actor.account_id)
    if tenure is not None:
        return Part("member", seat_id=tenure.seat_id, venue_id=tenure.venue_id)
    _, project = await listings.lot_and_project(session, row.lot_id)
    part = part_of(actor, row.venues, project.procuring_entity_code)
    if part is None:
        raise NotFound
    return Part(part, venue_id=actor.venue_id)  # type: ignore[arg-type]


async def viewer_in(session: AsyncSession, room_id: str, actor: Actor) -> Viewer:
    """The account as a viewer of a room.

    Raises:
        NotFound: the room does not exist for it.
    """
    part = await part_in(session, room_id, actor)
    return Viewer(part.role, part.seat_id, part.venue_id)


async def setup_in(session: AsyncSession, room_id: str) -> RoomSetup:
    """The description with which a room was opened.

    Raises:
        NotFound: there is no such room.
    """
    text = await store.first_record(session, room_id)
    event = _record_decoder.decode(text).event if text else None
    if not isinstance(event, RoomOpened):
        raise NotFound
    return event.setup


async def rooms_of(session: AsyncSession, actor: Actor) -> list[EvaluationRoom]:
    """The rooms in which an account sits, oldest first."""
    return await store.rooms_of_account(session, actor.account_id)


class FiledReport(msgspec.Struct, frozen=True):
    """The report and the digest over the records of its room."""

    report: EvaluationReport
    digest: str


async def report_for(session: AsyncSession, room_id: str, actor: Actor) -> FiledReport:
    """The report of a room.

    Raises:
        NotFound: the account may not read it, now or ever.
        ReportNotReady: it does not exist yet.
    """
    viewer = await viewer_in(session, room_id, actor)
    texts = await store.records_after(session, room_id, 0)
    room = Room.replay([_record_decoder.decode(text) for text in texts])
    if "report" in view(room, viewer):
        return FiledReport(compile_report(room), room.digest)
    if viewer.role == "guest_operator":
        raise NotFound
    raise ReportNotReady(stage=str(room.stage))
