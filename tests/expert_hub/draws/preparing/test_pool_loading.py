"""The library as a draw and as a second pass see it, on each engine."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from expert_hub.draws.preparing.pool_loading import load_library, load_members, load_plain_library
from expert_hub.draws.preparing.requests import Officers, request_of
from expert_hub.foundation.clock import FixedClock
from expert_hub.listings import service as listings
from expert_hub.sample.writer import SamplePaths
from scheduling.request import DrawRequest
from tests.expert_hub.draws.stories import Story, begun


@pytest.fixture
async def story(database_url: str, tmp_path: Path, clock: FixedClock, sample: SamplePaths) -> AsyncIterator[Story]:
    async with begun(database_url, tmp_path, clock, sample) as story:
        yield story


async def _request(story: Story) -> DrawRequest:
    lot_id = await story.register()
    async with story.hub.database.read() as session:
        lot, project = await listings.lot_and_project(session, lot_id)
    pack = listings.governing_pack(story.hub.packs, project)
    return request_of("r", listings.form_of(lot), pack, story.hub.packs["cn.centre_settings"], Officers("a"))


async def test_c17_seats_on_other_panels_are_known_to_a_draw_and_not_to_a_look(story: Story) -> None:
    draw_id = await story.panel()
    members = set(await story.members(draw_id))
    request = await _request(story)
    async with story.hub.database.read() as session:
        full = (await load_library(session, story.hub.means, request)).pool
        plain = (await load_plain_library(session, story.hub.means, request)).pool
    assert {full.candidate_ids[place] for place in full.engagements.owner.tolist()} == members
    assert len(plain.engagements.owner) == 0
    assert plain.candidate_ids == full.candidate_ids


async def test_members_are_loaded_with_their_ties_and_nobody_else(story: Story) -> None:
    one, two = (await story.holders("B0132"))[:2]
    await story.add_relation(one, "director", "样例开标公司")
    await story.add_relation(one, "kin", "", two)
    request = await _request(story)
    async with story.hub.database.read() as session:
        whole = (await load_plain_library(session, story.hub.means, request)).pool
        few = await load_members(session, request, [one, two])
    assert few.candidate_ids == (one, two)
    assert few.kin.tolist() == [[0, 1]]
    place = whole.candidate_ids.index(one)
    kinds = few.relations.kind[few.relations.owner == 0].tolist()
    assert kinds == whole.relations.kind[whole.relations.owner == place].tolist()
