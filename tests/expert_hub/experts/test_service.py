from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from expert_hub.experts.errors import ChangedMeanwhile, DecisionIncomplete, ExpertNotFound, StandingNotAllowed
from expert_hub.experts.importing import ImportContext, import_library
from expert_hub.experts.rules import Standing
from expert_hub.experts.service import (
    Filters,
    NewStanding,
    change_standing,
    contact_of,
    get_expert,
    ids_of,
    known_specialities,
    list_experts,
    list_specialities,
)
from expert_hub.experts.tables import LibraryRegistration
from expert_hub.experts.views import ExpertSummary
from expert_hub.foundation.chance import SeededChance
from expert_hub.foundation.clock import FixedClock
from expert_hub.foundation.db import Database
from expert_hub.foundation.errors import InvalidInput
from expert_hub.foundation.vault import Vault
from expert_hub.ledger.store import entries_about
from expert_hub.sample.writer import write_sample

ON = date(2026, 3, 2)
DECISION = NewStanding(Standing.SUSPENDED, "未参加继续教育", "决定〔2026〕1号", ON)


@pytest.fixture
async def library(
    database: Database, clock: FixedClock, chance: SeededChance, vault: Vault, tmp_path: Path
) -> Database:
    path = write_sample(tmp_path, 120, 3, ON).experts
    async with database.write() as session:
        await import_library(session, path, ImportContext(clock, chance, vault))
    return database


async def everyone(database: Database, **filters: str) -> list[ExpertSummary]:
    found: list[ExpertSummary] = []
    after = None
    async with database.read() as session:
        while True:
            page = await list_experts(session, Filters(**filters), after, 7)
            found += page.items
            after = page.next
            if after is None:
                return found


async def test_pages_hold_everyone_once(library: Database) -> None:
    ids = [item.id for item in await everyone(library)]
    assert len(ids) > 110
    assert ids == sorted(set(ids))


async def test_filters_narrow_the_list(library: Database) -> None:
    people = await everyone(library)
    assert {item.id for item in await everyone(library, standing="suspended")} == {
        item.id for item in people if item.standing == "suspended"
    }
    assert {item.id for item in await everyone(library, region="4401")} == {
        item.id for item in people if item.region_code.startswith("4401")
    }
    with_descendants = {item.id for item in people if any(code.startswith("A08") for code in item.specialities)}
    assert {item.id for item in await everyone(library, speciality="A08")} == with_descendants
    assert len(with_descendants) > 3
    assert await everyone(library, region="%") == []


async def test_a_foreign_cursor_is_refused(library: Database) -> None:
    async with library.read() as session:
        with pytest.raises(InvalidInput):
            await list_experts(session, Filters(), "???")


async def test_one_expert_is_shown_masked_and_reached_in_clear(library: Database, vault: Vault) -> None:
    expert_id = (await everyone(library))[0].id
    async with library.read() as session:
        detail = await get_expert(session, expert_id)
        contact = await contact_of(session, vault, expert_id)
        for unknown in ("", "0" * 32):
            with pytest.raises(ExpertNotFound):
                await get_expert(session, unknown)
            with pytest.raises(ExpertNotFound):
                await contact_of(session, vault, unknown)
    assert detail.identity_masked[3:14] == "*" * 11
    assert contact.name == detail.name
    assert detail.mobile_masked == f"{contact.mobile[:3]}****{contact.mobile[-4:]}"


async def test_a_change_of_standing_is_recorded_with_its_decision(
    library: Database, clock: FixedClock, chance: SeededChance
) -> None:
    expert_id = (await everyone(library, standing="admitted"))[0].id
    async with library.write() as session:
        row = await change_standing(session, clock, chance, expert_id, "supervisor-1", DECISION)
        assert (row.standing, row.version) == ("suspended", 2)
    async with library.read() as session:
        detail = await get_expert(session, expert_id)
        entries = await entries_about(session, expert_id)
    change = detail.standing_changes[-1]
    assert (change.before, change.after, change.reason, change.decision_id, change.effective_on) == (
        "admitted",
        "suspended",
        DECISION.reason,
        DECISION.decision_id,
        ON,
    )
    assert [entry.kind for entry in entries] == ["experts/standing-changed"]
    assert DECISION.decision_id in entries[0].text
    assert DECISION.reason not in entries[0].text


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"reason": " "}, DecisionIncomplete),
        ({"decision_id": ""}, DecisionIncomplete),
        ({"effective_on": date(2026, 3, 3)}, DecisionIncomplete),
        ({"version": 9}, ChangedMeanwhile),
        ({"standing": Standing.APPLICANT}, StandingNotAllowed),
        ({"standing": Standing.ADMITTED}, StandingNotAllowed),
    ],
)
async def test_refused_changes_leave_everything_as_it_was(
    library: Database, clock: FixedClock, chance: SeededChance, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    expert_id = (await everyone(library, standing="admitted"))[0].id
    values = {name: getattr(DECISION, name) for name in DECISION.__struct_fields__} | changes
    with pytest.raises(refusal):
        async with library.write() as session:
            await change_standing(session, clock, chance, expert_id, "supervisor-1", NewStanding(**values))
    async with library.read() as session:
        assert (await get_expert(session, expert_id)).version == 1


async def test_an_unknown_expert_has_no_standing(library: Database, clock: FixedClock, chance: SeededChance) -> None:
    with pytest.raises(ExpertNotFound):
        async with library.write() as session:
            await change_standing(session, clock, chance, "nobody", "supervisor-1", DECISION)


async def test_specialities_are_listed_in_pages(library: Database) -> None:
    async with library.read() as session:
        first = await list_specialities(session, None, 2)
        second = await list_specialities(session, first.next, 2)
        assert await known_specialities(session, {"A", "A01", "Z"}) == {"A", "A01"}
    assert [node.code for node in first.items] == ["A", "A01"]
    third = second.items[0]
    assert (third.code, third.level, third.parent) == ("A02", 2, "A")


async def test_experts_are_found_by_id_or_by_a_number_that_is_theirs_alone(library: Database) -> None:
    async with library.write() as session:
        rows = list((await session.execute(select(LibraryRegistration).order_by(LibraryRegistration.id))).scalars())
        one, two = [row for row in rows if row.number][:2]
        third = next(row for row in rows if row.expert_id not in (one.expert_id, two.expert_id))
        # Another library gave the number of the second person to a third one.
        session.add(
            LibraryRegistration(
                id="other",
                expert_id=third.expert_id,
                library="other",
                number=two.number,
                digest="d",
                payload={},
                former_employers=[],
                mobile_sealed=b"",
                recorded_at=two.recorded_at,
                recorded_row=1,
            )
        )
        await session.flush()
        names = [one.expert_id, one.number or "", two.number or "", "nobody"]
        assert await ids_of(session, names) == {one.expert_id: one.expert_id, one.number: one.expert_id}
