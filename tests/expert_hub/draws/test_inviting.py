"""What an invitation is made of: terms from pack and centre settings, and two sealed parts."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from expert_hub.draws.invitation_rules import code_digest, code_vault
from expert_hub.draws.tables import DrawPosition
from expert_hub.experts import service as experts
from expert_hub.experts.tables import Expert, ExpertLeave, ExpertRelation, ExpertSpeciality, LibraryRegistration


async def test_dr_13_terms_come_from_the_pack_and_the_centre(bench: Any) -> None:
    await bench.draw(2, 1)
    now = bench.hub.clock.now()
    rows = await bench.invitations()
    assert len(rows) == 2
    for row in rows:
        assert (row.state, row.attempts_max, row.answer_limit_s) == ("queued", 2, 600)
        assert (row.queued_at, row.due_at, row.give_up_at) == (now, now, now + timedelta(hours=2))
        assert bench.parcel(row).mode == "ivr"
    assert await bench.outcomes() == ["invited", "invited", "drawn"]


async def test_the_parcel_reaches_the_drawn_expert_and_the_code_leads_back_to_him(bench: Any) -> None:
    await bench.draw(3, 0)
    position_of = {row.id: row.expert_id for row in await bench.rows(DrawPosition)}
    for row in await bench.invitations():
        parcel, expert_id = bench.parcel(row), position_of[row.position_id]
        assert row.code_sha256 == code_digest(parcel.code)
        assert code_vault(parcel.code).open(row.expert_sealed) == expert_id
        async with bench.hub.database.read() as session:
            contact = await experts.contact_of(session, bench.hub.vault, expert_id)
        assert parcel.mobile == contact.mobile


async def test_a_place_that_falls_vacant_after_the_beginning_gets_one_limit(bench: Any) -> None:
    bench.hub.clock.move(hours=3)
    await bench.draw(1, 0)
    (row,) = await bench.invitations()
    assert row.give_up_at == bench.hub.clock.now() + timedelta(minutes=10)


async def test_who_left_the_library_is_found_unreachable_and_not_named(bench: Any, recorder: Any) -> None:
    gone = bench.experts[7]
    async with bench.hub.database.write() as session:
        for table in (ExpertSpeciality, ExpertRelation, ExpertLeave, LibraryRegistration):
            await session.execute(delete(table).where(table.expert_id == gone))  # type: ignore[attr-defined]
        await session.execute(delete(Expert).where(Expert.id == gone))  # type: ignore[arg-type]
    await bench.draw(1, 1)
    await bench.worker(recorder).work_off()
    assert await bench.outcomes() == ["unreachable", "invited"]
