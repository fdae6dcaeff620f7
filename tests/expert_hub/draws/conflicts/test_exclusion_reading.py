"""Exclusions for the auditor: readable when the draw is over, each reading in the ledger; on each engine."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from expert_hub.draws.tables import Draw
from expert_hub.foundation.clock import FixedClock
from expert_hub.sample.parties import BIDS
from expert_hub.sample.writer import SamplePaths
from tests.expert_hub.draws.stories import Story, begun

BIDDER = BIDS[0].bidder
WHY = {"reason": "投诉处理"}


@pytest.fixture
async def story(database_url: str, tmp_path: Path, clock: FixedClock, sample: SamplePaths) -> AsyncIterator[Story]:
    async with begun(database_url, tmp_path, clock, sample) as story:
        yield story


async def _read(story: Story, draw_id: str, **reading: Any) -> Any:
    return await story.post(f"/draws/{draw_id}/exclusions", "auditor", {**WHY, **reading})


async def test_cf_02_ground_parties_relation_dates_evidence_rule_and_pack_are_read(story: Story) -> None:
    expert = (await story.holders("B0132"))[0]
    await story.add_relation(expert, "director", BIDDER.name, BIDDER.uscc)
    draw_id = (await story.request(await story.register()))["id"]
    path = f"/draws/{draw_id}/exclusions"
    assert (await story.refused(path, "auditor", WHY))["code"] == "draws/exclusions-sealed"
    await story.post(f"/draws/{draw_id}/void", "supervisor", {})
    page = await _read(story, draw_id, expert_id=expert)
    (item,) = page["items"]
    assert page["next"] is None
    assert (item["ground"], item["rule_key"], item["number"]) == ("C02", "conflict.window_years", 0)
    assert item["citation"] == "政府采购法实施条例 第9条(2)"
    assert item["party"] == {"role": "bidder", "code": BIDDER.uscc, "name": BIDDER.name}
    assert (item["relation"]["kind"], item["relation"]["code"]) == ("director", BIDDER.uscc)
    assert item["relation"]["ends_on"] is None
    assert len(item["evidence_sha256"]) == len(item["pack_sha256"]) == 64
    assert item["at"].startswith("2026-03-02T01:")
    entry = (await story.entries("draws/exclusions-read"))[0]
    assert (entry["reason"], entry["shown"]) == ("投诉处理", 1)


async def test_all_exclusions_can_be_paged_through_once_everybody_has_checked_in(story: Story) -> None:
    draw = await story.request(await story.register())
    async with story.hub.database.write() as session:
        row = await session.get(Draw, draw["id"])
        assert row
        row.checked_in_at = story.clock.now()
    seen: list[tuple[str, str, str | None]] = []
    after: int | None = 0
    while after is not None:
        page = await _read(story, draw["id"], after=after, limit=100)
        seen += [(item["expert_id"], item["ground"], item["evidence_sha256"]) for item in page["items"]]
        after = page["next"]
    pool = set(await story.candidates(draw["id"]))
    assert {expert for expert, _, _ in seen} < pool
    counts = draw["counts"]["excluded"]
    for ground, count in counts.items():
        assert len({expert for expert, found, _ in seen if found == ground}) == count
    listed = await _read(story, draw["id"], ground="C16", limit=200)
    assert len({item["expert_id"] for item in listed["items"]}) == counts["C16"]
    assert len(await story.entries("draws/exclusions-read")) >= 3


async def test_only_auditors_read_and_say_why(story: Story) -> None:
    draw_id = (await story.request(await story.register()))["id"]
    await story.post(f"/draws/{draw_id}/void", "supervisor", {})
    path = f"/draws/{draw_id}/exclusions"
    for account in ("centre", "supervisor", "host"):
        assert (await story.refused(path, account, WHY))["code"] == "identity/forbidden"
    assert (await story.refused(path, "auditor", {"reason": " "}))["code"] == "draws/decision-incomplete"
    assert (await story.refused("/draws/none/exclusions", "auditor", WHY))["code"] == "hub/not-found"
    assert await story.entries("draws/exclusions-read") == []


async def test_what_the_second_pass_found_is_read_too(story: Story) -> None:
    draw_id = await story.panel()
    victim = sorted(await story.members(draw_id))[0]
    await story.add_relation(victim, "interest", "样例开标公司")
    story.clock.move(hours=2.6)
    await story.post(f"/draws/{draw_id}/opened-bidders", "centre", {"bidders": [{"name": "样例开标公司"}]})
    await story.agent.step()
    async with story.hub.database.write() as session:
        row = await session.get(Draw, draw_id)
        assert row
        row.checked_in_at = story.clock.now()
    page = await _read(story, draw_id, expert_id=victim)
    assert [(item["number"], item["ground"], item["note"]) for item in page["items"]] == [(1, "C07", "review")]
