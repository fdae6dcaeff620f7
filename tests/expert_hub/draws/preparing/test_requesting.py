"""From the tender form to the frozen draw, and its refusals, on each engine."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from expert_hub.draws.conflicts.conflict_tables import ExclusionRecord
from expert_hub.draws.conflicts.exclusion_records import opened_record
from expert_hub.draws.tables import Draw, DrawPosition
from expert_hub.experts.tables import LibraryRegistration
from expert_hub.foundation.clock import FixedClock
from expert_hub.identity.tables import Account
from expert_hub.sample.writer import SamplePaths
from scheduling.verify_draw import verify
from tests.expert_hub.draws.stories import Story, begun

ORDER = {"place": "A", "phone": "020"}
DIRECT = {"reason": "r", "approver": "a", "evidence": "e", "consent": "c"}


@pytest.fixture
async def story(database_url: str, tmp_path: Path, clock: FixedClock, sample: SamplePaths) -> AsyncIterator[Story]:
    async with begun(database_url, tmp_path, clock, sample) as story:
        yield story


async def test_the_whole_request_is_committed_and_its_risk_shown(story: Story) -> None:
    lot_id = await story.register(
        committee__limits=[{"id": "l", "attribute": "title", "values": ["senior"], "min": 1}],
        committee__local={"regions": ["4401"], "max": 3},
        committee__traits=["great_social_effect"],
        committee__quotas__0__accept_ancestor=True,
    )
    draw = await story.request(lot_id)
    assert draw["counts"]["pool"] == 300
    assert draw["risk"]["level"] in ("low", "medium", "high")
    assert [quota["quota_id"] for quota in draw["risk"]["quotas"]] == ["q1", "q2", "q3"]
    again = await story.get(f"/draws/{draw['id']}", "auditor")
    assert (again["counts"], again["risk"]) == (draw["counts"], draw["risk"])
    row = (await story.rows(Draw))[0]
    request = msgspec.json.decode(row.fixed)["request"]
    assert [limit["limit_id"] for limit in request["limits"]] == ["l", "local"]
    assert request["committee"]["traits"] == ["great_social_effect"]
    assert request["quotas"][0]["accept_ancestor"] is True
    record = (await story.rows(ExclusionRecord))[0]
    assert hashlib.sha256(opened_record(story.hub.means, record)).hexdigest() == record.sha256
    assert (await story.entries("draws/requested"))[0]["exclusions"] == record.sha256


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"committee__size": 5}, "committee/too-small"),
        ({"committee__mandate": ""}, "committee/no-mandate"),
        ({"committee__alternates": 1}, "draw/too-few-alternates"),
        ({"committee__direct": {"experts": ["x"], **DIRECT}}, "committee/seats-mismatch"),
        (
            {"committee__size": 9, "committee__direct": {"experts": ["x", "y"], **DIRECT}},
            "draw/direct-not-allowed",
        ),
        (
            {
                "committee__size": 9,
                "committee__traits": ["complex"],
                "committee__direct": {"experts": ["x", "y"], **DIRECT, "approver": ""},
            },
            "draw/direct-without-approver",
        ),
        (
            {
                "committee__size": 9,
                "committee__traits": ["complex"],
                "committee__direct": {"experts": ["x", "y"], **DIRECT, "consent": ""},
            },
            "draw/direct-incomplete",
        ),
        ({"committee__quotas__0__speciality": "A9999"}, "draws/unknown-speciality"),
    ],
)
async def test_hard_errors_keep_their_code_and_leave_nothing(story: Story, changes: dict[str, Any], code: str) -> None:
    lot_id = await story.register(**changes)
    problem = await story.refused("/draws", "centre", {"lot_id": lot_id, **ORDER})
    assert problem["code"] == code
    assert problem["detail"]
    assert await story.rows(Draw) == []


async def test_an_unknown_directly_selected_expert_is_refused_and_noted(story: Story) -> None:
    direct = {"experts": ["nobody", "noone"], **DIRECT}
    lot_id = await story.register(committee__size=9, committee__traits=["complex"], committee__direct=direct)
    problem = await story.refused("/draws", "centre", {"lot_id": lot_id, **ORDER})
    assert (problem["code"], problem["facts"]) == ("draw/direct-excluded", {"count": 2, "grounds": ["unknown"]})
    assert [entry["code"] for entry in await story.entries("draws/refused")] == ["draw/direct-excluded"]


async def test_o87_48_selected_experts_sit_beside_the_drawn_ones_and_in_no_transcript(story: Story) -> None:
    chosen = [(await story.holders("B0132"))[0], (await story.holders("B0113"))[-1]]
    registrations = await story.rows(LibraryRegistration, LibraryRegistration.expert_id == chosen[1])
    direct = {"experts": [chosen[0], registrations[0].number or chosen[1]], **DIRECT}
    draw_id = await story.panel(committee__size=9, committee__traits=["complex"], committee__direct=direct)
    members = await story.members(draw_id)
    assert [members[expert].seat for expert in chosen] == [6, 7]
    assert [members[expert].is_direct for expert in chosen] == [True, True]
    assert len(members) == 8
    drawn = [row for row in await story.rows(DrawPosition) if not row.is_direct]
    assert len(drawn) == 6
    await story.agent.close(draw_id)
    await story.check_in(draw_id)
    draw = await story.get(f"/draws/{draw_id}", "supervisor")
    policy = (await story.ask("GET", f"/draw-policies/{draw['policy']}", None)).content
    transcript = (await story.ask("GET", f"/draws/{draw_id}/transcript.json", "auditor")).content
    verdict = verify(transcript, policy, (draw["commitment"],))
    assert verdict.ok, [str(finding) for finding in verdict.findings]
    assert not any(expert.encode() in transcript for expert in chosen)
    assert len(msgspec.json.decode(transcript)["outcomes"]) == 6


async def test_without_a_selected_expert_the_draw_ends(story: Story) -> None:
    chosen = (await story.holders("B0132"))[:2]
    lot_id = await story.register(
        committee__size=9, committee__traits=["complex"], committee__direct={"experts": chosen, **DIRECT}
    )
    draw_id = (await story.request(lot_id))["id"]
    await story.drawn(draw_id)
    rows = [row for row in await story.rows(DrawPosition) if row.is_direct]
    await story.answer_one(rows[0].id, accept=False)
    assert (await story.get(f"/draws/{draw_id}", "supervisor"))["state"] == "short"


async def test_ways_out_of_a_request_that_nobody_can_fill_can_be_sent_back(story: Story) -> None:
    lot_id = await story.register(
        committee__quotas=[
            {"id": "q1", "speciality": "B0132", "count": 3, "regions": ["440800"], "alternates": 9},
            {"id": "q2", "speciality": "B0113", "count": 3, "regions": ["44"]},
        ]
    )
    problem = await story.refused("/draws", "centre", {"lot_id": lot_id, **ORDER})
    assert (problem["status"], problem["code"]) == (409, "draw/pool-too-small")
    assert [entry["code"] for entry in await story.entries("draws/refused")] == ["draw/pool-too-small"]
    offers = problem["facts"]["relaxations"]
    assert len(offers) >= 2
    assert all(offer["zh"] and offer["en"] and offer["changes"] for offer in offers)
    changes = [change for offer in offers for change in offer["changes"]]
    assert not any(change["kind"] == "alternates" and int(change["values"][0]) < 2 for change in changes)
    for quota in problem["facts"]["quotas"]:
        assert quota["eligible"] == "<5" or quota["eligible"] >= 5
    draw = await story.request(lot_id, changes=offers[0]["changes"])
    assert draw["state"] == "requested"
    assert (await story.entries("draws/requested"))[0]["changes"] == len(offers[0]["changes"])


async def test_changes_that_do_not_fit_or_break_a_floor_are_refused(story: Story) -> None:
    lot_id = await story.register()
    body = {"lot_id": lot_id, **ORDER, "changes": [{"kind": "venue_group", "target": "q1"}]}
    assert (await story.refused("/draws", "centre", body))["code"] == "draws/change-invalid"
    body["changes"] = [{"kind": "alternates", "target": "q1", "values": ["0"]}]
    assert (await story.refused("/draws", "centre", body))["code"] == "draw/too-few-alternates"


async def test_dr_10_a_draw_on_site_waits_for_its_window(story: Story) -> None:
    form = story.form(lot__remote=False)
    for name in ("bid_deadline", "evaluation_starts_at", "evaluation_ends_at"):
        form["lot"][name] = form["lot"][name].replace("2026-03-02", "2026-03-20")
    lot_id = (await story.post("/projects", "centre", form))["lots"][0]["id"]
    assert (await story.refused("/draws", "centre", {"lot_id": lot_id, **ORDER}))["code"] == "draw/too-early"


async def test_who_asked_for_a_draw_does_not_supervise_it(story: Story) -> None:
    draw = await story.request(await story.register())
    async with story.hub.database.write() as session:
        row = await session.get(Draw, draw["id"])
        assert row
        row.requested_by = (
            await session.execute(select(Account.id).where(Account.username == "supervisor"))
        ).scalar_one()
    problem = await story.refused(f"/draws/{draw['id']}/proposal", "supervisor", {})
    assert problem["code"] == "draw/requester-supervises"
