"""Rooms in memory: those that nobody needs are forgotten."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from expert_hub.rooms.live import LiveRooms


@dataclass(frozen=True)
class _Standing:
    viewer: str = "v"


@dataclass(eq=False)
class _Talk:
    room_id: str
    standing: _Standing = _Standing()


async def test_rooms_that_nobody_watches_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("expert_hub.rooms.live._KEPT_ROOMS", 2)
    rooms, watched = LiveRooms(), "watched"
    talk: Any = _Talk(watched)
    rooms.attach(talk)
    for number in range(5):
        async with rooms.alone_with(str(number)):
            assert rooms.get(watched) is not None
            assert rooms.get(str(number)) is not None
    assert [live.room_id for live in rooms.watched()] == [watched]
    rooms.detach(talk)
    for number in range(5):
        async with rooms.alone_with(str(number)):
            pass
    assert rooms.get(watched) is None


async def test_a_room_that_is_wanted_again_is_not_forgotten_with_the_idle_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("expert_hub.rooms.live._KEPT_ROOMS", 1)
    rooms = LiveRooms()
    async with rooms.alone_with("a") as first:
        pass
    async with rooms.alone_with("a") as again:
        for number in range(5):
            async with rooms.alone_with(str(number)):
                pass
        assert rooms.get("a") is again is first


async def test_who_gives_up_waiting_for_several_rooms_holds_none_and_frees_none_of_others() -> None:
    rooms, entered = LiveRooms(), asyncio.Event()

    async def want(*ids: str) -> None:
        async with rooms.alone_with_all(ids):
            entered.set()

    async with rooms.alone_with("b") as held:
        waits = asyncio.create_task(want("a", "b", "c"))
        await asyncio.sleep(0)
        waits.cancel()
        await asyncio.gather(waits, return_exceptions=True)
        assert held.lock.locked()
        async with asyncio.timeout(10):
            await want("a", "c")
    assert entered.is_set()
    async with asyncio.timeout(10):
        await want("a", "b", "c")


async def test_two_that_want_the_same_rooms_in_another_order_take_turns() -> None:
    rooms, turns = LiveRooms(), []

    async def enter(name: str, ids: list[str]) -> None:
        async with rooms.alone_with_all(ids):
            turns.append(name)
            await asyncio.sleep(0)
            turns.append(name)

    async with asyncio.timeout(60):
        await asyncio.gather(*(enter(f"{n}", ["a", "b", "c"][:: 1 if n % 2 else -1]) for n in range(6)))
    assert all(first == second for first, second in zip(turns[::2], turns[1::2], strict=True))
