import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select

from expert_hub.experts.columns import CHINESE_NAMES, Column
from expert_hub.experts.errors import FileMissing, NotATable
from expert_hub.experts.import_store import CHILD_TABLES
from expert_hub.experts.importing import ImportContext, ImportReport, import_catalogue, import_library
from expert_hub.experts.service import Filters, NewStanding, change_standing, get_expert, list_experts
from expert_hub.experts.specialities import CatalogueFault
from expert_hub.experts.tables import Expert, ExpertSpeciality, LibraryRegistration, Speciality, StandingChange
from expert_hub.experts.views import ExpertDetail
from expert_hub.foundation.chance import SeededChance
from expert_hub.foundation.clock import FixedClock
from expert_hub.foundation.codes import make_identity_number
from expert_hub.foundation.db import Database
from expert_hub.foundation.vault import Vault
from expert_hub.ledger.store import entries_about
from expert_hub.ledger.tables import LedgerEntry
from expert_hub.sample.spoil import SPOILERS, spoil_rows
from expert_hub.sample.writer import SampleOptions, write_sample

ON = date(2026, 3, 2)
Import = Callable[..., Any]
Row = dict[Column, str]


def person(number: int, **changes: str) -> Row:
    usual = {
        Column.LIBRARY_NO: f"GC-{number}",
        Column.NAME: f"专家{chr(0x4E00 + number)}",
        Column.IDENTITY_NUMBER: make_identity_number("440106", date(1970, 1, 1), number),
        Column.MOBILE: f"138{number:08d}",
        Column.TITLE: "高级工程师",
        Column.TITLE_LEVEL: "高级",
        Column.EMPLOYER: "甲公司",
        Column.REGION_CODE: "440100",
        Column.SPECIALITIES: "A01;B01",
        Column.STANDING: "在库",
    }
    return dict.fromkeys(Column, "") | usual | {Column(name): text for name, text in changes.items()}


def write(path: Path, rows: list[Row], encoding: str = "utf-8-sig", language: str = "zh") -> Path:
    header = [CHINESE_NAMES[column] if language == "zh" else str(column) for column in Column]
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *([row[column] for column in Column] for row in rows)])
    return path


@pytest.fixture
def run(database: Database, clock: FixedClock, chance: SeededChance, vault: Vault) -> Import:
    async def run_import(path: Path, library: str = "gp", **options: Any) -> ImportReport:
        clock.move(seconds=1)
        async with database.write() as session:
            return await import_library(session, path, ImportContext(clock, chance, vault, library, **options))

    return run_import


def counts(report: ImportReport) -> dict[str, int]:
    names = ("imported", "updated", "unchanged", "merged", "rejected")
    assert sum(getattr(report, name) for name in names) == report.rows
    return {name: getattr(report, name) for name in names if getattr(report, name)}


async def only_person(database: Database) -> ExpertDetail:
    async with database.read() as session:
        page = await list_experts(session, Filters())
        assert len(page.items) == 1
        return await get_expert(session, page.items[0].id)


async def count_of(database: Database, table: type[Any]) -> int:
    async with database.read() as session:
        return int((await session.execute(select(func.count()).select_from(table))).scalar_one())


async def test_a_file_in_gbk_with_a_chinese_header(run: Import, database: Database, tmp_path: Path) -> None:
    report = await run(write(tmp_path / "f.csv", [person(1), person(2)], "gbk"))
    assert (counts(report), report.encoding) == ({"imported": 2}, "gb18030")
    async with database.read() as session:
        names = [item.name for item in (await list_experts(session, Filters())).items]
    assert sorted(names) == sorted([person(1)[Column.NAME], person(2)[Column.NAME]])


async def test_english_header_and_the_same_content_again_in_chinese(run: Import, tmp_path: Path) -> None:
    english = person(1, standing="admitted", title_level="senior", relations="director|乙公司||2020-01-01|")
    chinese = person(1, relations="董事|乙公司||2020-01-01|")
    assert counts(await run(write(tmp_path / "en.csv", [english], language="en"))) == {"imported": 1}
    assert counts(await run(write(tmp_path / "zh.csv", [chinese]))) == {"unchanged": 1}


async def test_a_workbook(run: Import, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    row = person(1, title="=1+1", appointed_on="")
    cells: list[Any] = [row[column] for column in Column]
    cells[list(Column).index(Column.MOBILE)] = 13800000001
    cells[list(Column).index(Column.APPOINTED_ON)] = ON
    bad: list[Any] = [person(2)[column] for column in Column]
    bad[list(Column).index(Column.IDENTITY_NUMBER)] = 440106197001010024
    for line in ([CHINESE_NAMES[column] for column in Column], cells, bad):
        book.active.append(line)  # type: ignore[union-attr]
    book.save(tmp_path / "f.xlsx")
    report = await run(tmp_path / "f.xlsx")
    assert (counts(report), report.form) == ({"imported": 1, "rejected": 1}, "xlsx")
    assert [(fault.row, fault.reasons[0].code) for fault in report.rejections] == [(3, "experts/digits-lost")]


async def test_a_second_run_changes_nothing(run: Import, database: Database, tmp_path: Path) -> None:
    rows = [person(1), person(1, library_no="", specialities="A02"), person(2, library_no=""), person(3)]
    path = write(tmp_path / "f.csv", rows)
    assert counts(await run(path)) == {"imported": 3, "merged": 1}
    async with database.read() as session:
        before = [(row.id, row.version, row.updated_at) for row in (await session.execute(select(Expert))).scalars()]
    assert counts(await run(path)) == {"unchanged": 4}
    async with database.read() as session:
        after = [(row.id, row.version, row.updated_at) for row in (await session.execute(select(Expert))).scalars()]
    assert sorted(after) == sorted(before)


async def test_registrations_of_one_identity_number_are_one_person(
    run: Import, database: Database, tmp_path: Path
) -> None:
    """EL-15: union of conflicts, strictest status."""
    await run(write(tmp_path / "a.csv", [person(1, relations="董事|乙公司||2020-01-01|")]), "construction")
    again = person(1, library_no="ZC-9", specialities="A02;B01", standing="暂停", employer="丙研究院")
    assert counts(await run(write(tmp_path / "b.csv", [again]), "procurement")) == {"merged": 1}
    merged = await only_person(database)
    assert merged.specialities == ["A01", "A02", "B01"]
    assert merged.standing == "suspended"
    assert merged.employer_name == "丙研究院"
    assert sorted((each.kind, each.org_name) for each in merged.relations) == [
        ("director", "乙公司"),
        ("employment", "甲公司"),
    ]
    assert [(each.library, each.number) for each in merged.registrations] == [
        ("construction", "GC-1"),
        ("procurement", "ZC-9"),
    ]
    assert [(each.before, each.after) for each in merged.standing_changes] == [("admitted", "suspended")]
    assert merged.version == 2


async def test_an_update_replaces_what_the_library_said(run: Import, database: Database, tmp_path: Path) -> None:
    first = person(1, leave="2026-03-01~2026-03-05", relations="董事|乙公司||2020-01-01|")
    await run(write(tmp_path / "a.csv", [first, person(2)]))
    changed = person(1, specialities="B01", mobile="13900000000", employer="丁公司")
    report = await run(write(tmp_path / "b.csv", [changed, person(2)]))
    assert counts(report) == {"updated": 1, "unchanged": 1}
    async with database.read() as session:
        items = (await list_experts(session, Filters())).items
        detail = await get_expert(session, next(item.id for item in items if item.employer_name == "丁公司"))
    assert (detail.specialities, detail.leaves, detail.mobile_masked) == (["B01"], [], "139****0000")
    assert [(each.kind, each.org_name, each.ends_on) for each in detail.relations] == [("employment", "甲公司", ON)]
    assert await count_of(database, LibraryRegistration) == 2


async def test_a_numberless_row_updates_the_numberless_registration(
    run: Import, database: Database, tmp_path: Path
) -> None:
    await run(write(tmp_path / "a.csv", [person(1, library_no="")]))
    assert counts(await run(write(tmp_path / "b.csv", [person(1, library_no="", title="教授")]))) == {"updated": 1}
    assert (await only_person(database)).title == "教授"


async def test_a_decision_of_the_hub_survives_an_import(
    run: Import, database: Database, clock: FixedClock, chance: SeededChance, tmp_path: Path
) -> None:
    await run(write(tmp_path / "a.csv", [person(1)]))
    expert_id = (await only_person(database)).id
    new = NewStanding("suspended", "未参加继续教育", "决定〔2026〕1号", ON)  # type: ignore[arg-type]
    async with database.write() as session:
        await change_standing(session, clock, chance, expert_id, "supervisor", new)
    await run(write(tmp_path / "b.csv", [person(1, title="教授")]))
    assert (await only_person(database)).standing == "suspended"


async def test_fifteen_kinds_of_broken_rows_are_named_and_spoil_no_other(
    run: Import, database: Database, tmp_path: Path
) -> None:
    path = write_sample(tmp_path, 200, 7, ON, SampleOptions(encoding="gb18030")).experts
    broken = spoil_rows(path, 2 * len(SPOILERS), 7)
    report = await run(path)
    assert [fault.row for fault in report.rejections] == [row for row, _ in broken]
    assert (report.rows, report.rejected) == (200, len(broken))
    assert {kind for _, kind in broken} == set(SPOILERS)
    assert all(fault.reasons and all(each.zh and each.en for each in fault.reasons) for fault in report.rejections)
    assert report.imported + report.merged == 200 - len(broken)
    assert await count_of(database, LibraryRegistration) == 200 - len(broken)


async def test_rows_that_cannot_be_split_are_named(run: Import, tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", [person(number) for number in range(1, 5)], "utf-8")
    lines = path.read_text("utf-8").splitlines()
    lines[1] = lines[1].replace("甲公司", '"甲公司')
    lines[2] += ",x"
    lines[3] = lines[3].replace("甲公司", "甲\x00公司")
    path.write_text("\n".join(lines), encoding="utf-8")
    report = await run(path)
    assert counts(report) == {"imported": 1, "rejected": 3}
    assert [(fault.row, fault.reasons[0].code) for fault in report.rejections] == [
        (2, "experts/quotation-open"),
        (3, "experts/too-many-cells"),
        (4, "experts/unprintable-characters"),
    ]


async def test_one_identity_number_under_two_names_is_refused(run: Import, tmp_path: Path) -> None:
    await run(write(tmp_path / "a.csv", [person(1)]))
    report = await run(write(tmp_path / "b.csv", [person(1, name="冒名人"), person(2)]))
    assert counts(report) == {"imported": 1, "rejected": 1}
    assert report.rejections[0].reasons[0].code == "experts/identity-name-mismatch"


@pytest.mark.parametrize("name", ["f.csv", "f.xlsx"])
async def test_a_wrong_file_writes_nothing(run: Import, database: Database, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"%PDF-1.7")
    with pytest.raises(NotATable):
        await run(tmp_path / name)
    assert [await count_of(database, table) for table in (Expert, Speciality, LedgerEntry)] == [0, 0, 0]


async def test_no_number_of_a_person_is_stored_in_clear(run: Import, database: Database, tmp_path: Path) -> None:
    other = make_identity_number("110101", date(1980, 1, 2), 456)
    row = person(1, relations=f"亲属|李四|{other}||")
    await run(write(tmp_path / "f.csv", [row]))
    async with database.read() as session:
        everything = []
        for table in (Expert, LibraryRegistration, LedgerEntry, *CHILD_TABLES):
            everything += [repr(row) for row in (await session.execute(select(*table.__table__.c))).all()]
    text = "\n".join(everything)
    for secret in (row[Column.IDENTITY_NUMBER], row[Column.MOBILE], other):
        assert secret not in text


async def test_the_ledger_tells_digest_and_counts(run: Import, database: Database, tmp_path: Path) -> None:
    report = await run(write(tmp_path / "f.csv", [person(1), person(2, mobile="1")]))
    async with database.read() as session:
        entries = await entries_about(session, "library:gp")
    assert [entry.kind for entry in entries] == ["experts/imported"]
    assert report.file_sha256 in entries[0].text
    assert '"rejected":1' in entries[0].text


async def test_five_thousand_rows_in_chunks_with_progress(run: Import, database: Database, tmp_path: Path) -> None:
    path = write_sample(tmp_path, 5_000, 3, ON).experts
    steps: list[tuple[int, int | None]] = []
    report = await run(path, progress=lambda done, total: steps.append((done, total)))
    assert steps == [(2_000, 5_000), (4_000, 5_000), (5_000, 5_000)]
    assert (report.rejected, report.imported + report.merged) == (0, 5_000)
    assert await count_of(database, Expert) == report.imported
    assert await count_of(database, ExpertSpeciality) > 5_000
    assert await count_of(database, StandingChange) < 50
    assert counts(await run(path)) == {"unchanged": 5_000}


async def test_catalogue_is_taken_over_once(database: Database, clock: FixedClock, tmp_path: Path) -> None:
    async with database.write() as session:
        first = await import_catalogue(session, clock)
        second = await import_catalogue(session, clock)
    assert (first.added, second.added, second.renamed) == (first.codes, 0, 0)
    longer = "code\tname\tlevel\tparent\nA\t工程（新）\t1\t\nA09\t某专业\t2\tA\nA0998\t其他某专业\t3\tA09\n"
    path = tmp_path / "catalogue.tsv"
    path.write_text(longer, encoding="utf-8")
    async with database.write() as session:
        third = await import_catalogue(session, clock, path)
    assert (third.codes, third.added) == (3, 1)
    assert third.renamed >= 1
    assert await count_of(database, Speciality) == first.codes + 1


async def test_a_wrong_catalogue_is_refused(database: Database, clock: FixedClock, tmp_path: Path) -> None:
    (tmp_path / "c.tsv").write_text("code\tname\n", encoding="utf-8")
    for name, refusal in (("none.tsv", FileMissing), ("c.tsv", CatalogueFault)):
        with pytest.raises(refusal):
            async with database.write() as session:
                await import_catalogue(session, clock, tmp_path / name)
