"""Statements about conflicts, on each engine."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from expert_hub.draws.conflicts import conflict_store
from expert_hub.draws.conflicts.conflict_tables import ConflictDecision, CoService, DrawOpening
from expert_hub.foundation.clock import FixedClock
from expert_hub.sample.writer import SamplePaths
from tests.expert_hub.draws.stories import Story, begun


@pytest.fixture
async def story(database_url: str, tmp_path: Path, clock: FixedClock, sample: SamplePaths) -> AsyncIterator[Story]:
    async with begun(database_url, tmp_path, clock, sample) as story:
        yield story


def _decision(story: Story, name: str, lot_id: str, *, everywhere: bool, revoked: bool = False) -> ConflictDecision:
    now = story.clock.now()
    return ConflictDecision(
        id=name,
        lot_id=lot_id,
        holds_everywhere=everywhere,
        expert_id="e",
        state="pinned_conflict",
        ground="C07",
        party_code="",
        party_name="",
        reason="r",
        evidence="e",
        decided_by="s",
        decided_at=now,
        revoked_at=now if revoked else None,
    )


async def test_decisions_of_the_lot_and_those_that_hold_everywhere(story: Story) -> None:
    one, two = await story.register(), await story.register()
    async with story.hub.database.write() as session:
        session.add_all(
            [
                _decision(story, "a", one, everywhere=False),
                _decision(story, "b", two, everywhere=False),
                _decision(story, "c", two, everywhere=True),
                _decision(story, "d", one, everywhere=True, revoked=True),
            ]
        )
    async with story.hub.database.read() as session:
        assert [row.id for row in await conflict_store.decisions_for(session, one)] == ["a", "c"]
        assert [row.id for row in await conflict_store.decisions_of_lot(session, one)] == ["a", "d"]


async def test_the_newest_opening_counts(story: Story) -> None:
    draw_id = (await story.request(await story.register()))["id"]
    async with story.hub.database.write() as session:
        assert await conflict_store.newest_opening(session, draw_id) is None
        session.add_all(
            DrawOpening(draw_id=draw_id, number=number, bidders=[], entered_by="c", entered_at=story.clock.now())
            for number in (1, 3, 2)
        )
    async with story.hub.database.read() as session:
        newest = await conflict_store.newest_opening(session, draw_id)
        assert newest is not None
        assert newest.number == 3


async def test_pairs_from_a_day_on(story: Story) -> None:
    on = date(2026, 3, 2)
    async with story.hub.database.write() as session:
        session.add_all(
            CoService(one_index="a", other_index=other, on_date=on - timedelta(days=days))
            for other, days in (("b", 0), ("b", 1), ("c", 2))
        )
    async with story.hub.database.read() as session:
        rows = await conflict_store.services_since(session, on - timedelta(days=1))
        assert sorted((row.other_index, row.on_date.day) for row in rows) == [("b", 1), ("b", 2)]
        assert await conflict_store.known_services(session, ["a", "b", "c"], on) == {("a", "b")}
        assert await conflict_store.known_services(session, ["a", "c"], on) == set()
