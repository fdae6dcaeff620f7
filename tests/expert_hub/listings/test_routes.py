"""Transactions over HTTP on a real server."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from expert_hub.sample.tender import tender_document

STARTS_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


async def test_the_public_reads_projects_but_never_bidders_or_committee(api: Any) -> None:
    lot_id = await api.register()
    page = await api.get("/projects")
    assert [item["code"] for item in page["items"]] == ["SAMPLE-GP-0001"]
    answer = await api.ask("GET", f"/projects/{page['items'][0]['id']}")
    assert answer.json()["lots"][0]["id"] == lot_id
    for secret in ("样例智慧教育", "B0132", "representatives", "quote"):
        assert secret not in answer.text


async def test_projects_come_in_pages(api: Any) -> None:
    for number in range(5):
        await api.register(project__code=f"P{number}")
    seen: list[str] = []
    path = "/projects?limit=2"
    while path:
        page = await api.get(path)
        seen += [item["code"] for item in page["items"]]
        path = f"/projects?limit=2&after={page['next']}" if page["next"] else ""
    assert seen == ["P0", "P1", "P2", "P3", "P4"]


async def test_wrong_pages_are_refused(api: Any) -> None:
    for query in ("limit=0", "limit=201", "limit=x", "after=%25"):
        assert await api.refused("GET", f"/projects?{query}", None) == (422, "hub/invalid-input")


async def test_only_the_centre_registers_and_faults_are_listed(api: Any) -> None:
    for account in ("supervisor", "entity", "host"):
        status, code = await api.refused("POST", "/projects", account, {})
        assert status in (403, 422)
        assert code in ("identity/forbidden", "hub/invalid-input")
    answer = await api.ask("POST", "/projects", "centre", json={"project": {}})
    assert answer.json()["code"] == "hub/invalid-input"
    assert await api.refused("GET", "/projects/unknown", None) == (404, "hub/not-found")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("project__name", "a\x00b"),
        ("project__name", "名" * 256),
        ("project__code", ""),
        ("project__code", "x" * 65),
        ("project__region_code", "44010000"),
        ("project__category", "x" * 65),
        ("lot__code", "x" * 65),
        ("committee__size", 10**30),
        ("committee__alternates", -1),
        ("committee__alternates", 10**9),
        ("project__budget_yuan", "NaN"),
        ("project__budget_yuan", "1e30"),
        ("lot__bid_deadline", "0001-01-01T00:00:00+08:00"),
    ],
)
async def test_hostile_forms_get_the_same_answer_on_either_engine(api: Any, path: str, value: Any) -> None:
    form = json.loads(json.dumps(tender_document(STARTS_AT), default=lambda each: each.isoformat()))
    part, _, name = path.partition("__")
    form[part][name] = value
    status, code = await api.refused("POST", "/projects", "centre", form)
    assert (status, code.rpartition("/")[2]) in {(422, "invalid-input"), (422, "tender-form-invalid")}
    assert (await api.get("/projects"))["items"] == []


async def test_one_project_code_is_registered_once_however_many_ask(api: Any) -> None:
    form = json.loads(json.dumps(tender_document(STARTS_AT), default=lambda each: each.isoformat()))
    answers = await asyncio.gather(*(api.ask("POST", "/projects", "centre", json=form) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
