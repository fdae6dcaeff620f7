from typing import Any


async def test_the_centre_makes_and_ends_credentials(api: Any) -> None:
    made = await api.post("/relays", "centre", {"venue_id": "zhanjiang"})
    assert made["credential"].startswith(f"ehr1.{made['id']}.")
    listed = await api.get("/relays", "centre")
    assert [(row["id"], row["venue_id"], row["revoked_at"]) for row in listed] == [(made["id"], "zhanjiang", None)]
    for account in ("guest", "host", "supervisor", "admin"):
        assert await api.refused("POST", "/relays", account, {"venue_id": "zhanjiang"}) == (403, "identity/forbidden")
        assert await api.refused("DELETE", f"/relays/{made['id']}", account) == (403, "identity/forbidden")
    assert await api.refused("POST", "/relays", "centre", {"venue_id": "nowhere"}) == (404, "rooms/relay-venue-unknown")
    assert (await api.ask("DELETE", f"/relays/{made['id']}", "centre")).status_code == 204
    assert await api.refused("DELETE", f"/relays/{made['id']}", "centre") == (404, "rooms/relay-unknown")
