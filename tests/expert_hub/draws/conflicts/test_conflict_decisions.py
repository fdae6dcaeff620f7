"""Decisions of persons about single conflicts, on each engine."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from expert_hub.draws.conflicts.conflict_tables import ConflictDecision, ExclusionRecord
from expert_hub.draws.conflicts.exclusion_records import exclusions_in, opened_record
from expert_hub.foundation.clock import FixedClock
from expert_hub.sample.parties import AGENCY, PROCURING_ENTITY
from expert_hub.sample.writer import SamplePaths
from tests.expert_hub.draws.stories import Story, begun


@pytest.fixture
async def story(database_url: str, tmp_path: Path, clock: FixedClock, sample: SamplePaths) -> AsyncIterator[Story]:
    async with begun(database_url, tmp_path, clock, sample) as story:
        yield story


def _decision(lot_id: str, expert: str, **changes: Any) -> dict[str, Any]:
    base = {
        "lot_id": lot_id,
        "expert": expert,
        "state": "pinned_conflict",
        "ground": "C07",
        "reason": "投标人书面申请回避，经核实",
        "evidence": "函〔2026〕1号",
    }
    return {**base, **changes}


async def _grounds(story: Story, draw_id: str, expert_id: str) -> set[tuple[str, str]]:
    """Why an expert is out, as the sealed record says: (ground, note)."""
    row = next(row for row in await story.rows(ExclusionRecord) if row.draw_id == draw_id)
    people = await story.candidates(draw_id)
    found = exclusions_in(opened_record(story.hub.means, row), 0, people)
    return {(item.ground, item.note) for item in found if item.expert_id == expert_id}


async def test_cf_01_a_pinned_conflict_keeps_somebody_out_of_draws_to_come(story: Story) -> None:
    lot_id = await story.register()
    expert = (await story.holders("B0132"))[0]
    made = await story.post("/conflict-decisions", "supervisor", _decision(lot_id, expert))
    assert (made["expert_id"], made["state"], made["revoked_at"]) == (expert, "pinned_conflict", None)
    entry = (await story.entries("draws/conflict-decided"))[0]
    assert (entry["decision"], entry["ground"], len(entry["sha256"])) == (made["id"], "C07", 64)
    draw = await story.request(lot_id)
    assert await _grounds(story, draw["id"], expert) == {("C07", "pinned")}
    # It was about that lot only.
    other = await story.request(await story.register())
    assert await _grounds(story, other["id"], expert) == set()


async def test_a_decision_about_a_pair_holds_wherever_the_party_takes_part(story: Story) -> None:
    lot_id = await story.register()
    one, two = (await story.holders("B0132"))[:2]
    party = {"party_code": AGENCY.uscc, "party_name": AGENCY.name, "ground": "C10", "holds_everywhere": True}
    await story.post("/conflict-decisions", "supervisor", _decision(lot_id, one, **party))
    absent = {**party, "party_code": "91110000600037341L", "party_name": "样例不参加者"}
    await story.post("/conflict-decisions", "supervisor", _decision(lot_id, two, **absent))
    other = await story.request(await story.register())
    assert await _grounds(story, other["id"], one) == {("C10", "pinned")}
    assert await _grounds(story, other["id"], two) == set()


async def test_a_local_ground_may_be_pinned_clear_and_a_ground_of_law_not(story: Story) -> None:
    expert = (await story.holders("B0132"))[0]
    await story.add_relation(expert, "need_planning", PROCURING_ENTITY.name, PROCURING_ENTITY.uscc)
    lot_id = await story.register()
    clear = {"state": "pinned_clear", "ground": "C12", "party_code": PROCURING_ENTITY.uscc}
    await story.post("/conflict-decisions", "supervisor", _decision(lot_id, expert, **clear))
    assert await _grounds(story, (await story.request(lot_id))["id"], expert) == set()
    other = await story.request(await story.register())
    assert await _grounds(story, other["id"], expert) == {("C12", "review")}
    problem = await story.refused(
        "/conflict-decisions", "supervisor", _decision(lot_id, expert, state="pinned_clear", ground="C01")
    )
    assert problem["code"] == "draw/pin-refused"


async def test_the_newer_of_two_decisions_counts_and_a_revoked_one_does_not(story: Story) -> None:
    expert = (await story.holders("B0132"))[0]
    lot_id = await story.register()
    first = await story.post("/conflict-decisions", "supervisor", _decision(lot_id, expert, ground="C11"))
    story.clock.move(minutes=1)
    second = _decision(lot_id, expert, ground="C11", state="pinned_clear")
    made = await story.post("/conflict-decisions", "supervisor", second)
    draw = await story.request(lot_id)
    assert await _grounds(story, draw["id"], expert) == set()
    await story.post(f"/conflict-decisions/{made['id']}/revocation", "supervisor", {})
    assert (await story.refused(f"/conflict-decisions/{made['id']}/revocation", "supervisor", {}))["status"] == 404
    await story.post(f"/draws/{draw['id']}/void", "supervisor", {})
    again = await story.request(lot_id)
    assert await _grounds(story, again["id"], expert) == {("C11", "pinned")}
    listed = await story.get(f"/conflict-decisions?lot_id={lot_id}", "auditor")
    assert [item["id"] for item in listed] == [first["id"], made["id"]]
    assert [item["revoked_at"] is None for item in listed] == [True, False]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"expert": "nobody"}, "experts/not-found"),
        ({"reason": "  "}, "draws/decision-incomplete"),
        ({"evidence": ""}, "draws/decision-incomplete"),
        ({"holds_everywhere": True}, "draws/decision-incomplete"),
        ({"ground": "C16"}, "draw/pin-refused"),
        ({"ground": "C19"}, "draw/pin-refused"),
        ({"ground": "C13"}, "draw/pin-refused"),
        ({"ground": "X1"}, "hub/invalid-input"),
        ({"lot_id": "none"}, "hub/not-found"),
    ],
)
async def test_decisions_that_nobody_can_make(story: Story, changes: dict[str, Any], code: str) -> None:
    lot_id = await story.register()
    body = {**_decision(lot_id, (await story.holders("B0132"))[0]), **changes}
    assert (await story.refused("/conflict-decisions", "supervisor", body))["code"] == code
    assert await story.rows(ConflictDecision) == []


async def test_only_the_supervisor_decides(story: Story) -> None:
    lot_id = await story.register()
    body = _decision(lot_id, (await story.holders("B0132"))[0])
    for account in ("centre", "auditor", "host"):
        assert (await story.refused("/conflict-decisions", account, body))["code"] == "identity/forbidden"
    assert (await story.ask("GET", f"/conflict-decisions?lot_id={lot_id}", "centre")).status_code == 403
