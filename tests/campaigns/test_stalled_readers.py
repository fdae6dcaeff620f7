"""A fifth of the sockets stops reading: the others work on, the stalled are closed, come back and catch up."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.room_client import RoomSocket, command_in, resume, version_in
from benchmarks.room_seeding import SeededSeat
from benchmarks.room_stage import socket_path

ENDS = {4429, 1011, None}
"""The hub's own code; the server's when its pings are not answered; none when no code fitted into full buffers."""
ASKED = 2_000
"""Whole views that a stalled reader asks for: more than any buffer between the two holds."""


class Stalled:
    """A member who asks and does not read."""

    def __init__(self, seat: SeededSeat) -> None:
        self.seat, self.version, self.heard = seat, 0, asyncio.Event()
        self.socket = RoomSocket(self._take)

    def _take(self, _socket: RoomSocket, payload: bytes) -> None:
        if not command_in(payload):
            self.version = max(self.version, version_in(payload))
            self.heard.set()

    async def enter(self, address: tuple[str, int], after: int | None) -> None:
        """Connect and wait for the present state."""
        self.socket, self.heard = RoomSocket(self._take), asyncio.Event()
        await self.socket.open(address, socket_path(self.seat.room_id), self.seat.token, small_buffer=True)
        self.socket.send(resume(after))
        await self.heard.wait()

    def stall(self) -> None:
        """Stop reading, and ask for so much that the answers cannot all be under way."""
        self.socket.transport.pause_reading()
        self.socket.send(resume(None) * ASKED)

    async def read_on(self, limit_s: float) -> int | str | None:
        """Read again until the connection ends or the time is over. Gives the close code, or "open".

        None stands for an end without a code.
        """
        self.socket.transport.resume_reading()
        try:
            async with asyncio.timeout(limit_s):
                await self.socket.closed.wait()
        except TimeoutError:
            self.socket.abort()
            return "open"
        return self.socket.close_code


async def campaign(ground: Any, rooms: int, acks: int, wait_s: float, figure: Callable[[str], None]) -> None:
    hub, judge, seats = ground.hub(), ground.judge(), ground.seeded.seats
    await hub.start()
    stalled = [Stalled(seat) for seat in seats[::5]]
    crowd = ground.crowd("s", window=1)
    crowd.scorers[:] = [one for one in crowd.scorers if one.seat not in seats[::5]]
    async with asyncio.timeout(120):
        await asyncio.gather(*(one.enter(hub.address, None) for one in stalled))
    crowd.start(hub.address)
    await crowd.more(acks)
    before, known = crowd.p99_ms(), max(len(one.times) for one in crowd.scorers)
    for one in stalled:
        one.stall()
    await crowd.more(acks + known * len(crowd.scorers))
    during = crowd.p99_ms(known)
    await asyncio.sleep(wait_s)
    await crowd.finish()
    codes = Counter(await asyncio.gather(*(one.read_on(max(wait_s, 3.0)) for one in stalled)))
    assert codes.keys() <= (ENDS if wait_s else {*ENDS, "open"})
    async with asyncio.timeout(120):
        await asyncio.gather(*(one.enter(hub.address, one.version) for one in stalled))
    await judge.close(crowd.scorers)
    heads = dict.fromkeys(ground.seeded.rooms, 0)
    for one in crowd.scorers:
        heads[one.seat.room_id] = max(heads[one.seat.room_id], *one.acked.values())
    assert [one.version for one in stalled] == [heads[one.seat.room_id] for one in stalled]
    factor = during / max(before, 0.001)
    figure(
        f"{len(stalled)} of {len(seats)} sockets stall, close codes {dict(codes)}: p99 of the others "
        f"{before:.0f} ms before, {during:.0f} ms during, factor {factor:.2f} (goal <= 2)"
    )
    for one in stalled:
        one.socket.abort()


async def test_a_few_stalled_readers(ground_on: Any, database_url: str, figure: Callable[[str], None]) -> None:
    await campaign(await ground_on(database_url, 2), 2, acks=60, wait_s=0, figure=figure)


@pytest.mark.slow
async def test_stalled_readers_are_closed(ground_on: Any, database_url: str, figure: Callable[[str], None]) -> None:
    await campaign(await ground_on(database_url, 20), 20, acks=1_000, wait_s=60, figure=figure)
