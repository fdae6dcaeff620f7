"""Seats behind a relay whose link is cut, with relay and hub killed in between: nothing lost, doubled or altered."""

import asyncio
import contextlib
from typing import Any

import pytest

from evaluation.commands import EnterScore
from expert_hub.seat_client.client import SeatClient


async def _score(venue: Any, seat: SeatClient, rounds: int, pause_s: float) -> list[tuple[str, EnterScore]]:
    """Give scores one after the other without waiting for answers. Returns command ids and commands in order."""
    given = []
    for number in range(rounds):
        bid, item, full = venue.seeded.items[number % len(venue.seeded.items)]
        command = EnterScore(bid, item, str(number % (int(float(full)) + 1)))
        seat.submit(command)
        given.append((seat.unanswered[-1], command))
        await asyncio.sleep(pause_s)
    return given


async def _cut_and_killed(venue: Any, seats: list[SeatClient], cut_s: float) -> dict[str, int]:
    """Seats score before, in and after a cut; the relay and the hub die in it. Returns the figures."""
    rounds = 40
    pause_s = cut_s / rounds

    async def everyone() -> list[list[tuple[str, EnterScore]]]:
        return list(await asyncio.gather(*(_score(venue, seat, rounds, pause_s) for seat in seats)))

    before = await asyncio.gather(*(_score(venue, seat, 3, 0) for seat in seats))
    venue.wire.cut(silently=True)
    scoring = asyncio.create_task(everyone())
    await asyncio.gather(*(seat.until(lambda view: not view["uplink"]["online"], 60) for seat in seats))
    await asyncio.gather(*(seat.until(lambda view: view["uplink"]["kept"] > 0, 60) for seat in seats))
    await venue.kill_relay()
    await venue.start_relay()
    venue.hub.kill()
    await asyncio.to_thread(venue.hub.start)
    during = await scoring
    kept = sum(len(seat.unanswered) for seat in seats)
    venue.wire.mend()
    after = await asyncio.gather(*(_score(venue, seat, 3, 0) for seat in seats))
    await asyncio.gather(*(seat.settle(120) for seat in seats))
    stored = await venue.scores()
    figures = {"given": 0, "kept": kept, "lost": 0, "doubled": 0, "altered": 0, "disordered": 0}
    for number, seat in enumerate(venue.seeded.seats[: len(seats)]):
        given = [*before[number], *during[number], *after[number]]
        found = stored[seat.seat_id]
        names = [name for name, _ in found]
        figures["given"] += len(given)
        figures["lost"] += len({name for name, _ in given} - set(names))
        figures["doubled"] += len(names) - len(set(names))
        figures["altered"] += sum(dict(given)[name] != command for name, command in found)
        figures["disordered"] += names != [name for name, _ in given]
    return figures


async def _play(venue: Any, cut_s: float) -> dict[str, int]:
    await venue.start_relay()
    async with contextlib.AsyncExitStack() as stack:
        seats = [await stack.enter_async_context(venue.seat(number)) for number in range(5)]
        for seat in seats:
            await seat.until(lambda view: "my_sheet" in view and view["uplink"]["online"], 60)
        return await _cut_and_killed(venue, seats, cut_s)


FAULTS = ("lost", "doubled", "altered", "disordered")


async def test_a_cut_of_seconds_loses_nothing_with_relay_and_hub_killed(venue: Any) -> None:
    figures = await _play(venue, 3)
    assert figures["kept"] > 0
    assert {name: figures[name] for name in FAULTS} == dict.fromkeys(FAULTS, 0)


async def test_what_was_kept_arrives_after_a_kill_though_the_seats_have_gone_home(venue: Any) -> None:
    # Here nobody but the outbox of the relay can send a command once more.
    await venue.start_relay()
    given = []
    async with contextlib.AsyncExitStack() as stack:
        seats = [await stack.enter_async_context(venue.seat(number)) for number in range(3)]
        for seat in seats:
            await seat.until(lambda view: "my_sheet" in view and view["uplink"]["online"], 60)
        venue.wire.cut(silently=True)
        for seat in seats:
            await seat.until(lambda view: not view["uplink"]["online"], 60)
            given.append(await _score(venue, seat, 3, 0))
        for seat in seats:
            await seat.until(lambda view: view["uplink"]["kept"] == 3, 60)
    await venue.kill_relay()
    assert sum(map(len, (await venue.scores()).values())) == 0
    venue.wire.mend()
    await venue.start_relay()
    for number in range(3):
        async with venue.seat(number, direct=True) as seat:
            await seat.until(lambda view: "my_sheet" in view and len(view["my_sheet"]["scores"]) == 3, 60)
    stored = await venue.scores()
    assert [stored[seat.seat_id] for seat in venue.seeded.seats[:3]] == given


@pytest.mark.slow
async def test_a_cut_of_two_minutes_loses_nothing_on_either_engine(
    venue_on_each_engine: Any, engine_name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = await _play(venue_on_each_engine, 120)
    with capsys.disabled():
        print(f"\nrelay, cut of 120 s, {engine_name}: {figures}")
    assert figures["kept"] > 0
    assert {name: figures[name] for name in FAULTS} == dict.fromkeys(FAULTS, 0)
