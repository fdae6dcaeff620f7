from typing import Any


async def test_the_catalogue_of_venues_is_public(api: Any) -> None:
    rows = await api.get("/venues")
    assert {row["id"]: row["workstations"] for row in rows}["zhanjiang"] == 8
