"""What a member, a sender or a side state might get past: unseen readings, mixed copies, locked rooms, cut uploads."""

import asyncio
from typing import Any

from sqlalchemy import update
from sqlmodel import col

from evaluation import commands as cmd
from evaluation.commands_states import PauseRoom
from expert_hub.rooms.documents.store import readings_of
from expert_hub.rooms.tables import SeatTenure
from tests.expert_hub.rooms.conftest import Table
from tests.expert_hub.rooms.documents.files import pdf
from tests.expert_hub.rooms.documents.test_routes import filed, listed

HIDDEN = (404, "hub/not-found")


async def seated(api: Any) -> tuple[Table, str]:
    """A room with one document and all identities confirmed; gives the path of the document."""
    table = Table(api, await api.room())
    row = await filed(api, table.room_id, pdf(2))
    api.hub.clock.move(hours=1)
    await table.sit()
    await table.give(table.operators[0], cmd.OpenCheckIn())
    for operator in table.operators:
        for seat in (await table._view(operator))["site"]["seats"]:
            await table.give(operator, cmd.ConfirmIdentity(seat["seat_id"]))
    return table, f"/rooms/{table.room_id}/documents/{row['id']}"


async def noted(api: Any, room: str) -> int:
    async with api.hub.database.read() as session:
        return len(await readings_of(session, room))


async def test_nobody_reads_unseen_and_copies_are_never_mixed(api: Any) -> None:
    table, path = await seated(api)
    await table.each(cmd.CheckIn(phone_locked=True))
    assert await api.refused("GET", path, "expert-0") == HIDDEN, "before the promise"
    await table.each(cmd.SignPromise(conflict_declared=False))
    part = await api.ask("GET", path, "expert-0", headers={"range": "bytes=1-"})
    assert part.status_code == 206
    assert await noted(api, table.room_id) == 1
    await api.ask("GET", path, "expert-0", headers={"range": "bytes=-20"})
    assert await noted(api, table.room_id) == 1
    api.hub.clock.move(minutes=11)
    await api.ask("GET", path, "expert-0", headers={"range": "bytes=-20"})
    assert await noted(api, table.room_id) == 2
    etag = part.headers["etag"]
    same = await api.ask("GET", path, "expert-0", headers={"if-none-match": etag})
    assert (same.status_code, same.content) == (304, b"")
    both = {"range": "bytes=0-9", "if-range": etag}
    assert (await api.ask("GET", path, "expert-0", headers=both)).status_code == 206
    for copy in (api.hub.settings.effective_documents_dir / ".work").glob("out-*"):
        copy.unlink()
    answers = await asyncio.gather(*(api.ask("GET", path, "expert-0", headers=both) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].headers["etag"] != etag, "it has another time in its marks"
    other = await api.ask("GET", path, "expert-1")
    assert other.headers["etag"] != answers[0].headers["etag"]
    await table.each(cmd.VoteLeader("s1"), cmd.ConfirmBriefing())
    await table.give(table.members["s1"], PauseRoom(reason="断网"))
    for account in ("expert-0", "expert-1", "supervisor"):
        assert await api.refused("GET", path, account) == HIDDEN, "a held room is locked"
        assert await listed(api, table.room_id, account) == []


async def test_a_member_who_declared_a_conflict_or_was_replaced_reads_nothing(api: Any) -> None:
    table, path = await seated(api)
    await table.each(cmd.CheckIn(phone_locked=True))
    own = {(await api.get(f"/rooms/{table.room_id}/view", f"expert-{n}"))["view"]["me"]["seat_id"]: n for n in range(3)}
    (conflicted, first), (replaced, second), _ = own.items()
    await table.give(table.members[replaced], cmd.SignPromise(conflict_declared=False))
    assert (await api.ask("GET", path, f"expert-{second}")).status_code == 200
    await table.give(table.members[conflicted], cmd.SignPromise(conflict_declared=True, reason="曾任职于投标人"))
    assert await api.refused("GET", path, f"expert-{first}") == HIDDEN
    async with api.hub.database.write() as session:
        left = update(SeatTenure).where(col(SeatTenure.seat_id) == replaced).values(is_current=False)
        await session.execute(left)
    assert await api.refused("GET", path, f"expert-{second}") == HIDDEN
    assert await api.refused("GET", f"/rooms/{table.room_id}/documents", f"expert-{second}") == HIDDEN


async def test_a_sender_cut_off_on_the_wire_leaves_nothing(api: Any) -> None:
    room = await api.room()
    host, _, port = api.address.partition(":")
    _, writer = await asyncio.open_connection(host, int(port))
    octets = pdf(2)
    head = f"PUT /api/v1/rooms/{room}/bids/B1/documents/technical?name=a.pdf HTTP/1.1\r\nhost: {api.address}\r\n"
    head += f"authorization: Bearer {api.tokens['host']}\r\ncontent-length: {len(octets) + 1}\r\n\r\n"
    writer.write(head.encode() + octets)
    await writer.drain()
    work = api.hub.settings.effective_documents_dir / ".work"
    async with asyncio.timeout(60):
        while not list(work.glob("in-*")):
            await asyncio.sleep(0.01)
        writer.close()
        await writer.wait_closed()
        while list(work.glob("in-*")):
            await asyncio.sleep(0.01)
    assert [path for path in work.parent.rglob("*") if path.is_file()] == []
    assert await api.get(f"/rooms/{room}/documents/filed", "host") == []
