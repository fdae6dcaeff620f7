"""Thousands of hostile frames from the seats of one room: the process lives, notes no error, other rooms work on."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from benchmarks.room_client import Refused, RoomSocket, resume
from benchmarks.room_seeding import SEATS
from benchmarks.room_stage import socket_path
from tests.campaigns.crowd import Crowd
from tests.campaigns.hostility import KINDS, hostile_frame


async def attack(ground: Any, seat: Any, frames: int, kinds: Counter[str], closes: Counter[int | None]) -> None:
    """Send hostile frames as one member; whenever the hub closes, come again."""
    rng, sent = Random(f"hostile {seat.seat_id}"), 0
    while sent < frames:
        socket = RoomSocket(lambda *_: None)
        try:
            async with asyncio.timeout(60):
                await socket.open(ground.hubs[0].address, socket_path(seat.room_id), seat.token)
        except (OSError, Refused):
            await asyncio.sleep(0.05)
            continue
        socket.send(resume(None))
        while sent < frames and not socket.closed.is_set():
            kind, octets = hostile_frame(rng)
            kinds[kind] += 1
            sent += 1
            socket.send(octets)
            await asyncio.sleep(rng.choice((0, 0, 0.002, 0.01)))
        closes[socket.close_code] += 1
        socket.abort()


def faults_in(log: str) -> list[str]:
    """Lines of a server's log that speak of an error of its own."""
    found = []
    for line in log.splitlines():
        try:
            is_fault = json.loads(line).get("level") in ("error", "critical")
        except (ValueError, AttributeError):
            is_fault = "Traceback" in line or line.startswith(("ERROR", "CRITICAL"))
        if is_fault:
            found.append(line)
    return found


async def campaign(ground: Any, frames: int, figure: Callable[[str], None]) -> None:
    hub, kinds, closes = ground.hub(), Counter[str](), Counter[int | None]()
    await hub.start()
    seats = ground.seeded.seats
    everyone = ground.crowd("h", window=1)
    # The first room attacks, all but its last seat; the other rooms and that seat work.
    workers = Crowd(everyone.scorers[SEATS:])
    ground.crowds.append(workers)
    workers.start(hub.address)
    await workers.more(10 * len(workers.scorers))
    before, known = workers.p99_ms(), max(len(one.times) for one in workers.scorers)
    attackers = seats[: SEATS - 1]
    share = -(-frames // len(attackers))
    await asyncio.gather(*(attack(ground, seat, share, kinds, closes) for seat in attackers))
    during = workers.p99_ms(known)
    assert hub.is_alive()
    assert faults_in(hub.log.read_text("utf-8", errors="replace")) == []
    assert len(kinds) == len(KINDS)
    await workers.finish()
    witness = Crowd([everyone.scorers[SEATS - 1]])
    ground.crowds.append(witness)
    witness.start(hub.address)
    await witness.more(5)
    await witness.finish()
    scorers = [*workers.scorers, *witness.scorers]
    await ground.judge().close(scorers)
    codes = ", ".join(f"{code}: {count}" for code, count in sorted(closes.items(), key=str))
    figure(
        f"{sum(kinds.values())} hostile frames, closed with {codes}; 0 errors in the log; {len(scorers)} others used "
        f"{sum(one.links for one in scorers)} connections; p99 of other rooms "
        f"{before:.0f} ms before, {during:.0f} ms during, factor {during / max(before, 0.001):.2f} (goal < 2)"
    )


async def test_five_hundred_hostile_frames(ground_on: Any, database_url: str, figure: Callable[[str], None]) -> None:
    await campaign(await ground_on(database_url, 2), 500, figure)


@pytest.mark.slow
async def test_ten_thousand_hostile_frames(ground_on: Any, database_url: str, figure: Callable[[str], None]) -> None:
    await campaign(await ground_on(database_url, 4), 10_000, figure)
