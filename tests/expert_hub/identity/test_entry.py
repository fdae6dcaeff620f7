"""Who is asking, as the connection says it."""

import asyncio
from typing import Any

import pytest
from litestar.testing import RequestFactory

from expert_hub.identity.entry import COOKIE, ensure_origin, token_of
from expert_hub.identity.errors import OriginRefused
from expert_hub.identity.store import account_by_username


def _request(**headers: str) -> Any:
    return RequestFactory(server="hub.example").get("/", headers={"host": "hub.example", **headers})


def test_the_token_comes_from_header_or_cookie_never_from_the_address() -> None:
    assert token_of(_request(authorization="Bearer abc")) == "abc"
    assert token_of(_request(authorization="bearer  abc ")) == "abc"
    assert token_of(_request(cookie=f"{COOKIE}=abc")) == "abc"
    assert token_of(_request(authorization="Basic abc")) is None
    assert token_of(RequestFactory().get("/?token=abc&access_token=abc")) is None


@pytest.mark.parametrize("origin", ["http://hub.example", "https://hub.example", "https://other.example"])
def test_own_and_listed_origins_pass(origin: str) -> None:
    ensure_origin(_request(origin=origin), ["https://other.example"])


def test_programs_send_no_origin() -> None:
    ensure_origin(_request(), [])


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "", "https://hub.example.evil.example", "https://HUB.example:444"]
)
def test_other_origins_are_refused(origin: str) -> None:
    with pytest.raises(OriginRefused):
        ensure_origin(_request(origin=origin), ["https://other.example"])


async def test_a_token_that_proves_nothing_is_refused_even_where_none_is_needed(api: Any) -> None:
    api.tokens["forged"] = "a.b.c"
    assert await api.refused("GET", "/draws/x/transcript.json", "forged") == (401, "identity/unauthenticated")


async def test_the_account_of_a_token_that_was_closed_keeps_nobody_from_writing(api: Any) -> None:
    async with api.hub.database.write() as session:
        (await account_by_username(session, "auditor")).is_active = False
    body = {"lot_id": "x", "place": "A", "phone": "020"}
    refusals = await asyncio.gather(*(api.refused("POST", "/draws", "auditor", body) for _ in range(30)))
    assert set(refusals) == {(401, "identity/unauthenticated")}
    async with asyncio.timeout(10):
        await api.register()


async def test_a_page_of_another_site_changes_nothing_with_the_cookie_of_a_visitor(api: Any) -> None:
    cookie = {"cookie": f"{COOKIE}={api.tokens['centre']}"}
    for origin, status in (("https://evil.example", 403), ("null", 403), (f"http://{api.address}", 422)):
        answer = await api.ask("POST", "/projects", json={}, headers={**cookie, "origin": origin})
        assert answer.status_code == status, origin
    assert (await api.ask("GET", "/me", headers={**cookie, "origin": "https://evil.example"})).is_success


@pytest.mark.parametrize("path", ["/projects/%00", "/experts/a%00b", "/draws/%00/transcript.json", "/rooms/%00/view"])
async def test_a_nul_in_a_path_finds_nothing_on_either_engine(api: Any, path: str) -> None:
    assert await api.refused("GET", path, "supervisor") == (404, "hub/not-found")
