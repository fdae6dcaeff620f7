"""The second pass: members against the opened bidders, on each engine."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from expert_hub.draws.conflicts.conflict_tables import ExclusionRecord
from expert_hub.draws.tables import Draw
from expert_hub.foundation.clock import FixedClock
from expert_hub.sample.writer import SamplePaths
from scheduling.verify_draw import verify
from tests.expert_hub.draws.stories import Story, begun

OPENED = {"name": "样例开标公司", "uscc": "91110000600037341L"}


@pytest.fixture
async def story(database_url: str, tmp_path: Path, clock: FixedClock, sample: SamplePaths) -> AsyncIterator[Story]:
    async with begun(database_url, tmp_path, clock, sample) as story:
        yield story


async def _opened(story: Story, draw_id: str, *bidders: dict[str, Any]) -> Any:
    story.clock.move(hours=2.6)
    return await story.post(f"/draws/{draw_id}/opened-bidders", "centre", {"bidders": list(bidders)})


async def test_cf_03_a_member_tied_to_an_opened_bidder_is_replaced_and_the_transcript_passes(story: Story) -> None:
    draw_id = await story.panel()
    before = await story.members(draw_id)
    victim = sorted(before)[0]
    await story.add_relation(victim, "employment", "样例控股人")
    entered = await _opened(story, draw_id, {**OPENED, "uscc": "", "controllers": [{"name": "样例控股人"}]})
    assert entered == {"number": 1, "parties": 2}
    tasks = await story.get("/draw-tasks", "supervisor")
    assert [task["step"] for task in tasks] == ["reassess"]
    await story.agent.step()
    assert await story.entries("draws/reassessed") == [
        {"number": 1, "assessed": 6, "conflicts": 1, "exclusions": (await _records(story))[1].sha256}
    ]
    lost = before[victim]
    assert await story.entries("draws/conflict") == [{"number": 0, "seat": lost.seat, "position": lost.position}]
    assert (await story.get(f"/draws/{draw_id}", "supervisor"))["state"] == "vacant"
    await story.drawn(draw_id)
    await story.answer_all(draw_id)
    # Whoever was drawn for the seat is assessed as well.
    await story.agent.step()
    assert (await story.entries("draws/reassessed"))[1]["assessed"] == 1
    after = await story.members(draw_id)
    assert victim not in after
    assert len(after) == len(before)
    await story.agent.close(draw_id)
    await story.check_in(draw_id)
    await _passes(story, draw_id)


async def _records(story: Story) -> list[ExclusionRecord]:
    return sorted(await story.rows(ExclusionRecord), key=lambda row: row.number)


async def _passes(story: Story, draw_id: str) -> None:
    draw = await story.get(f"/draws/{draw_id}", "supervisor")
    policy = (await story.ask("GET", f"/draw-policies/{draw['policy']}", None)).content
    transcript = (await story.ask("GET", f"/draws/{draw_id}/transcript.json", "auditor")).content
    verdict = verify(transcript, policy, (draw["commitment"],))
    assert verdict.ok, [str(finding) for finding in verdict.findings]


async def test_nobody_is_replaced_without_a_ground(story: Story) -> None:
    draw_id = await story.panel()
    before = await story.members(draw_id)
    await _opened(story, draw_id, OPENED)
    await story.agent.step()
    assert (await story.entries("draws/reassessed"))[0]["conflicts"] == 0
    assert set(await story.members(draw_id)) == set(before)
    assert await story.get("/draw-tasks", "supervisor") == []
    assert (await story.refused(f"/draws/{draw_id}/reassessment", "supervisor", {"key_share": "00" * 32}))[
        "code"
    ] == "hub/not-found"


async def test_kin_who_were_found_late_both_leave(story: Story) -> None:
    draw_id = await story.panel()
    one, other = sorted(await story.members(draw_id))[:2]
    await story.add_relation(one, "kin", "", other)
    await _opened(story, draw_id, OPENED)
    await story.agent.step()
    assert (await story.entries("draws/reassessed"))[0]["conflicts"] == 2


async def test_tbl_22_bidders_are_not_entered_before_the_opening(story: Story) -> None:
    draw_id = await story.panel()
    body = {"bidders": [OPENED]}
    assert (await story.refused(f"/draws/{draw_id}/opened-bidders", "centre", body))["code"] == "draws/bids-not-opened"
    story.clock.move(hours=2.6)
    for account in ("supervisor", "auditor"):
        assert (await story.refused(f"/draws/{draw_id}/opened-bidders", account, body))["code"] == "identity/forbidden"
    wrong = {"bidders": [{"name": "x", "uscc": "123"}]}
    assert (await story.refused(f"/draws/{draw_id}/opened-bidders", "centre", wrong))["code"] == "hub/invalid-input"


async def test_a_draw_without_members_has_no_second_pass(story: Story) -> None:
    draw = await story.request(await story.register())
    story.clock.move(hours=2.6)
    body = {"bidders": [OPENED]}
    assert (await story.refused(f"/draws/{draw['id']}/opened-bidders", "centre", body))["code"] == "draws/wrong-state"


async def test_the_wrong_half_of_the_key_opens_nobody(story: Story) -> None:
    draw_id = await story.panel()
    await _opened(story, draw_id, OPENED)
    problem = await story.refused(f"/draws/{draw_id}/reassessment", "supervisor", {"key_share": "00" * 32})
    assert problem["code"] == "draws/key-share-wrong"
    assert await story.entries("draws/reassessed") == []


async def test_a_panel_that_waits_for_its_second_pass_opens_no_room(story: Story) -> None:
    draw_id = await story.panel(committee__size=7)
    lot_id = (await story.rows(Draw, Draw.id == draw_id))[0].lot_id
    await _opened(story, draw_id, OPENED)
    order = {"lot_id": lot_id, "host_venue": "guangzhou", "guest_venues": ["zhanjiang"], "representatives": []}
    problem = await story.refused("/rooms", "centre", order)
    assert (problem["code"], problem["facts"]["state"]) == ("rooms/not-ready", "unassessed")
