from expert_hub.experts.bulk import insert_rows
from expert_hub.experts.import_plan import KnownPerson, KnownRegistration
from expert_hub.experts.import_store import (
    clear_children,
    known_people,
    known_registrations,
    lock_standings,
    prepare,
    registrations_of,
    rename_specialities,
    speciality_codes,
    speciality_names,
)
from expert_hub.experts.tables import Expert, ExpertSpeciality, LibraryRegistration, Speciality
from expert_hub.foundation.clock import FixedClock
from expert_hub.foundation.db import Database


async def fill(database: Database, clock: FixedClock) -> None:
    at = clock.now()
    async with database.write() as session:
        for name in ("e1", "e2"):
            session.add(
                Expert(
                    id=name,
                    name=name,
                    identity_index=f"i-{name}",
                    identity_sealed=b"",
                    identity_masked="",
                    born_on=at.date(),
                    mobile_sealed=b"",
                    mobile_masked="",
                    title="",
                    title_level="senior",
                    employer_name="",
                    employer_code="",
                    region_code="440100",
                    extra_regions=[],
                    standing="admitted",
                    created_at=at,
                    updated_at=at,
                )
            )
        await session.flush()
        rows = [("r1", "e1", "gp", "1"), ("r2", "e1", "other", "1"), ("r3", "e2", "gp", None)]
        for registration_id, expert_id, library, number in rows:
            session.add(
                LibraryRegistration(
                    id=registration_id,
                    expert_id=expert_id,
                    library=library,
                    number=number,
                    digest=f"d-{registration_id}",
                    payload={},
                    former_employers=[],
                    mobile_sealed=b"",
                    recorded_at=at,
                    recorded_row=2,
                )
            )
        await insert_rows(session, ExpertSpeciality, [{"expert_id": name, "code": "A01"} for name in ("e1", "e2")])
        await insert_rows(session, Speciality, [{"code": "A", "name": "工程", "level": 1, "parent": None}])


async def test_look_ups_of_a_chunk(database: Database, clock: FixedClock) -> None:
    await fill(database, clock)
    async with database.write() as session:
        await prepare(session)
        assert await known_people(session, {"i-e1", "i-e9"}) == {"i-e1": KnownPerson("e1", "e1")}
        first, third = (
            KnownRegistration("r1", "e1", "1", "d-r1"),
            KnownRegistration("r3", "e2", None, "d-r3"),
        )
        assert await known_registrations(session, "gp", {"e1"}, set()) == [first]
        assert await known_registrations(session, "gp", {"e2"}, {"1"}) == [third, first]
        assert sorted(row.id for row in await registrations_of(session, {"e1"})) == ["r1", "r2"]
        standings = await lock_standings(session, {"e1"})
        assert standings["e1"] == ("e1", "admitted", None, None, 1)


async def test_children_of_some_are_cleared(database: Database, clock: FixedClock) -> None:
    await fill(database, clock)
    async with database.write() as session:
        await clear_children(session, {"e1"})
        await clear_children(session, set())
        assert await session.get(ExpertSpeciality, ("e1", "A01")) is None
        assert await session.get(ExpertSpeciality, ("e2", "A01")) is not None


async def test_codes_are_renamed(database: Database, clock: FixedClock) -> None:
    await fill(database, clock)
    async with database.write() as session:
        await rename_specialities(session, [{"code": "A", "name": "新"}])
        assert await speciality_names(session) == {"A": "新"}
        assert await speciality_codes(session) == {"A"}
