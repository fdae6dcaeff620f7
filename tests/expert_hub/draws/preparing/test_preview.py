"""A look without a draw: figures, ways out, and nothing about who is tied to whom; on each engine."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from expert_hub.draws.tables import Draw
from expert_hub.experts.tables import Expert
from expert_hub.foundation.clock import FixedClock
from expert_hub.ledger.tables import LedgerEntry
from expert_hub.sample.writer import SamplePaths
from tests.expert_hub.draws.stories import Story, begun

OTHER = {"id": "B9", "name": "样例他公司", "uscc": "91110000600037341L", "quote_yuan": "10000000.00"}


@pytest.fixture
async def story(database_url: str, tmp_path: Path, clock: FixedClock, sample: SamplePaths) -> AsyncIterator[Story]:
    async with begun(database_url, tmp_path, clock, sample) as story:
        yield story


async def _look(story: Story, lot_id: str, **order: Any) -> Any:
    return await story.post("/draws/preview", "centre", {"lot_id": lot_id, **order})


async def test_figures_of_a_draw_that_is_not_made(story: Story) -> None:
    lot_id = await story.register()
    before = len(await story.rows(LedgerEntry))
    seen = await _look(story, lot_id)
    assert seen["is_feasible"] is True
    assert seen["problem"] is None
    assert 0 < float(seen["lottery"]["min_probability"]) <= float(seen["lottery"]["upper_bound"]) < 1
    assert float(seen["lottery"]["entropy_bits"]) > 20
    assert seen["counts"]["pool"] == 300
    assert [quota["quota_id"] for quota in seen["risk"]["quotas"]] == ["q1", "q2", "q3"]
    assert await story.rows(Draw) == []
    assert len(await story.rows(LedgerEntry)) == before


async def _few(story: Story) -> tuple[str, list[str]]:
    """A city with six who could sit, all of one speciality, five of whom are enough."""
    people = (await story.holders("B0132"))[:6]
    async with story.hub.database.write() as session:
        for expert_id in people:
            row = await session.get(Expert, expert_id)
            assert row
            row.region_code, row.extra_regions = "659001", []
    return "659001", people


@pytest.mark.parametrize("tied", [1, 3, 6])
async def test_cf_08_two_looks_that_differ_in_one_bidder_are_the_same(story: Story, tied: int) -> None:
    city, people = await _few(story)
    quotas = [
        {"id": "q1", "speciality": "B0132", "count": 3, "regions": [city], "alternates": 2},
        {"id": "q2", "speciality": "B0113", "count": 3, "regions": ["44"]},
    ]
    for expert_id in people[:tied]:
        await story.add_relation(expert_id, "interest", OTHER["name"], OTHER["uscc"])
    bidders = story.form()["bidders"]
    without = await story.register(committee__quotas=quotas)
    with_it = await story.register(committee__quotas=quotas, bidders=[*bidders, OTHER])
    avoided = await story.register(
        committee__quotas=quotas, committee__avoid=[{"name": OTHER["name"], "uscc": OTHER["uscc"], "reason": "r"}]
    )
    body = await _look(story, without)
    assert body["is_feasible"] is True
    assert await _look(story, with_it) == body
    assert await _look(story, avoided) == body


async def test_no_number_of_a_few_people_is_shown(story: Story) -> None:
    city, people = await _few(story)
    quotas = [
        {"id": "q1", "speciality": "B0132", "count": 2, "regions": [city], "alternates": 2},
        {"id": "q2", "speciality": "B0113", "count": 4, "regions": ["44"]},
    ]
    async with story.hub.database.write() as session:
        for expert_id in people[:2]:
            row = await session.get(Expert, expert_id)
            assert row
            row.standing = "suspended"
    seen = await _look(story, await story.register(committee__quotas=quotas))
    assert seen["is_feasible"] is True
    assert seen["counts"]["eligible"]["q1"] is None
    assert seen["lottery"] is None
    assert seen["risk"]["quotas"][0]["anonymity"] is None


async def test_ways_out_can_be_tried(story: Story) -> None:
    quotas = [
        {"id": "q1", "speciality": "B0132", "count": 3, "regions": ["440800"], "alternates": 9},
        {"id": "q2", "speciality": "B0113", "count": 3, "regions": ["44"]},
    ]
    lot_id = await story.register(committee__quotas=quotas)
    seen = await _look(story, lot_id)
    assert (seen["is_feasible"], seen["problem"]["code"], seen["lottery"]) == (False, "draw/pool-too-small", None)
    for offer in seen["problem"]["facts"]["relaxations"]:
        assert (await _look(story, lot_id, changes=offer["changes"]))["is_feasible"] is True


async def test_a_look_is_for_the_centre_and_for_lawful_requests(story: Story) -> None:
    lot_id = await story.register(committee__size=5)
    for account in ("supervisor", "auditor", "host"):
        problem = await story.refused("/draws/preview", account, {"lot_id": lot_id})
        assert problem["code"] == "identity/forbidden"
    assert (await story.refused("/draws/preview", "centre", {"lot_id": lot_id}))["code"] == "committee/too-small"
    assert (await story.refused("/draws/preview", "centre", {"lot_id": "x"}))["code"] == "hub/not-found"


async def test_seats_on_other_panels_do_not_show(story: Story) -> None:
    lot_id = await story.register()
    before = await _look(story, lot_id)
    await story.panel()
    assert await _look(story, lot_id) == before
