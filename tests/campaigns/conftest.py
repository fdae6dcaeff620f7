"""What every campaign begins with: a nursery, rooms with members in a migrated database, a hub in front of them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from benchmarks.room_seeding import Seeded, seed_rooms
from expert_hub.foundation.db import Database
from tests.campaigns.crowd import Crowd, Scorer
from tests.campaigns.judge import Judge
from tests.campaigns.nursery import ForkedHub, Nursery, opened_nursery


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    with opened_nursery() as found:
        yield found


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Print a figure at the end of the run, from whichever process measured it."""

    def note(text: str) -> None:
        request.node.user_properties.append(("figure", text))

    return note


@dataclass
class Ground:
    """A database with rooms, and the hubs on it."""

    nursery: Nursery
    folder: Path
    url: str
    seeded: Seeded
    hubs: list[ForkedHub] = field(default_factory=list)
    crowds: list[Crowd] = field(default_factory=list)

    def hub(self, **env: str) -> ForkedHub:
        """One more hub on the database, not started."""
        settings = {
            "DATABASE_URL": self.url,
            "EXPERT_HUB_VAR_DIR": str(self.folder),
            "EXPERT_HUB_NOTIFIER": "file",
            "EXPERT_HUB_BEACONS": '["own"]',
        }
        self.hubs.append(ForkedHub(self.nursery, self.folder, {**settings, **env}))
        return self.hubs[-1]

    def crowd(self, name: str, count: int | None = None, window: int = 2) -> Crowd:
        """Members of the first `count` seats, or of all."""
        seats = self.seeded.seats[:count]
        self.crowds.append(
            Crowd([Scorer(f"{name}{n}", seat, self.seeded.items, window) for n, seat in enumerate(seats)])
        )
        return self.crowds[-1]

    def judge(self) -> Judge:
        """A judge over all rooms."""
        return Judge(self.url, self.seeded.rooms)

    async def clear(self) -> None:
        """End everything that still runs."""
        for crowd in self.crowds:
            await crowd.cancel()
        for hub in self.hubs:
            await hub.kill()


Prepare = Callable[..., Awaitable[Ground]]


@pytest.fixture
async def ground_on(nursery: Nursery, tmp_path: Path) -> AsyncIterator[Prepare]:
    """Makes the ground: `await ground_on(url, rooms)`; everything is cleared at the end."""
    made: list[Ground] = []

    async def prepare(url: str, rooms: int, **options: Any) -> Ground:
        folder = tmp_path / "var"
        database = Database(url)
        try:
            seeded = await seed_rooms(database, folder / "keys", rooms, **options)
        finally:
            await database.close()
        made.append(Ground(nursery, folder, url, seeded))
        return made[-1]

    yield prepare
    for ground in made:
        await ground.clear()
