"""Invitations over HTTP on a real server, with a real gateway at the other end."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from expert_hub.app import Hub, open_hub
from expert_hub.draws.calling.signatures import signed_headers
from expert_hub.foundation.chance import SeededChance
from expert_hub.foundation.clock import FixedClock
from expert_hub.foundation.settings import Settings

SECRET = "gateway-secret-of-32-characters!"
CALLBACK = "/invitations/callback"


@pytest.fixture
async def hub(database_url: str, tmp_path: Path, clock: FixedClock, gateway: Any) -> AsyncIterator[Hub]:
    """As everywhere, but its messages go to a gateway, and three parties draw without a beacon: no time passes."""
    settings = Settings(
        database_url=database_url,
        var_dir=tmp_path / "var",
        notifier="webhook",
        webhook_url=gateway.url,
        webhook_secret=SECRET,  # type: ignore[arg-type]
        public_url="https://hub.example.org",
        beacons=[],
    )
    hub = open_hub(settings, clock, SeededChance("hub"))
    yield hub
    await hub.database.close()


async def _draw(api: Any) -> str:
    return str(await api.draw(await api.register(), contributors=["auditor"]))


async def _posted(gateway: Any, count: int) -> list[Any]:
    async with asyncio.timeout(5):
        while len(gateway.posted) < count:
            await asyncio.sleep(0.01)
    return [each.json for each in gateway.posted]


def _code(message: Any) -> str:
    found = re.search(r"https://hub\.example\.org/i/(\w+)", message["text"])
    assert found
    return found[1]


async def _call_back(api: Any, body: Any, at: datetime | None = None, secret: str = SECRET, **headers: str) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    signed = signed_headers(secret.encode(), "report", at or api.hub.clock.now(), content)
    return await api.ask("POST", CALLBACK, content=content, headers={**signed, **headers})


async def test_dr_13_nothing_that_experts_receive_names_the_project(api: Any, gateway: Any) -> None:
    await _draw(api)
    messages = await _posted(gateway, 6)
    seen = json.dumps(messages, ensure_ascii=False)
    async with asyncio.timeout(5):
        # The gateway has the message a moment before the hub has noted it.
        while (view := await api.get(f"/invitations/{_code(messages[0])}"))["answer_by"] is None:
            await asyncio.sleep(0.01)
    seen += json.dumps(view, ensure_ascii=False)
    for secret in ("SAMPLE-GP", "校园网络", "南粤", "样例智慧", "粤海"):
        assert secret not in seen
    assert messages[0]["callback_url"] == "https://hub.example.org/api/v1/invitations/callback"
    assert view == {
        "state": "open",
        "starts_at": "2026-03-02T01:30:00Z",
        "place": "A",
        "phone": "020",
        "answer_by": "2026-03-02T01:10:00Z",
        "arrive_by": None,
        "withdraw_until": None,
    }


async def test_dr_13_a_place_that_names_the_entity_is_refused_before_the_draw(api: Any) -> None:
    lot_id = await api.register()
    form = (await api.get("/projects"))["items"][0]
    for place in (f"{form['name']}评标室", f"A {form['code']}"):
        refusal = await api.refused("POST", "/draws", "centre", {"lot_id": lot_id, "place": place, "phone": "020"})
        assert refusal == (422, "draws/order-tells-too-much")


async def test_the_holder_of_a_code_sees_what_became_of_the_invitation(api: Any, gateway: Any) -> None:
    await _draw(api)
    first, second, *_ = [_code(message) for message in await _posted(gateway, 6)]
    await api.post("/invitations/answer", None, {"code": first, "accept": True})
    view = await api.get(f"/invitations/{first.upper()}")
    assert (view["state"], view["answer_by"]) == ("accepted", None)
    # Arrival counts from acceptance; withdrawal ends an hour before the beginning.
    assert view["arrive_by"] == "2026-03-02T02:00:00Z"
    assert view["withdraw_until"] == "2026-03-02T00:30:00Z"
    await api.post("/invitations/answer", None, {"code": second, "accept": False})
    assert (await api.get(f"/invitations/{second}"))["state"] == "declined"
    assert await api.refused("GET", f"/invitations/{'a' * 16}", None) == (404, "draws/invitation-unknown")
    answer = await api.ask("GET", f"/invitations/{first}")
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")


async def test_codes_are_in_no_log_and_no_metric(api: Any, gateway: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    await _draw(api)
    code = _code((await _posted(gateway, 6))[0])

    async def explode(*_: Any) -> None:
        raise RuntimeError("defect")

    monkeypatch.setattr("expert_hub.draws.calling.invitations.look", explode)
    with capture_logs() as logs:
        assert (await api.ask("GET", f"/invitations/{code}")).status_code == 500
    assert [entry["path"] for entry in logs] == ["/api/v1/invitations/{code}"]
    assert code not in str([{**entry, "exc_info": None} for entry in logs])
    assert code not in (await api.client.get("/metrics")).text


async def test_an_answer_by_key_counts_and_the_code_still_opens_the_door(api: Any, gateway: Any) -> None:
    draw_id = await _draw(api)
    messages = await _posted(gateway, 6)
    for number, message in enumerate(messages):
        body = {"message_id": message["message_id"], "attempt": 1, "event_id": f"e{number}", "event": "key", "key": "1"}
        answer = await _call_back(api, body)
        assert (answer.status_code, answer.json()) == (200, {"applied": True})
    assert (await api.get(f"/draws/{draw_id}", "centre"))["state"] == "ready"
    entered = await api.post("/invitations/answer", None, {"code": _code(messages[0]), "accept": True})
    api.tokens["expert"] = entered["access_token"]
    assert (await api.get("/me", "expert"))["roles"] == ["expert"]


async def test_a_refusal_by_key_empties_the_seat_and_the_next_drawing_calls_one_expert(api: Any, gateway: Any) -> None:
    draw_id = await _draw(api)
    message = (await _posted(gateway, 6))[0]
    body = {"message_id": message["message_id"], "attempt": 1, "event_id": "e", "event": "key", "key": "2"}
    for applied in (True, True):
        assert (await _call_back(api, body)).json() == {"applied": applied}
    assert (await api.get(f"/draws/{draw_id}", "supervisor"))["state"] == "vacant"
    assert await api.drive(draw_id) == "inviting"
    messages = await _posted(gateway, 7)
    await asyncio.sleep(0.2)
    assert len({each["message_id"] for each in messages}) == len(gateway.posted) == 7


async def test_a_forged_stale_or_reflected_callback_changes_nothing(api: Any, gateway: Any) -> None:
    draw_id = await _draw(api)
    await _posted(gateway, 6)
    message = gateway.posted[0]
    body = {"message_id": message.json["message_id"], "attempt": 1, "event_id": "e", "event": "key", "key": "2"}
    now = api.hub.clock.now()
    signed = signed_headers(SECRET.encode(), "report", now, json.dumps(body).encode())
    forged = [
        await api.ask("POST", CALLBACK, json=body),
        await _call_back(api, body, secret="another-secret-of-32-characters!"),
        await _call_back(api, body, at=datetime(2026, 3, 2, 0, 54, 59, tzinfo=UTC)),
        await _call_back(api, body, at=datetime(2026, 3, 2, 1, 5, 1, tzinfo=UTC)),
        await api.ask("POST", CALLBACK, content=json.dumps(body | {"key": "1"}).encode(), headers=signed),
        await api.ask(
            "POST",
            CALLBACK,
            content=message.body,
            headers={name: message.headers[name] for name in ("expert-hub-timestamp", "expert-hub-signature")},
        ),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in forged} == {(401, "draws/signature-invalid")}
    # The same text for each: it does not tell what was wrong.
    assert len({answer.json()["detail"] for answer in forged}) == 1
    # A true report that somebody sends again after the window.
    assert (await _call_back(api, body)).status_code == 200
    api.hub.clock.move(minutes=6)
    replayed = await api.ask("POST", CALLBACK, content=json.dumps(body).encode(), headers=signed)
    assert replayed.status_code == 401
    assert (await api.get(f"/draws/{draw_id}", "supervisor"))["state"] == "vacant"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 422, "hub/invalid-input"),
        (b"\xff", 422, "hub/invalid-input"),
        ({"message_id": "m", "attempt": 1, "event_id": "e", "event": "exploded"}, 422, "hub/invalid-input"),
        ({"message_id": "m", "attempt": 1, "event_id": "e", "event": "key", "key": "12"}, 422, "hub/invalid-input"),
        ({"message_id": "m\x00", "attempt": 1, "event_id": "e", "event": "failed"}, 422, "hub/invalid-input"),
        (
            {"message_id": "m", "attempt": 1, "event_id": "e", "event": "failed", "at": "2026-03-02T01:00:00"},
            422,
            "hub/invalid-input",
        ),
        ({"message_id": "m", "attempt": 1, "event_id": "e", "event": "failed"}, 404, "draws/invitation-unknown"),
        (b" " * 20_000, 413, "hub/http"),
    ],
)
async def test_signed_nonsense_is_refused_with_its_fault(api: Any, body: Any, status: int, code: str) -> None:
    answer = await _call_back(api, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_officers_see_numbers_that_are_some_minutes_old(api: Any, gateway: Any) -> None:
    draw_id = await _draw(api)
    path = f"/draws/{draw_id}/invitations"
    codes = [_code(message) for message in await _posted(gateway, 6)]
    api.hub.clock.move(minutes=2)
    await api.post("/invitations/answer", None, {"code": codes[0], "accept": True})
    await api.post("/invitations/answer", None, {"code": codes[1], "accept": False})
    early = await api.get(path, "centre")
    assert early == {"as_of": "2026-03-02T01:00:00Z", "invited": 6, "accepted": 0, "open": 6}
    assert await api.drive(draw_id) == "inviting"
    await _posted(gateway, 7)
    api.hub.clock.move(minutes=3)
    later = await api.get(path, "auditor")
    assert later == {"as_of": "2026-03-02T01:05:00Z", "invited": 7, "accepted": 1, "open": 5}
    for account in ("entity", "host", "representative"):
        assert await api.refused("GET", path, account) == (403, "identity/forbidden")
    assert await api.refused("GET", "/draws/none/invitations", "centre") == (404, "hub/not-found")
