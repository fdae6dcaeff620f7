import csv
from datetime import UTC, date, datetime
from pathlib import Path

from expert_hub.experts.candidates import candidate_records
from expert_hub.experts.columns import Column
from expert_hub.experts.importing import ImportContext, import_library
from expert_hub.foundation.chance import SeededChance
from expert_hub.foundation.clock import FixedClock
from expert_hub.foundation.codes import make_identity_number
from expert_hub.foundation.db import Database
from expert_hub.foundation.vault import Vault
from expert_hub.sample.writer import write_sample
from scheduling.pool import Pool

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
WANG, LI = (make_identity_number("440106", date(1970, 1, 1), number) for number in (1, 2))


async def load(database: Database, path: Path, clock: FixedClock, vault: Vault) -> None:
    async with database.write() as session:
        await import_library(session, path, ImportContext(clock, SeededChance("x"), vault))


async def test_records_hold_what_the_draw_needs_and_no_name(
    database: Database, clock: FixedClock, vault: Vault, tmp_path: Path
) -> None:
    wang = {
        Column.NAME: "王伟",
        Column.IDENTITY_NUMBER: WANG,
        Column.RELATIONS: f"kin|李四|{LI};director|乙公司||2020-01-01|",
        Column.LEAVE: "2026-03-01~2026-03-02;2026-01-01~2026-01-02",
        Column.EXTRA_REGIONS: "440300",
        Column.TERM_ENDS_ON: "2027-01-01",
    }
    li = {Column.NAME: "李四", Column.IDENTITY_NUMBER: LI, Column.STANDING: "suspended"}
    usual = {
        Column.MOBILE: "13800000000",
        Column.TITLE_LEVEL: "senior",
        Column.EMPLOYER: "甲公司",
        Column.REGION_CODE: "440100",
        Column.SPECIALITIES: "B01;A01",
        Column.STANDING: "admitted",
    }
    with (tmp_path / "f.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(Column))
        writer.writeheader()
        writer.writerows([usual | wang, usual | li])
    await load(database, tmp_path / "f.csv", clock, vault)
    async with database.read() as session:
        records = {record.standing: record for record in await candidate_records(session, AT)}
    first, second = records["admitted"], records["suspended"]
    assert first.kin == (second.candidate_id,)
    assert first.specialities == ("A01", "B01")
    assert first.leaves == ((date(2026, 3, 1), date(2026, 3, 2)),)
    assert [(each.kind, each.org_name, each.starts_on) for each in first.relations] == [
        ("director", "乙公司", date(2020, 1, 1))
    ]
    assert first.relations[0].relation_id
    assert (first.born_on, first.title_level, first.term_ends_on) == (date(1970, 1, 1), "senior", date(2027, 1, 1))
    assert (first.employer_name, first.region_code, first.extra_regions) == ("甲公司", "440100", ("440300",))
    assert second.kin == ()
    text = repr(records)
    assert [secret for secret in ("王伟", "李四", WANG, LI, "13800000000") if secret in text] == []


async def test_a_whole_sample_becomes_a_pool(
    database: Database, clock: FixedClock, vault: Vault, tmp_path: Path
) -> None:
    await load(database, write_sample(tmp_path, 300, 5, AT).experts, clock, vault)
    async with database.read() as session:
        records = await candidate_records(session, AT)
    assert [record.candidate_id for record in records] == sorted(record.candidate_id for record in records)
    assert len(Pool.from_records(records)) == len(records) > 290
    assert len({record.standing for record in records}) > 3


async def test_some_people_are_loaded_as_they_are_among_all(
    database: Database, clock: FixedClock, vault: Vault, tmp_path: Path
) -> None:
    await load(database, write_sample(tmp_path, 60, 3, AT).experts, clock, vault)
    async with database.read() as session:
        everyone = await candidate_records(session, AT)
        wanted = [record.candidate_id for record in everyone[5:15]]
        assert await candidate_records(session, AT, wanted) == everyone[5:15]
        assert await candidate_records(session, AT, []) == []
