import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from expert_hub.foundation.chance import SeededChance
from expert_hub.foundation.clock import FixedClock
from expert_hub.foundation.db import Database
from expert_hub.foundation.errors import NotFound
from expert_hub.sample.venues import venues_document
from expert_hub.venues import service
from expert_hub.venues.errors import TooFewWorkstations, VenueFileInvalid
from expert_hub.venues.rules import VenueFile
from expert_hub.venues.service import Need

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def _need(count: int, hours: int = 0, **changes: object) -> Need:
    start = START + timedelta(hours=hours)
    values = {"venue_id": "zhanjiang", "count": count, "subject": "room", "starts_at": start}
    return Need(**{**values, "ends_at": start + timedelta(hours=4), **changes})  # type: ignore[arg-type]


@pytest.fixture
async def filled(database: Database, clock: FixedClock) -> Database:
    """The sample venues; Zhanjiang has 8 workstations."""
    async with database.write() as session:
        await service.register_venues(session, clock, msgspec.convert(venues_document(), VenueFile).venues)
    return database


async def test_registering_again_changes_nothing(filled: Database, clock: FixedClock) -> None:
    async with filled.write() as session:
        await service.register_venues(session, clock, msgspec.convert(venues_document(), VenueFile).venues)
        assert await service.workstation_count(session, "zhanjiang") == 8


async def test_a_workstation_is_never_booked_twice_at_one_time(
    filled: Database, clock: FixedClock, chance: SeededChance
) -> None:
    async def attempt() -> list[str]:
        async with filled.write() as session:
            return [row.id for row in await service.book(session, clock, chance, _need(3))]

    results = await asyncio.gather(*(attempt() for _ in range(6)), return_exceptions=True)
    taken = [seat for result in results if isinstance(result, list) for seat in result]
    assert len(taken) == len(set(taken)) == 6
    assert sum(isinstance(result, TooFewWorkstations) for result in results) == 4


async def test_half_open_times_touch_without_overlap_unless_a_gap_is_asked(
    filled: Database, clock: FixedClock, chance: SeededChance
) -> None:
    async with filled.write() as session:
        await service.book(session, clock, chance, _need(8))
        with pytest.raises(TooFewWorkstations):
            await service.book(session, clock, chance, _need(1, hours=4, gap_minutes=30))
        assert len(await service.book(session, clock, chance, _need(8, hours=4))) == 8


async def test_an_unknown_venue_is_refused(filled: Database, clock: FixedClock, chance: SeededChance) -> None:
    with pytest.raises(NotFound):
        async with filled.write() as session:
            await service.book(session, clock, chance, _need(1, venue_id="atlantis"))


@pytest.mark.parametrize("text", ["", "venues = 3", "[[venues]]\nid = 'x'", "not toml", "\udcff"])
def test_a_wrong_venue_file_is_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "venues.toml"
    path.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(VenueFileInvalid, match="venues.toml"):
        service.read_venue_file(path)


async def test_rooms_that_share_two_venues_do_not_wait_for_each_other(filled: Database) -> None:
    async def take(*venues: str) -> list[str]:
        async with filled.write() as session:
            names = await service.lock_venues(session, venues)
            await asyncio.sleep(0.05)
            return list(names)

    orders = [("zhanjiang", "guangzhou"), ("guangzhou", "zhanjiang")] * 3
    async with asyncio.timeout(20):
        assert await asyncio.gather(*(take(*order) for order in orders)) == [list(order) for order in orders]
    async with filled.write() as session:
        with pytest.raises(NotFound):
            await service.lock_venues(session, ("zhanjiang", "nowhere"))
