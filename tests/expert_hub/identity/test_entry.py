"""Who is asking, as the connection says it."""

from typing import Any

import pytest
from litestar.testing import RequestFactory

from expert_hub.identity.entry import COOKIE, ensure_origin, token_of
from expert_hub.identity.errors import OriginRefused


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
