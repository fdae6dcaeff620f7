from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from expert_hub.experts.bulk import insert_rows, update_rows
from expert_hub.experts.rules import Relation
from expert_hub.experts.tables import Expert, LibraryRegistration
from expert_hub.foundation.db import Database

AT = datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC)


def expert(number: int, **changes: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "id": f"{number:032x}",
        "name": "王\n\t\\伟",
        "identity_index": f"{number:064x}",
        "identity_sealed": b"\x00\xff",
        "identity_masked": "110***********123X",
        "born_on": date(1970, 1, 1),
        "mobile_sealed": b"",
        "mobile_masked": "138****0000",
        "title": "",
        "title_level": "senior",
        "employer_name": "甲",
        "employer_code": "",
        "region_code": "440100",
        "extra_regions": ["440300"],
        "standing": "admitted",
        "appointed_on": None,
        "term_ends_on": date(2027, 1, 1),
        "version": 1,
        "created_at": AT,
        "updated_at": AT,
    }
    return usual | changes


async def test_every_type_of_value_comes_back_as_it_went_in(database: Database) -> None:
    rows = [expert(number) for number in range(3)]
    registration = {
        "id": "r",
        "expert_id": rows[0]["id"],
        "library": "gp",
        "number": None,
        "digest": "d",
        "payload": {"name": '"王"'},
        "former_employers": (Relation("employment", "甲", "", None, date(2026, 1, 1)),),
        "mobile_sealed": b"\x01",
        "recorded_at": AT,
        "recorded_row": 2,
    }
    async with database.write() as session:
        await insert_rows(session, Expert, rows)
        await insert_rows(session, LibraryRegistration, [registration])
        await insert_rows(session, Expert, [])
    async with database.read() as session:
        found = list((await session.execute(select(Expert).order_by(Expert.id))).scalars())  # type: ignore[arg-type]
        stored = (await session.execute(select(LibraryRegistration))).scalar_one()
    assert [{name: getattr(row, name) for name in rows[0]} for row in found] == rows
    assert stored.former_employers == [{"kind": "employment", "org_name": "甲", "ends_on": "2026-01-01"}]
    assert (stored.payload, stored.number, stored.recorded_at) == ({"name": '"王"'}, None, AT)


async def test_a_copy_as_first_statement_is_part_of_the_transaction(database: Database) -> None:
    try:
        async with database.write() as session:
            await insert_rows(session, Expert, [expert(1)])
            raise RuntimeError
    except RuntimeError:
        pass
    async with database.read() as session:
        assert (await session.execute(select(Expert))).all() == []


async def test_update_by_id_leaves_other_rows_and_columns_alone(database: Database) -> None:
    async with database.write() as session:
        await insert_rows(session, Expert, [expert(1), expert(2)])
        await update_rows(session, Expert, [{"id": expert(2)["id"], "extra_regions": ("4401",), "term_ends_on": None}])
        await update_rows(session, Expert, [])
    async with database.read() as session:
        found = list((await session.execute(select(Expert).order_by(Expert.id))).scalars())  # type: ignore[arg-type]
    assert [(row.extra_regions, row.term_ends_on) for row in found] == [
        (["440300"], date(2027, 1, 1)),
        (["4401"], None),
    ]
    assert found[1].name == expert(2)["name"]
