"""What an invitation is made of: terms from pack and centre settings, and two sealed parts."""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from expert_hub.draws.calling.invitation_rules import code_digest
from expert_hub.draws.calling.inviting import release
from expert_hub.draws.store import draw_by_id, invitations_of, positions_of
from expert_hub.draws.tables import DrawPosition
from expert_hub.experts import service as experts
from expert_hub.experts.tables import Expert, ExpertLeave, ExpertRelation, ExpertSpeciality, LibraryRegistration
from expert_hub.ledger.tables import LedgerEntry


async def test_dr_13_terms_come_from_the_pack_and_the_centre(bench: Any) -> None:
    await bench.draw(2, 1)
    now = bench.hub.clock.now()
    *rows, held = sorted(await bench.invitations(), key=lambda row: row.state, reverse=True)
    assert (len(rows), held.state, held.due_at) == (2, "held", None)
    for row in rows:
        assert (row.state, row.attempts_max, row.answer_limit_s) == ("queued", 2, 600)
        assert (row.queued_at, row.due_at, row.give_up_at) == (now, now, now + timedelta(hours=2))
        assert bench.parcel(row).mode == "ivr"
    assert await bench.outcomes() == ["invited", "invited", "drawn"]


async def test_the_parcel_reaches_the_drawn_expert_and_the_code_leads_back_to_the_place(bench: Any) -> None:
    await bench.draw(3)
    positions = {row.id: row for row in await bench.rows(DrawPosition)}
    for row in await bench.invitations():
        parcel = bench.parcel(row)
        assert row.code_sha256 == code_digest(parcel.code)
        assert bench.hub.vault.open(row.code_sealed) == parcel.code
        async with bench.hub.database.read() as session:
            contact = await experts.contact_of(session, bench.hub.vault, bench.expert_of(positions[row.position_id]))
        assert parcel.mobile == contact.mobile


async def test_a_place_that_falls_vacant_after_the_beginning_gets_one_limit(bench: Any) -> None:
    bench.hub.clock.move(hours=3)
    await bench.draw(1)
    (row,) = await bench.invitations()
    assert row.give_up_at == bench.hub.clock.now() + timedelta(minutes=10)


async def test_who_left_the_library_is_found_unreachable_and_not_named(bench: Any, recorder: Any) -> None:
    gone = bench.experts[7]
    async with bench.hub.database.write() as session:
        for table in (ExpertSpeciality, ExpertRelation, ExpertLeave, LibraryRegistration):
            await session.execute(delete(table).where(table.expert_id == gone))  # type: ignore[attr-defined]
        await session.execute(delete(Expert).where(Expert.id == gone))  # type: ignore[arg-type]
    draw_id = await bench.draw(1)
    await bench.worker(recorder).work_off()
    assert await bench.outcomes() == ["unreachable"]
    assert await bench.state(draw_id) == "vacant"
    assert recorder.sent == []


async def test_who_is_held_is_asked_nothing_until_a_seat_is_released(bench: Any, recorder: Any) -> None:
    draw_id = await bench.draw(1, 1)
    await bench.worker(recorder).work_off()
    assert len(recorder.sent) == 1
    assert (await bench.kinds()).count("draws/invited") == 1
    bench.hub.clock.move(hours=3)
    async with bench.hub.database.write() as session:
        draw = await draw_by_id(session, draw_id)
        position = next(row for row in await positions_of(session, draw_id) if row.is_alternate)
        row = next(row for row in await invitations_of(session, draw_id) if row.position_id == position.id)
        position.seat, position.number = 0, 1
        await release(session, bench.means, (draw, position, row))
    assert row.give_up_at == bench.hub.clock.now() + timedelta(minutes=10)
    await bench.worker(recorder).work_off()
    assert len({message.mobile for message in recorder.sent}) == 2
    entry = (await bench.rows(LedgerEntry, LedgerEntry.kind == "draws/invited"))[-1]
    assert json.loads(entry.text)["body"] == {"code": row.code_sha256, "number": 1, "position": 1, "seat": 0}
