"""What an attempt that ended leaves behind: nothing to send, and nobody's time taken."""

from typing import Any

from expert_hub.draws.calling.calling_off import call_off, engagement_id, free_time
from expert_hub.draws.store import draw_by_id
from expert_hub.draws.tables import DrawPosition, Engagement
from expert_hub.foundation.vault import Vault


async def times(bench: Any) -> dict[str, bool]:
    return {row.id: row.is_over for row in await bench.rows(Engagement)}


async def engage(bench: Any) -> dict[str, str]:
    """Time for each place of the bench; its identifier by the place's."""
    now = bench.hub.clock.now()
    ids = {row.id: engagement_id(bench.hub.vault, row.id) for row in await bench.rows(DrawPosition)}
    async with bench.hub.database.write() as session:
        for each in ids.values():
            session.add(Engagement(id=each, person_index=each, starts_at=now, ends_at=now, city="440100", drawn_at=now))
    return ids


async def test_every_open_invitation_is_closed_and_what_would_send_it_destroyed(bench: Any, recorder: Any) -> None:
    draw_id = await bench.draw(3, 2)
    await bench.worker(recorder).work_off()
    await engage(bench)
    async with bench.hub.database.write() as session:
        await call_off(session, bench.means, await draw_by_id(session, draw_id))
    rows = await bench.invitations()
    assert {(row.state, row.parcel_sealed, row.due_at, row.leased_by) for row in rows} == {("closed", None, None, None)}
    assert {row.closed_at for row in rows} == {bench.hub.clock.now()}
    assert set((await times(bench)).values()) == {True}


async def test_one_persons_time_is_freed_and_no_others(bench: Any) -> None:
    await bench.draw(3)
    ids = await engage(bench)
    first = (await bench.rows(DrawPosition))[0]
    async with bench.hub.database.write() as session:
        await free_time(session, bench.hub.vault, [first])
    assert await times(bench) == {each: place == first.id for place, each in ids.items()}


def test_whose_time_it_is_cannot_be_said_without_the_key_of_the_hub() -> None:
    one, other = Vault(bytes(range(64))), Vault(bytes(64))
    assert engagement_id(one, "p") == engagement_id(one, "p")
    assert len({engagement_id(one, "p"), engagement_id(one, "q"), engagement_id(other, "p")}) == 3
    assert len(engagement_id(one, "p")) == 32
