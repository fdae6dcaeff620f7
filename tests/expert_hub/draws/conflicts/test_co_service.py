"""Pairs that sat together, and how often people were drawn, feed the draws to come; on each engine."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from expert_hub.draws.conflicts.co_service import note_panel
from expert_hub.draws.conflicts.conflict_tables import CoService
from expert_hub.draws.preparing.pool_loading import load_library
from expert_hub.draws.preparing.requests import Officers, request_of
from expert_hub.draws.tables import Draw
from expert_hub.foundation.clock import FixedClock
from expert_hub.listings import service as listings
from expert_hub.sample.writer import SamplePaths
from scheduling.request import DrawRequest
from tests.expert_hub.draws.stories import Story, begun


@pytest.fixture
async def story(database_url: str, tmp_path: Path, clock: FixedClock, sample: SamplePaths) -> AsyncIterator[Story]:
    async with begun(database_url, tmp_path, clock, sample) as story:
        yield story


async def _request(story: Story, lot_id: str) -> DrawRequest:
    packs = story.hub.packs
    async with story.hub.database.read() as session:
        lot, project = await listings.lot_and_project(session, lot_id)
    pack = listings.governing_pack(packs, project)
    return request_of("r", listings.form_of(lot), pack, packs["cn.centre_settings"], Officers("a"))


async def test_names_once_revealed_leave_each_pair_once(story: Story) -> None:
    draw_id = await story.panel()
    members = sorted(await story.members(draw_id))
    async with story.hub.database.write() as session:
        row = await session.get(Draw, draw_id)
        assert row
        row.checked_in_at = story.clock.now()
    assert sorted(await story.agent.names(draw_id)) == members
    assert await story.rows(CoService) != []
    assert sorted(await story.agent.names(draw_id)) == members
    pairs = await story.rows(CoService)
    assert len(pairs) == 6 * 5 // 2
    assert {row.on_date for row in pairs} == {date(2026, 3, 2)}
    # Only digests: the table names nobody.
    shown = {text for row in pairs for text in (row.one_index, row.other_index)}
    assert not shown & set(members)
    assert shown == {story.hub.vault.index(member) for member in members}


async def test_pairs_that_sat_together_too_often_are_kept_apart(story: Story) -> None:
    one, two, three = (await story.holders("B0132"))[:3]
    lot_id = await story.register()
    draw_id = (await story.request(lot_id))["id"]
    async with story.hub.database.write() as session:
        draw = await session.get(Draw, draw_id)
        assert draw
        await note_panel(session, story.hub.means, draw, [one, two, three])
        index = story.hub.vault.index
        low, high = sorted((index(one), index(two)))
        session.add_all(
            CoService(one_index=low, other_index=high, on_date=date(2026, 3, 2) - timedelta(days=days))
            for days in (10, 20, 30, 40, 50, 60, 400)
        )
    request = await _request(story, lot_id)
    async with story.hub.database.read() as session:
        pool = (await load_library(session, story.hub.means, request)).pool
    services = pool.services
    sat = [
        (pool.candidate_ids[a], pool.candidate_ids[b])
        for a, b in zip(services.one.tolist(), services.other.tolist(), strict=True)
    ]
    # Six days of the year before, the day of the evaluation for all three; none of 400 days ago.
    assert sat.count((min(one, two), max(one, two))) == 7
    assert len(sat) == 9


async def test_the_risk_counts_draws_whose_evaluation_is_over(story: Story) -> None:
    draw_id = await story.panel()
    members = set(await story.members(draw_id))
    lot_id = await story.register()
    request = await _request(story, lot_id)
    async with story.hub.database.read() as session:
        during = await load_library(session, story.hub.means, request)
    assert during.drawn == {}
    story.clock.move(days=1)
    async with story.hub.database.read() as session:
        after = await load_library(session, story.hub.means, await _request(story, await story.register()))
    assert after.drawn == dict.fromkeys(members, 1)
    story.clock.move(days=90)
    async with story.hub.database.read() as session:
        later = await load_library(session, story.hub.means, request)
        count = len((await session.execute(select(Draw.id))).all())
    assert (later.drawn, count) == ({}, 1)
