"""Transactions over HTTP on a real server."""

from typing import Any


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
