"""Groups of commands: all that is acknowledged is stored once, whoever fails beside it."""

import asyncio
from collections import Counter
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from evaluation.commands import EnterScore
from evaluation.errors import EvaluationError
from evaluation.events import ScoreEntered
from evaluation.room import Room
from expert_hub.foundation.errors import NotFound, Unauthenticated
from expert_hub.rooms import store

SUBMIT = b'{"type":"submit_sheet"}'


async def test_commands_of_all_rooms_that_arrive_together_are_each_answered_and_stored_once(rooms: Any) -> None:
    calls, answers = [], Counter[str]()
    for room, room_id in enumerate(rooms.seeded.rooms):
        for seat, actor in enumerate(await rooms.actors(room)):
            for n in range(len(rooms.seeded.items)):
                body = rooms.score(n, "0" if n % 5 else "1000")
                calls.append((room_id, actor, f"c{seat}-{n}", body, rooms.hubs[(seat + n) % 2]))

    async def give(room_id: str, actor: Any, command_id: str, body: bytes, hub: Any) -> None:
        # Everything is sent twice, as after a cut link; one refused command sinks no other.
        both = await asyncio.gather(
            *(hub.command(room_id, actor, command_id, body) for _ in range(2)), return_exceptions=True
        )
        if all(isinstance(each, EvaluationError) for each in both):
            answers["refused"] += 1
        else:
            assert isinstance(both[0], int)
            assert both[0] == both[1]
            answers["kept"] += 1

    async with asyncio.timeout(120):
        await asyncio.gather(*(give(*call) for call in calls))
    items = len(rooms.seeded.items)
    bad = sum(n % 5 == 0 for n in range(items))
    assert answers == {"refused": 21 * bad, "kept": 21 * (items - bad)}
    for room, room_id in enumerate(rooms.seeded.rooms):
        records = await rooms.records(room)
        folded = Room.replay(records)
        entered = [record.command_id for record in records if isinstance(record.event, ScoreEntered)]
        assert Counter(entered) == Counter(f"c{seat}-{n}" for seat in range(7) for n in range(items) if n % 5)
        async with rooms.hub.database.read() as session:
            row = await store.room_by_id(session, room_id)
        assert row is not None
        assert (row.version, row.digest) == (folded.version, folded.digest)


async def test_a_group_that_fails_is_tried_again_one_by_one(rooms: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real, sizes = store.add_commands, []

    async def fragile(session: Any, rows: Any) -> None:
        sizes.append(len(rows))
        if any(row[1] == "poison" for row in rows):
            raise OSError("disk full")
        await real(session, rows)

    monkeypatch.setattr("expert_hub.rooms.store.add_commands", fragile)
    actors, room_id = await rooms.actors(), rooms.seeded.rooms[0]
    names = ["first", "a", "poison", "b", "c"]
    calls = [rooms.hubs[0].command(room_id, actors[n], name, rooms.score()) for n, name in enumerate(names)]
    outcomes = dict(zip(names, await asyncio.gather(*calls, return_exceptions=True), strict=True))
    assert isinstance(outcomes.pop("poison"), OSError)
    assert max(sizes) > 1
    assert sorted(outcomes.values()) == sorted(set(outcomes.values()))
    entered = [each.command_id for each in await rooms.records() if isinstance(each.event, ScoreEntered)]
    assert sorted(entered) == sorted(outcomes)
    assert (await rooms.hubs[0].shown(room_id, (await _standing(rooms)).viewer))[0].version == max(outcomes.values())


async def _standing(rooms: Any) -> Any:
    seat = rooms.seeded.seats[0]
    return await rooms.hubs[0].enter(seat.room_id, rooms.proof(seat.token))


async def test_what_comes_before_the_submission_counts_and_what_comes_after_is_refused(rooms: Any) -> None:
    """A member's last scores and the submission race through two processes; the stored order decides."""
    room_id, actors = rooms.seeded.rooms[0], await rooms.actors()
    state = Room.replay(await rooms.records()).state
    todo = [(b.bid_id, c) for b in state.valid_bids() for c in state.setup.criteria if c.kind != "formula"]
    calls = []
    for number, actor in enumerate(actors):
        for bid, item in todo:
            body = msgspec.json.encode(EnterScore(bid, item.criterion_id, item.low))
            calls.append(rooms.hubs[0].command(room_id, actor, f"{number}-{bid}-{item.criterion_id}", body))
    await asyncio.gather(*calls)
    for number, actor in enumerate(actors):
        late = [rooms.hubs[n % 2].command(room_id, actor, f"late-{number}-{n}", rooms.score(n, "1")) for n in range(6)]
        late.insert(3, rooms.hubs[number % 2].command(room_id, actor, f"submit-{number}", SUBMIT))
        outcomes = await asyncio.gather(*late, return_exceptions=True)
        submitted = outcomes.pop(3)
        assert isinstance(submitted, int)
        for outcome in outcomes:
            assert isinstance(outcome, EvaluationError) or outcome < submitted
    records = await rooms.records()
    assert Room.replay(records).stage == "consistency_check"
    async with rooms.hub.database.read() as session:
        ledger = await session.execute(text("SELECT count(*) FROM ledger_entry WHERE kind = 'rooms/stage'"))
        assert ledger.scalar_one() >= 1


async def test_whoever_was_closed_or_holds_no_seat_is_refused_without_harm_to_others(rooms: Any) -> None:
    room_id, actors = rooms.seeded.rooms[0], await rooms.actors()
    strangers = await rooms.actors(1)
    async with rooms.hub.database.write() as session:
        await session.execute(text("UPDATE account SET is_active = false WHERE id = :id"), {"id": actors[1].account_id})
    who = [actors[0], actors[1], strangers[0], actors[2]]
    calls = [rooms.hubs[0].command(room_id, actor, f"c{n}", rooms.score()) for n, actor in enumerate(who)]
    kept, closed, stranger, also = await asyncio.gather(*calls, return_exceptions=True)
    assert isinstance(closed, Unauthenticated)
    assert isinstance(stranger, NotFound)
    assert (isinstance(kept, int), isinstance(also, int)) == (True, True)
