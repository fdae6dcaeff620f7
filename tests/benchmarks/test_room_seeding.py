from datetime import timedelta

import msgspec
from sqlalchemy import text

from benchmarks.room_seeding import SEATS, account_of, seed_rooms
from evaluation.protocol import Actor, RecordedEvent, decode_command
from evaluation.room import Room
from evaluation.stages import Stage
from expert_hub.foundation.chance import SystemChance
from expert_hub.foundation.db import Database
from expert_hub.foundation.migrations import migrate_now
from expert_hub.identity.tokens import account_in, load_token_key


async def test_seeded_rooms_are_rooms_in_which_members_score(tmp_path):
    import asyncio

    url = f"sqlite+aiosqlite:///{tmp_path / 'hub.db'}"
    await asyncio.to_thread(migrate_now, url)
    database = Database(url)
    seeded = await seed_rooms(database, tmp_path / "keys", 2, observers=3)
    assert (len(seeded.rooms), len(seeded.seats), len(seeded.observers)) == (2, 2 * SEATS, 3)
    async with database.read() as session:
        rows = list(await session.execute(text("SELECT room_id, text FROM room_record ORDER BY room_id, seq")))
        heads = {row.id: row for row in await session.execute(text("SELECT * FROM evaluation_room"))}
        tenures = list(await session.execute(text("SELECT account_id FROM seat_tenure ORDER BY room_id, id")))
    await database.close()
    for room_id in seeded.rooms:
        records = [msgspec.json.decode(one.text, type=RecordedEvent) for one in rows if one.room_id == room_id]
        room = Room.replay(records)
        head = heads[room_id]
        assert (room.stage, room.version, room.digest) == (Stage.DETAILED, head.version, head.digest)
        assert room.state.setup.room_id == room_id
        assert {one.tenure_id for one in room.state.seats.values()} == {f"{room_id}-t{n}" for n in range(1, SEATS + 1)}
        bid, item, full = seeded.items[-1]
        body = msgspec.json.encode({"type": "enter_score", "bid_id": bid, "criterion_id": item, "value": full})
        at = records[-1].at + timedelta(minutes=1)
        assert len(room.handle(decode_command(body), Actor("member", seat_id="s7"), at)) == 1
    assert [row.account_id for row in tenures] == [
        account_of(room, n) for room in seeded.rooms for n in range(1, SEATS + 1)
    ]
    key = load_token_key(tmp_path / "keys", SystemChance())
    assert account_in(key, seeded.seats[8].token, records[-1].at) == account_of(seeded.rooms[1], 2)
