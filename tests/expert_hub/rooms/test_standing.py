"""Who does not read or is silent is let go; the rest stays."""

import asyncio
from typing import Any

from expert_hub.rooms.errors import Silent, SlowReader
from expert_hub.rooms.standing import SILENT_S, STUCK_S, end_the_unwell


async def test_the_stuck_and_the_silent_are_let_go(rooms: Any) -> None:
    seat = rooms.seeded.seats[0]
    stuck, silent, well = [await rooms.listener(seat.token, seat.room_id) for _ in range(3)]
    now = asyncio.get_running_loop().time()
    stuck.talk.stuck_since = now - STUCK_S - 1
    silent.talk.heard_at = now - SILENT_S - 1
    well.talk.stuck_since = now - STUCK_S / 2
    end_the_unwell([each.talk for each in (stuck, silent, well)])
    assert isinstance(await stuck.ended, SlowReader)
    assert isinstance(await silent.ended, Silent)
    assert not well.ended.done()
