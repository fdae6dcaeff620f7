"""Until all have checked in nobody learns who was drawn: not from an answer, a row, a log line or a position.

Paired worlds: the same hub, library and story twice, but another secret of the centre, so that others are drawn. Every
answer to centre, auditor, an expert who was not drawn and the public must be the same bytes, but for digests and ids.
"""

import json
import re
import shutil
import zlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import select
from sqlmodel import SQLModel
from structlog.testing import capture_logs

from expert_hub.draws.contributors.party_keys import create_keys, save_keys
from expert_hub.draws.drawing import names_vault
from expert_hub.draws.policy import CENTRE
from expert_hub.draws.preparing.frozen_pool import candidates_of, key_of
from expert_hub.draws.store import draw_by_id, positions_of
from expert_hub.draws.tables import Draw, DrawPool, DrawPosition, Invitation
from expert_hub.experts.tables import Expert
from expert_hub.foundation.chance import SeededChance
from expert_hub.foundation.clock import FixedClock
from expert_hub.identity.service import enter_seat
from expert_hub.identity.tokens import issue_token
from scheduling.leaves import candidates_by_pid
from tests.expert_hub.draws.ceremonies import Ceremonies
from tests.expert_hub.draws.stories import Story, begun

LENGTH = 4_096
READERS = ("centre", "auditor", "bystander", None)
LIBRARY = ("expert", "library_registration")
"""Tables of the expert library, by the beginning of their names: who is in it is known."""

_RANDOM = re.compile(r"[0-9a-f]{32,}|[A-Za-z0-9+/]{40,}={0,2}")


@dataclass
class World:
    """What readers were answered at each station of a story, and who was drawn in it."""

    answers: list[tuple[str, str, str | None, int, list[tuple[str, str]], str]] = field(default_factory=list)
    people: set[str] = field(default_factory=set)


def masked(text: str) -> str:
    """The text with everything that looks random replaced by the place of its first occurrence."""
    seen: dict[str, str] = {}
    return _RANDOM.sub(lambda found: seen.setdefault(found[0], f"<{len(seen)}:{len(found[0])}>"), text)


def paths_of(story: Story, draw: Draw) -> list[str]:
    """Every address that can be read about draws, invitations, rooms and the ledger."""
    app = story.client._transport.app  # type: ignore[attr-defined]
    values = {"draw_id": draw.id, "policy_hash": draw.policy or "0" * 64, "code": "a" * 16, "room_id": "0" * 32}
    found = []
    for route in app.routes:
        wanted = re.match(r"/api/v1/(draw|invitation|room|ledger|lot|project)", route.path)
        if wanted and "GET" in getattr(route, "methods", ()):
            path = re.sub(r"\{(\w+)(:\w+)?\}", lambda name: values.get(name[1], "1"), route.path)
            found.append(path.removeprefix("/api/v1"))
    return sorted(found)


async def look(story: Story, world: World, station: str) -> None:
    """Read everything as everybody."""
    (draw,) = await story.rows(Draw)
    for path in paths_of(story, draw):
        for reader in READERS:
            answer = await story.ask("GET", path, reader)
            headers = sorted((name, masked(value)) for name, value in answer.headers.items() if name != "date")
            world.answers.append((station, masked(path), reader, answer.status_code, headers, masked(answer.text)))


async def told(story: Story, world: World) -> None:
    """Three experts decline one after the other, the others accept; then the draw is closed."""
    draw_id = str((await story.request(await story.register()))["id"])
    await look(story, world, "requested")
    for station in ("committed", "cosigned", "contributed"):
        await story.agent.step()
        await look(story, world, station)
    await story.drawn(draw_id)
    await look(story, world, "drawn")
    for seat in (4, 1):
        seats = {row.seat: row.id for row in sorted(await story.rows(DrawPosition), key=lambda row: row.number)}
        await story.answer_one(seats[seat], accept=False)
        await look(story, world, f"seat {seat} is empty")
        await story.drawn(draw_id)
        await look(story, world, f"seat {seat} is drawn again")
    await story.answer_all(draw_id)
    await look(story, world, "ready")
    await story.agent.close(draw_id)
    await look(story, world, "closed")
    world.people |= set(await story.members(draw_id))


@pytest.fixture
def fresh_url(schema_on: str | Path, tmp_path: Path) -> Callable[[str], Awaitable[str]]:
    """Makes an empty migrated database; on PostgreSQL it is the same one, emptied."""

    async def make(name: str) -> str:
        if isinstance(schema_on, Path):
            shutil.copy(schema_on, tmp_path / f"{name}.db")
            return f"sqlite+aiosqlite:///{tmp_path / name}.db"
        connection = await asyncpg.connect(schema_on.replace("+asyncpg", ""))
        tables = ", ".join(f'"{table}"' for table in SQLModel.metadata.tables)
        await connection.execute(f"TRUNCATE {tables} CASCADE")
        await connection.close()
        return schema_on

    return make


async def played(number: int, url: str, folder: Path, sample: Any) -> World:
    """The story in one world; only the secret of the centre's chain is another."""
    keys = folder / "var" / "keys"
    keys.mkdir(parents=True)
    keys.chmod(0o700)
    save_keys(keys / "centre.party.json", create_keys(CENTRE, LENGTH, SeededChance(f"world {number}")))
    world = World()
    clock = FixedClock(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))
    async with begun(url, folder, clock, sample) as story:
        async with story.hub.database.write() as session:
            account = await enter_seat(session, clock, SeededChance("bystander"))
        story.tokens["bystander"] = issue_token(
            story.hub.token_key, account.id, clock.now(), timedelta(days=2), story.hub.chance
        )
        await told(story, world)
    return world


async def _compare(pairs: int, fresh_url: Any, folder: Path, sample: Any) -> None:
    first = await played(0, await fresh_url("world-0"), folder / "0", sample)
    assert {answer[0] for answer in first.answers} >= {"requested", "drawn", "seat 1 is empty", "ready", "closed"}
    assert {answer[3] for answer in first.answers} >= {200, 401, 403, 404}
    drawn = [first.people]
    for number in range(1, pairs + 1):
        other = await played(number, await fresh_url(f"world-{number}"), folder / str(number), sample)
        drawn.append(other.people)
        for one, two in zip(first.answers, other.answers, strict=True):
            assert one == two
    # The worlds do differ in what must not show.
    assert len({frozenset(people) for people in drawn}) == pairs + 1


async def test_five_paired_worlds_answer_alike(fresh_url: Any, tmp_path: Path, sample: Any) -> None:
    await _compare(5, fresh_url, tmp_path, sample)


@pytest.mark.slow
async def test_fifty_paired_worlds_answer_alike(fresh_url: Any, tmp_path: Path, sample: Any) -> None:
    await _compare(50, fresh_url, tmp_path, sample)


def texts_of(value: Any) -> str:
    """A value of a column as everything that can be read in it without a key."""
    if not isinstance(value, bytes):
        return str(value)
    found = [value.hex(), value.decode("latin-1")]
    with suppress(zlib.error):
        found.append(zlib.decompress(value).decode("latin-1"))
    return " ".join(found)


async def dump(ceremonies: Ceremonies, *, of_library: bool) -> str:
    """Every row of every table as text: those of the expert library, or all the others."""
    lines = []
    async with ceremonies.hub.database.read() as session:
        for name, table in sorted(SQLModel.metadata.tables.items()):
            if name.startswith(LIBRARY) is of_library:
                for row in await session.execute(select(table)):
                    lines.append(f"{name} " + " ".join(texts_of(value) for value in row))
    return "\n".join(lines)


async def secrets_of(ceremonies: Ceremonies, draw_id: str) -> tuple[set[str], set[str]]:
    """Ids, names and mobiles of who was drawn; and the codes that were sent to them."""
    async with ceremonies.hub.database.read() as session:
        draw = await draw_by_id(session, draw_id)
        assert draw is not None
        key = await key_of(session, ceremonies.means, draw, await ceremonies.share(draw_id))
        ids = {names_vault(key).open(row.expert_sealed) for row in await positions_of(session, draw_id)}
        people = [row for row in (await session.execute(select(Expert))).scalars() if row.id in ids]
        assert len(people) == len(ids) == 7
        rows = (await session.execute(select(Invitation))).scalars()
        codes = {ceremonies.hub.vault.open(row.code_sealed or b"") for row in rows if row.state != "declined"}
    mobiles = {ceremonies.hub.vault.open(row.mobile_sealed) for row in people}
    return ids | {row.name for row in people} | mobiles, codes


async def test_no_row_and_no_log_names_who_was_drawn(ceremonies: Ceremonies, recorder: Any, bench_worker: Any) -> None:
    with capture_logs() as logs:
        draw_id = await ceremonies.drawn()
        await bench_worker(recorder).work_off()
        await ceremonies.decline(draw_id, 2)
        await ceremonies.replace(draw_id)
        await bench_worker(recorder).work_off()
        before = await dump(ceremonies, of_library=False)
        await ceremonies.accept_all(draw_id)
        await ceremonies.close(draw_id)
    people, codes = await secrets_of(ceremonies, draw_id)
    after, library = await dump(ceremonies, of_library=False), await dump(ceremonies, of_library=True)
    # What is looked for would be found: the library holds ids and names.
    assert len([each for each in people if each in library]) >= 14
    assert len(recorder.sent) == 7
    assert {message.mobile for message in recorder.sent} <= people
    for text in (before, after, str(logs)):
        assert [each for each in people | codes if each in text] == []


async def test_places_of_a_class_are_in_an_order_that_the_library_does_not_know(ceremonies: Ceremonies) -> None:
    """Two draws on one library number the same people anew: a position tells the class and nothing more."""
    first, second = [await numbering(ceremonies, await ceremonies.request()) for _ in range(2)]
    assert first.keys() == second.keys()
    assert len(first) > 250
    same = [person for person in first if first[person] == second[person]]
    # Groups of one or two people keep some in their place by chance.
    assert len(same) < len(first) / 5


async def numbering(ceremonies: Ceremonies, draw_id: str) -> dict[str, tuple[Any, int]]:
    """Class, block and place in it by person; checked to be in the order of the pseudonyms."""
    async with ceremonies.hub.database.read() as session:
        draw = await draw_by_id(session, draw_id)
        assert draw is not None
        key = await key_of(session, ceremonies.means, draw, await ceremonies.share(draw_id))
        people = candidates_by_pid(key, await candidates_of(session, ceremonies.means, draw))
        pool = await session.get(DrawPool, draw_id)
    assert pool is not None
    groups: dict[Any, list[str]] = {}
    for text in zlib.decompress(pool.leaves).split(b"\n"):
        pid, _, number, block, *_ = json.loads(text)
        groups.setdefault((number is None, number, block), []).append(pid)
    assert list(groups) == sorted(groups)
    assert all(pids == sorted(pids) for pids in groups.values())
    return {people[pid]: (group, place) for group, pids in groups.items() for place, pid in enumerate(pids)}
