from typing import Any

import pytest

CHANGE = {"standing": "suspended", "reason": "未参加继续教育", "decision_id": "决定1号", "effective_on": "2026-03-02"}


async def test_reading_the_library(api: Any) -> None:
    page = await api.get("/experts?limit=3&speciality=A08&standing=admitted", "centre")
    assert len(page["items"]) == 3
    assert page["next"]
    assert all(item["identity_masked"][3:14] == "*" * 11 for item in page["items"])
    detail = await api.get(f"/experts/{page['items'][0]['id']}", "auditor")
    assert (detail["standing"], detail["version"]) == ("admitted", 1)
    assert "identity_index" not in detail
    nodes = (await api.get("/specialities?limit=1"))["items"]
    assert nodes == [{"code": "A", "name": "工程", "level": 1, "parent": None}]


async def test_who_may_not_read(api: Any) -> None:
    assert await api.refused("GET", "/experts", None) == (401, "identity/unauthenticated")
    for account in ("host", "entity", "representative"):
        assert await api.refused("GET", "/experts", account) == (403, "identity/forbidden")
        assert await api.refused("GET", "/experts/unknown", account) == (403, "identity/forbidden")
    assert await api.refused("GET", "/experts/unknown", "centre") == (404, "experts/not-found")


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "speciality=Z", "region=4", "standing=x", "after=%00"])
async def test_malformed_queries_are_refused(api: Any, query: str) -> None:
    status, code = await api.refused("GET", f"/experts?{query}", "centre")
    assert (status, code) == (422, "hub/invalid-input")


async def test_only_supervision_changes_the_standing(api: Any) -> None:
    expert = (await api.get("/experts?limit=1&standing=admitted", "supervisor"))["items"][0]["id"]
    path = f"/experts/{expert}/standing"
    for account in ("centre", "admin", "auditor", "entity"):
        assert await api.refused("POST", path, account, CHANGE) == (403, "identity/forbidden")
    changed = await api.post(path, "supervisor", CHANGE)
    assert (changed["standing"], changed["version"]) == ("suspended", 2)
    assert changed["standing_changes"][0]["decision_id"] == "决定1号"
    assert await api.refused("POST", path, "supervisor", CHANGE) == (409, "experts/standing-not-allowed")
    for wrong in ({}, CHANGE | {"standing": "x"}, CHANGE | {"more": 1}, CHANGE | {"reason": ""}):
        assert (await api.refused("POST", path, "supervisor", wrong))[0] == 422
    assert await api.refused("POST", "/experts/none/standing", "supervisor", CHANGE) == (404, "experts/not-found")
