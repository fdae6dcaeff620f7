"""What is stored is hashed again, and what differs is named."""

from typing import Any

from sqlalchemy import delete, update
from sqlmodel import col

from expert_hub.rooms.documents.checking import check_room
from expert_hub.rooms.documents.tables import RoomDocument
from tests.expert_hub.rooms.documents.files import pdf
from tests.expert_hub.rooms.documents.test_routes import filed


async def test_an_altered_and_a_missing_file_are_named(api: Any) -> None:
    room, hub = await api.room(), api.hub
    rows = [await filed(api, room, pdf(pages)) for pages in (1, 2, 3)]
    storage, folder = hub.documents.storage, hub.settings.effective_documents_dir
    outcome = await check_room(hub.database, storage, room)
    assert (outcome.checked, outcome.differing) == (3, ())
    altered, missing = (folder / row["sha256"][:2] / row["sha256"] for row in rows[:2])
    altered.write_bytes(altered.read_bytes() + b"\n")
    missing.unlink()
    outcome = await check_room(hub.database, storage, room)
    assert outcome.checked == 3
    assert {(one.document_id, one.sha256, one.trouble) for one in outcome.differing} == {
        (rows[0]["id"], rows[0]["sha256"], "altered"),
        (rows[1]["id"], rows[1]["sha256"], "missing"),
    }


async def test_rows_that_differ_from_the_ledger_are_named(api: Any) -> None:
    room, hub = await api.room(), api.hub
    rows = [await filed(api, room, pdf(pages)) for pages in (1, 2, 3, 4)]
    withdrawn = f"/rooms/{room}/documents/filed/{rows[3]['id']}"
    assert (await api.ask("DELETE", withdrawn, "host")).status_code == 204
    assert (await check_room(hub.database, hub.documents.storage, room)).differing == ()
    async with hub.database.write() as session:
        moved = update(RoomDocument).where(col(RoomDocument.id) == rows[0]["id"]).values(bid_id="B2")
        await session.execute(moved)
        await session.execute(delete(RoomDocument).where(col(RoomDocument.id) == rows[1]["id"]))
    outcome = await check_room(hub.database, hub.documents.storage, room)
    assert {(one.document_id, one.sha256, one.trouble) for one in outcome.differing} == {
        (rows[0]["id"], rows[0]["sha256"], "not-in-ledger"),
        ("", rows[0]["sha256"], "only-in-ledger"),
        ("", rows[1]["sha256"], "only-in-ledger"),
    }
