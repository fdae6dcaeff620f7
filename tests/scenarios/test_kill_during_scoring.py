"""The server is killed while seven members score: what it acknowledged is there, once and unaltered, and work goes on.

Each member enters a score only after the acknowledgement of the one before, so the k-th acknowledgement of a seat
stands for the k-th score of its sheet.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import msgspec
from sqlalchemy import text

from evaluation.events import ScoreEntered
from evaluation.protocol import AckFrame, RecordedEvent
from evaluation.room import Room
from expert_hub.demo import committee as play
from expert_hub.demo.officers import fetch_report
from expert_hub.demo.story import begin, conclude, sitting
from expert_hub.demo.telling import silent
from expert_hub.foundation.db import Database
from expert_hub.ledger.service import verify
from expert_hub.seat_client.client import LinkNotice, Notice

RANKING = [
    (1, "广州样例智慧教育科技有限公司", "90.00"),
    (2, "佛山样例信息系统集成有限公司", "87.15"),
    (3, "深圳样例数智设备有限公司", "84.93"),
    (4, "东莞样例电教装备有限公司", "76.14"),
]
SCORES = 4 * 11 * 7
Score = tuple[str, str, str, str]
"""Command id, bid, item, value."""


@dataclass
class Witness:
    """What the clients saw: ids of acknowledged commands by seat in order, and how often each link came up."""

    at: int
    strike: Callable[[], None]
    acknowledged: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, int] = field(default_factory=dict)

    def watch(self, seat_id: str) -> Callable[[Notice], None]:
        """An observer for one seat; at the count it was told, it strikes, before anything else can happen."""
        self.acknowledged[seat_id], self.links[seat_id] = [], 0

        def look(notice: Notice) -> None:
            if isinstance(notice, LinkNotice):
                self.links[seat_id] += notice.linked
            elif isinstance(notice, AckFrame):
                self.acknowledged[seat_id].append(notice.command_id)
                if sum(map(len, self.acknowledged.values())) == self.at:
                    self.strike()

        return look


async def test_every_acknowledged_score_survives_kill_9_and_the_evaluation_goes_on(
    served_hub: Any, engine_name: str
) -> None:
    struck = asyncio.Event()

    def strike() -> None:
        served_hub.kill()
        struck.set()

    witness = Witness(Random(f"kill on {engine_name}").randrange(40, SCORES - 40), strike)
    async with asyncio.timeout(120), sitting(served_hub.stage, served_hub.address, silent) as room:
        leader = await begin(room.committee, silent)
        for seat_id, seat in room.committee.members.items():
            seat.observe(witness.watch(seat_id))
        scoring = asyncio.create_task(play.enter_scores(room.committee))
        await struck.wait()
        await served_hub.process.wait()
        promised = {seat_id: list(ids) for seat_id, ids in witness.acknowledged.items()}
        assert sum(map(len, promised.values())) >= witness.at
        assert not scoring.done()
        durable = scores_in(await records_of(served_hub.database_url))
        for seat_id, ids in promised.items():
            entered = durable[seat_id]
            assert [score[0] for score in entered[: len(ids)]] == ids
            # At most one more: it was committed, and its acknowledgement died with the server.
            assert len(ids) <= len(entered) <= len(ids) + 1
            assert [score[1:] for score in entered] == play.marks_of(room.committee, seat_id)[: len(entered)]

        await served_hub.start()
        await scoring
        after = scores_in(await records_of(served_hub.database_url))
        for seat_id, ids in witness.acknowledged.items():
            assert [score[0] for score in after[seat_id]] == ids
            assert [score[1:] for score in after[seat_id]] == play.marks_of(room.committee, seat_id)
            assert after[seat_id][: len(durable[seat_id])] == durable[seat_id]

        await play.submit_sheets(room.committee, silent)
        await conclude(room.committee, leader, silent)
        report, pdf = await fetch_report(room.desk, served_hub.stage, room.room_id)
    assert witness.links == dict.fromkeys(witness.acknowledged, 1)
    assert [(rank, bidder, str(total)) for rank, bidder, total in play.ranking(report)] == RANKING
    assert pdf.read_bytes().startswith(b"%PDF")
    await room_and_ledger_are_whole(served_hub.database_url)


async def records_of(database_url: str) -> list[RecordedEvent]:
    """Every record of the one room, as it stands in the database."""
    return [msgspec.json.decode(row[0], type=RecordedEvent) for row in await rows(database_url, "text", "room_record")]


async def rows(database_url: str, columns: str, table: str) -> list[Any]:
    """Some columns of a table, read without the program that wrote them."""
    order = " ORDER BY seq" if table == "room_record" else ""
    database = Database(database_url)
    async with database.read() as session:
        found = list(await session.execute(text(f"SELECT {columns} FROM {table}{order}")))
    await database.close()
    return found


def scores_in(records: list[RecordedEvent]) -> dict[str, list[Score]]:
    """What every seat entered, in order."""
    assert [record.seq for record in records] == list(range(1, len(records) + 1))
    entered: dict[str, list[Score]] = {f"s{number}": [] for number in range(1, 8)}
    for record in records:
        if isinstance(record.event, ScoreEntered):
            event = record.event
            entered[event.seat_id].append((record.command_id, event.bid_id, event.criterion_id, event.value))
    return entered


async def room_and_ledger_are_whole(database_url: str) -> None:
    """The room's head follows from its records alone, and every entry of the ledger fits."""
    room = Room.replay(await records_of(database_url))
    heads = await rows(database_url, "stage, version, digest", "evaluation_room")
    assert [tuple(head) for head in heads] == [("closed", room.version, room.digest)]
    database = Database(database_url)
    async with database.read() as session:
        audit = await verify(session)
    await database.close()
    assert (audit.ok, audit.size > 0) == (True, True)
