"""What the database holds against what members were promised: every acknowledged score once, unchanged."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import text

from evaluation.events import ScoreEntered
from evaluation.protocol import RecordedEvent, encode_record
from evaluation.room import Room
from expert_hub.foundation.db import Database
from expert_hub.ledger.service import verify
from tests.campaigns.crowd import Scorer

_record = msgspec.json.Decoder(RecordedEvent)
_AFTER = "SELECT seq, text FROM room_record WHERE room_id = :room AND seq > :seq ORDER BY seq"


class Judge:
    """Reads on where it stopped, and at the end everything once more."""

    def __init__(self, database_url: str, rooms: Sequence[str]) -> None:
        self._url = database_url
        self._texts: dict[str, list[str]] = {room: [] for room in rooms}
        self.stored: dict[str, tuple[str, ...]] = {}
        self.doubled: list[str] = []

    async def look(self, scorers: Sequence[Scorer]) -> int:
        """Everything promised up to now is stored once and as it was sent. Gives how many scores are stored."""
        promised = [(scorer, list(scorer.acked)) for scorer in scorers]
        database = Database(self._url)
        try:
            async with database.read() as session:
                for room, known in self._texts.items():
                    for seq, record in await session.execute(text(_AFTER), {"room": room, "seq": len(known)}):
                        assert seq == len(known) + 1
                        known.append(record)
                        self._take(room, record)
        finally:
            await database.close()
        assert self.doubled == []
        lost = [one for scorer, ids in promised for one in ids if one not in self.stored]
        assert lost == []
        altered = [one for scorer, ids in promised for one in ids if self.stored[one] != _as_sent(scorer, one)]
        assert altered == []
        return len(self.stored)

    def _take(self, room: str, record: str) -> None:
        found = _record.decode(record)
        if isinstance(found.event, ScoreEntered):
            event = found.event
            if found.command_id in self.stored:
                self.doubled.append(found.command_id)
            self.stored[found.command_id] = (room, event.seat_id, event.bid_id, event.criterion_id, event.value)

    async def close(self, scorers: Sequence[Scorer]) -> int:
        """All of it: nothing but what was sent, everything acknowledged, no record changed since it was first read."""
        count = await self.look(scorers)
        assert [(scorer.name, scorer.contradictions) for scorer in scorers if scorer.contradictions] == []
        for scorer in scorers:
            assert scorer.acked.keys() == scorer.sent.keys()
        sent = {one: _as_sent(scorer, one) for scorer in scorers for one in scorer.sent}
        assert self.stored == sent
        await self._whole()
        return count

    async def _whole(self) -> None:
        database = Database(self._url)
        try:
            async with database.read() as session:
                heads = {row.id: row for row in await session.execute(text("SELECT * FROM evaluation_room"))}
                for room, known in self._texts.items():
                    rows: Any = await session.execute(text(_AFTER), {"room": room, "seq": 0})
                    assert [row[1] for row in rows] == known
                    records = [_record.decode(one) for one in known]
                    assert [encode_record(record).decode() for record in records] == known
                    folded, head = Room.replay(records), heads[room]
                    assert (folded.version, folded.stage, folded.digest) == (head.version, head.stage, head.digest)
                audit = await verify(session)
                assert audit.ok
        finally:
            await database.close()


def _as_sent(scorer: Scorer, command_id: str) -> tuple[str, ...]:
    return (scorer.seat.room_id, scorer.seat.seat_id, *scorer.sent[command_id])
