from typing import Any

import pytest

from expert_hub.foundation.db import Database
from expert_hub.rooms.relay_access import add_relay, ensure_current, enter, list_relays, revoke_relay
from expert_hub.rooms.relay_errors import RelayRefused, RelaySuperseded, RelayUnknown, RelayVenueUnknown
from expert_hub.venues.tables import Venue


async def test_a_credential_proves_its_relay_until_it_is_revoked(database: Database, clock: Any, chance: Any) -> None:
    async with database.write() as session:
        session.add(Venue(id="zhanjiang", name="湛江", city_code="440800"))
        await session.flush()
        relay, credential = await add_relay(session, clock, chance, "zhanjiang")
        relay_id = relay.id
        assert credential.rpartition(".")[2] not in str(relay.model_dump())
        with pytest.raises(RelayVenueUnknown):
            await add_relay(session, clock, chance, "nowhere")
    async with database.write() as session:
        assert (await enter(session, clock, credential, "s1")).venue_id == "zhanjiang"
        await ensure_current(session, relay_id, "s1")
        await enter(session, clock, credential, "s2")
        with pytest.raises(RelaySuperseded):
            await ensure_current(session, relay_id, "s1")
        for forged in (
            None,
            "",
            "x",
            credential[:-1],
            credential + "0",
            f"ehr1.{relay_id}.",
            credential.upper(),
            "ehr1.\0.x",
        ):
            with pytest.raises(RelayRefused):
                await enter(session, clock, forged, "s3")
    async with database.write() as session:
        await revoke_relay(session, clock, relay_id)
        with pytest.raises(RelayUnknown):
            await revoke_relay(session, clock, relay_id)
        with pytest.raises(RelayRefused):
            await ensure_current(session, relay_id, "s2")
        with pytest.raises(RelayRefused):
            await enter(session, clock, credential, "s4")
        assert [(row.id, row.revoked_at is not None) for row in await list_relays(session)] == [(relay_id, True)]
