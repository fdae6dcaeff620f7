"""Bid documents over HTTP on a real server: filed before check-in, read by those who see the bids, marked."""

import base64
import hashlib
import io
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pypdf import PdfReader

from evaluation.blind import blind_order
from expert_hub.ledger.service import entries_about
from expert_hub.rooms.service import setup_in
from tests.expert_hub.rooms.documents.files import SOUND, UNFIT, pdf
from tests.expert_hub.rooms.documents.seating import check_in

OCTETS = {"content-type": "application/octet-stream"}


async def put(api: Any, room: str, octets: bytes, /, **where: Any) -> Any:
    bid, part, name = where.get("bid", "B1"), where.get("part", "technical"), where.get("name", "技术方案.pdf")
    return await api.ask(
        "PUT",
        f"/rooms/{room}/bids/{bid}/documents/{part}",
        where.get("account", "host"),
        params={"name": name},
        content=octets,
        headers={**OCTETS, **where.get("headers", {})},
    )


async def filed(api: Any, room: str, octets: bytes, /, **where: Any) -> Any:
    answer = await put(api, room, octets, **where)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def code(api: Any, room: str, octets: bytes, /, **where: Any) -> tuple[int, str]:
    answer = await put(api, room, octets, **where)
    return answer.status_code, answer.json()["code"]


async def test_a_document_is_filed_listed_withdrawn_and_ledgered(api: Any) -> None:
    room, octets = await api.room(), pdf(3)
    digest = hashlib.sha256(octets)
    header = f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    first = await filed(api, room, octets, headers={"content-digest": header})
    assert (first["kind"], first["pages"], first["size"], first["sha256"]) == (
        "pdf",
        3,
        len(octets),
        digest.hexdigest(),
    )
    assert await filed(api, room, octets, account="centre") == first
    other = await filed(api, room, SOUND["zip"], bid="B2", part="price", name="../../报价.zip")
    assert other["title"] == "报价.zip"
    assert await api.get(f"/rooms/{room}/documents/filed", "centre") == [first, other]
    path = f"/rooms/{room}/documents/filed/{other['id']}"
    assert (await api.ask("DELETE", path, "host")).status_code == 204
    assert await api.refused("DELETE", path, "host") == (404, "hub/not-found")
    assert await api.get(f"/rooms/{room}/documents/filed", "host") == [first]
    async with api.hub.database.read() as session:
        rows = [row for row in await entries_about(session, room) if row.kind == "rooms/document"]
    bodies = [json.loads(row.text)["body"] for row in rows]
    assert [(body["change"], body["bid"]) for body in bodies] == [("filed", "B1"), ("filed", "B2"), ("withdrawn", "B2")]
    assert bodies[0]["sha256"] == first["sha256"]


async def test_what_is_wrong_is_refused_and_nothing_is_kept(api: Any) -> None:
    room = await api.room()
    assert await code(api, room, UNFIT["bomb"]) == (422, "rooms/document-refused")
    assert await code(api, room, pdf(), bid="B9") == (404, "hub/not-found")
    assert await code(api, room, pdf(), part="other") == (422, "hub/invalid-input")
    assert await code(api, room, SOUND["docx"], part="blind") == (422, "rooms/document-blind-kind")
    assert await code(api, room, pdf(), headers={"content-digest": "md5=x"}) == (400, "rooms/document-digest-malformed")
    wrong = f"sha-256=:{base64.b64encode(bytes(32)).decode()}:"
    assert await code(api, room, pdf(), headers={"content-digest": wrong}) == (422, "rooms/document-digest-mismatch")
    for account in ("guest", "entity", "expert-0", "stranger"):
        assert await code(api, room, pdf(), account=account) == (404, "hub/not-found"), account
    assert await api.get(f"/rooms/{room}/documents/filed", "centre") == []


async def test_only_who_sees_the_bids_reads_and_each_with_a_mark(api: Any) -> None:
    room = await api.room()
    row = await filed(api, room, pdf(2, title="样例智慧教育"))
    await filed(api, room, SOUND["docx"], bid="B2", part="business", name="商务.docx")
    for account in ("expert-0", "representative", "entity", "guest", "host", "supervisor", "auditor"):
        assert await listed(api, room, account) == [], account
        assert await api.refused("GET", f"/rooms/{room}/documents/{row['id']}", account) == (404, "hub/not-found")
    await check_in(api, room)
    assert await code(api, room, pdf(5)) == (409, "rooms/documents-closed")
    for account in ("entity", "guest", "host", "supervisor", "auditor"):
        assert await listed(api, room, account) == [], account
        assert await api.refused("GET", f"/rooms/{room}/documents/{row['id']}", account) == (404, "hub/not-found")
    assert [one["title"] for one in await listed(api, room, "expert-0")] == ["技术方案.pdf", "商务.docx"]
    alias = (await api.get(f"/rooms/{room}/view", "expert-0"))["view"]["me"]["alias"]
    answer = await api.ask("GET", f"/rooms/{room}/documents/{row['id']}", "expert-0")
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-type"] == "application/pdf"
    pages = [page.extract_text().replace("\n", "") for page in PdfReader(io.BytesIO(answer.content)).pages]
    assert all(alias in page for page in pages)
    assert len(pages) == 2
    assert await api.refused("GET", f"/rooms/{room}/documents/readings", "expert-0") == (404, "hub/not-found")


async def listed(api: Any, room: str, account: str) -> Any:
    return await api.get(f"/rooms/{room}/documents", account)


async def test_a_part_of_a_file_belongs_to_the_whole(api: Any) -> None:
    room = await api.room()
    row = await filed(api, room, pdf(2))
    await check_in(api, room)
    path = f"/rooms/{room}/documents/{row['id']}"
    whole = await api.ask("GET", path, "expert-1")
    part = await api.ask("GET", path, "expert-1", headers={"range": "bytes=10-99"})
    assert part.status_code == 206
    assert part.content == whole.content[10:100]
    assert part.headers["content-range"] == f"bytes 10-99/{len(whole.content)}"
    assert part.headers["etag"] == whole.headers["etag"]
    beyond = await api.ask("GET", path, "expert-1", headers={"range": "bytes=999999999-"})
    assert (beyond.status_code, beyond.json()["code"]) == (416, "rooms/document-range")


async def test_blind_files_have_a_place_of_their_own_for_every_seat(api: Any) -> None:
    room = await api.room()
    rows = [
        await filed(
            api, room, pdf(number + 1, title=f"投标人{number}"), bid=f"B{number}", part="blind", name=f"{number}.pdf"
        )
        for number in range(1, 6)
    ]
    await check_in(api, room)
    orders = []
    for seat in range(6):
        shown = await listed(api, room, f"expert-{seat}")
        assert [one["ref"] for one in shown] == [f"place-{place}-1" for place in range(1, 6)]
        text = json.dumps(shown, ensure_ascii=False)
        for row in rows:
            assert row["id"] not in text
            assert row["sha256"] not in text
        assert not {"bid_id", "title", "sha256", "size"} & {name for one in shown for name in one if one[name]}
        orders.append(tuple(one["pages"] for one in shown))
        assert await listed(api, room, f"expert-{seat}") == shown
    assert len(set(orders)) > 1
    assert orders == await _kernel_orders(api, room), "places of files are places of blind scores"
    answer = await api.ask("GET", f"/rooms/{room}/documents/place-1-1", "expert-0")
    reader = PdfReader(io.BytesIO(answer.content))
    assert len(reader.pages) == orders[0][0]
    assert b"\xe6\x8a\x95\xe6\xa0\x87\xe4\xba\xba" not in answer.content
    assert dict(reader.metadata or {}) == {"/Producer": "Expert Hub"}
    assert "place-1-1.pdf" in answer.headers["content-disposition"]
    assert await api.refused("GET", f"/rooms/{room}/documents/{rows[0]['id']}", "expert-0") == (404, "hub/not-found")


async def _kernel_orders(api: Any, room: str) -> list[tuple[int, ...]]:
    """Pages by place as the kernel orders the bids; the file of bid Bn has n + 1 pages."""
    async with api.hub.database.read() as session:
        setup = await setup_in(session, room)
    own = [(await api.get(f"/rooms/{room}/view", f"expert-{seat}"))["view"]["me"]["seat_id"] for seat in range(6)]
    tenures = {seat.seat_id: seat.tenure_id for seat in setup.seats}
    bids = [bid.bid_id for bid in setup.bids]
    return [tuple(int(bid[1:]) + 1 for bid in blind_order(setup.blind_seed, tenures[seat], bids)) for seat in own]


async def test_after_the_end_members_read_no_more_and_the_supervisor_sees_who_read(
    api: Any, closed_room: Callable[..., Awaitable[str]]
) -> None:
    rows: list[Any] = []

    async def before(room: str) -> None:
        rows.append(await filed(api, room, pdf(2)))

    async def during(room: str) -> None:
        for _ in range(2):
            assert (await api.ask("GET", f"/rooms/{room}/documents/{rows[0]['id']}", "expert-2")).status_code == 200

    room = await closed_room(before, during)
    assert await listed(api, room, "expert-2") == []
    assert await api.refused("GET", f"/rooms/{room}/documents/{rows[0]['id']}", "expert-2") == (404, "hub/not-found")
    for account in ("supervisor", "auditor"):
        assert [one["ref"] for one in await listed(api, room, account)] == [rows[0]["id"]]
        readings = await api.get(f"/rooms/{room}/documents/readings", account)
        assert [(one["document_id"], one["by"][:2]) for one in readings] == [(rows[0]["id"], "评委")] * 2


@pytest.mark.parametrize(
    "name", ['a"; x=1\r\nSet-Cookie: a=b.pdf', "<img src=x onerror=alert(1)>.pdf", "..\\..\\boot.ini"]
)
async def test_a_hostile_name_is_only_a_title(api: Any, name: str) -> None:
    room = await api.room()
    row = await filed(api, room, pdf(1), name=name)
    assert not set(row["title"]) & set('<>"\r\n/\\')
    await check_in(api, room)
    answer = await api.ask("GET", f"/rooms/{room}/documents/{row['id']}", "expert-0")
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-disposition"] == f'inline; filename="{row["id"]}.pdf"'
