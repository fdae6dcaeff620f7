"""Uncertain matches: the person is out, and somebody looks; on each engine."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from expert_hub.draws.conflicts.conflict_tables import ConflictReview
from expert_hub.foundation.clock import FixedClock
from expert_hub.sample.parties import BIDS, PROCURING_ENTITY
from expert_hub.sample.writer import SamplePaths
from tests.expert_hub.draws.stories import Story, begun

BIDDER = BIDS[0].bidder
ENDS = {"reason": "同名不同企业", "evidence": "工商档案"}


@pytest.fixture
async def story(database_url: str, tmp_path: Path, clock: FixedClock, sample: SamplePaths) -> AsyncIterator[Story]:
    async with begun(database_url, tmp_path, clock, sample) as story:
        yield story


async def _reviews(story: Story, expert_id: str, status: str = "open") -> list[dict[str, Any]]:
    found, after = [], ""
    for _ in range(20):
        page = await story.get(f"/conflict-reviews?status={status}&limit=50{after}", "supervisor")
        found += page["items"]
        if page["next"] is None:
            return [item for item in found if item["expert_id"] == expert_id]
        after = f"&after={page['next']}"
    raise AssertionError("the pages do not end")


async def _again(story: Story, draw: dict[str, Any]) -> dict[str, Any]:
    await story.post(f"/draws/{draw['id']}/void", "supervisor", {})
    return await story.request(draw["lot_id"])


async def test_cf_02_an_uncertain_match_is_an_exclusion_and_one_review(story: Story) -> None:
    expert = (await story.holders("B0132"))[0]
    await story.add_relation(expert, "need_planning", PROCURING_ENTITY.name)
    draw = await story.request(await story.register())
    (review,) = await _reviews(story, expert)
    assert (review["ground"], review["party_role"], review["state"]) == ("C12", "procuring_entity", "open")
    assert review["relation"]["kind"] == "need_planning"
    await _again(story, draw)
    assert len(await _reviews(story, expert)) == 1


async def test_a_match_that_is_none_is_cleared_for_draws_to_come(story: Story) -> None:
    expert = (await story.holders("B0132"))[0]
    await story.add_relation(expert, "need_planning", PROCURING_ENTITY.name)
    draw = await story.request(await story.register())
    (review,) = await _reviews(story, expert)
    path = f"/conflict-reviews/{review['id']}"
    ended = await story.post(path, "supervisor", {"verdict": "clear", **ENDS})
    assert ended["state"] == "clear"
    assert ended["decision_id"]
    other = await story.request(await story.register())
    assert [item for item in await _reviews(story, expert) if item["draw_id"] == other["id"]] == []
    assert (await story.refused(path, "supervisor", {"verdict": "conflict", **ENDS}))["code"] == "draws/review-closed"
    assert [entry["state"] for entry in await story.entries("draws/review-closed")] == ["clear"]
    assert draw["lot_id"] == ended["lot_id"]


async def test_cf_01_a_ground_of_law_is_not_cleared_but_confirmed_or_corrected(story: Story) -> None:
    one, two = (await story.holders("B0132"))[:2]
    for expert in (one, two):
        await story.add_relation(expert, "director", BIDDER.name)
    draw = await story.request(await story.register())
    (first,), (second,) = await _reviews(story, one), await _reviews(story, two)
    path = f"/conflict-reviews/{first['id']}"
    assert (await story.refused(path, "supervisor", {"verdict": "clear", **ENDS}))["code"] == "draw/pin-refused"
    assert (await story.refused(path, "supervisor", {"verdict": "conflict", "reason": "r"}))["code"] == (
        "draws/decision-incomplete"
    )
    assert (await story.post(path, "supervisor", {"verdict": "conflict", **ENDS}))["state"] == "conflict"
    corrected = {"verdict": "corrected", "reason": "已在专家库更正"}
    ended = await story.post(f"/conflict-reviews/{second['id']}", "supervisor", corrected)
    assert (ended["state"], ended["decision_id"]) == ("corrected", None)
    await _again(story, draw)
    assert await _reviews(story, one) == []


async def test_reviews_are_for_supervisors_and_auditors(story: Story) -> None:
    expert = (await story.holders("B0132"))[0]
    await story.add_relation(expert, "need_planning", PROCURING_ENTITY.name)
    await story.request(await story.register())
    review = (await story.rows(ConflictReview))[0]
    assert (await story.ask("GET", "/conflict-reviews", "centre")).status_code == 403
    assert (await story.ask("GET", "/conflict-reviews", "auditor")).status_code == 200
    for account in ("centre", "auditor"):
        problem = await story.refused(f"/conflict-reviews/{review.id}", account, {"verdict": "clear", **ENDS})
        assert problem["code"] == "identity/forbidden"
    assert (await story.refused("/conflict-reviews/none", "supervisor", {"verdict": "clear", **ENDS}))["status"] == 404
    blank = {"verdict": "corrected", "reason": " "}
    assert (await story.refused(f"/conflict-reviews/{review.id}", "supervisor", blank))["code"] == (
        "draws/decision-incomplete"
    )
