"""Log-in over HTTP on a real server."""

import asyncio
from typing import Any

from sqlalchemy import text

from expert_hub.identity.rules import Role
from expert_hub.identity.service import NewAccount, create_account

PASSWORD = "correct horse battery"


async def _operator(api: Any) -> None:
    new = NewAccount("op", "王操作", frozenset({Role.CENTRE_OPERATOR}), PASSWORD)
    async with api.hub.database.write() as session:
        await create_account(session, api.hub.clock, api.hub.chance, new)


async def test_a_log_in_gives_a_token_that_works_until_it_expires(api: Any) -> None:
    await _operator(api)
    answer = await api.post("/sessions", None, {"username": "op", "password": PASSWORD})
    api.tokens["op"] = answer["access_token"]
    assert await api.get("/me", "op") == {"username": "op", "roles": ["centre_operator"]}
    api.hub.clock.move(minutes=api.hub.settings.token_minutes)
    assert await api.refused("GET", "/me", "op") == (401, "identity/unauthenticated")


async def test_wrong_credentials_get_one_answer(api: Any) -> None:
    await _operator(api)
    for body in ({"username": "op", "password": "x"}, {"username": "nobody", "password": PASSWORD}):
        assert await api.refused("POST", "/sessions", None, body) == (401, "identity/login-refused")


async def test_a_body_of_another_form_is_named_with_its_place(api: Any) -> None:
    for body in ({}, {"username": "op"}, {"username": 3, "password": "x"}, {"username": "a", "password": "b", "c": 1}):
        assert await api.refused("POST", "/sessions", None, body) == (422, "hub/invalid-input")


async def test_log_ins_are_limited(api: Any) -> None:
    limit = api.hub.settings.logins_per_minute
    answers = [await api.ask("POST", "/sessions", json={"username": 1, "password": 1}) for _ in range(limit + 1)]
    assert {answer.status_code for answer in answers[:limit]} == {422}
    assert answers[limit].status_code == 429
    assert answers[limit].json()["code"] == "identity/too-many-logins"


async def test_a_log_in_does_not_wait_for_those_who_write(api: Any) -> None:
    async with api.hub.database.write() as session, asyncio.timeout(10):
        await session.execute(text("UPDATE account SET display_name = 'x' WHERE username = 'auditor'"))
        body = {"username": "nobody", "password": PASSWORD}
        assert await api.refused("POST", "/sessions", None, body) == (401, "identity/login-refused")


async def test_names_that_no_account_has_are_refused_alike_on_either_engine(api: Any) -> None:
    for username in ("a\x00b", "x" * 256):
        body = {"username": username, "password": PASSWORD}
        assert await api.refused("POST", "/sessions", None, body) == (422, "hub/invalid-input")
