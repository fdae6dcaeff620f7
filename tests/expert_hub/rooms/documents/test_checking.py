"""What is stored is hashed again, and what differs is named."""

from typing import Any

from expert_hub.rooms.documents.checking import check_room
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
    assert set(outcome.differing) == {f"{row['id']} {row['sha256']}" for row in rows[:2]}
