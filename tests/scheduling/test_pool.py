from collections.abc import Callable
from datetime import UTC, date, datetime

import numpy as np
import pytest

from scheduling.demand import Quota
from scheduling.eligibility import assess
from scheduling.errors import DuplicateCandidateError
from scheduling.pool import OPEN_END, RELATION_KINDS, CandidateRecord, CoService, Pool, Relation
from scheduling.record_columns import library_columns
from scheduling.request import DrawRequest

Maker = Callable[..., CandidateRecord]


def test_order_of_the_records_decides_nothing(make_record: Maker) -> None:
    records = [make_record(number) for number in range(5)]
    assert Pool.from_records(records[::-1]).candidate_ids == Pool.from_records(records).candidate_ids


def test_empty_pool_has_no_rows() -> None:
    assert len(Pool.from_records([])) == 0


def test_el_15_one_person_twice_is_refused(make_record: Maker) -> None:
    with pytest.raises(DuplicateCandidateError) as caught:
        Pool.from_records([make_record(1), make_record(1), make_record(2)])
    assert caught.value.facts == {"count": 1}


def test_present_employer_is_an_open_employment(make_record: Maker) -> None:
    columns = Pool.from_records([make_record(0, employer_code="x1")]).relations
    assert RELATION_KINDS[columns.kind[0]] == "employment"
    assert (columns.ends[0], columns.codes[columns.code[0]], columns.ids) == (OPEN_END, "X1", ())
    assert columns.unrecorded == 1


def test_relation_keeps_owner_dates_and_identity(make_record: Maker) -> None:
    ended = Relation("director", "X", "甲（集团）", ends_on=date(2024, 1, 31), relation_id="rel-7")
    columns = Pool.from_records(
        [make_record(0, employer_name=""), make_record(1, employer_name="", relations=(ended,))]
    )
    rows = columns.relations
    assert (rows.owner.tolist(), rows.ends.tolist(), rows.ids) == ([1], [date(2024, 1, 31).toordinal()], ("rel-7",))
    assert rows.names[rows.name[0]] == "甲集团"


def test_c13_kin_is_symmetric_and_counted_once(make_record: Maker) -> None:
    by_relation = (Relation("kin", "e0002"),)
    records = [make_record(0, kin=("e0001", "e0000", "gone")), make_record(1, kin=("e0000",)), make_record(2)]
    assert Pool.from_records(records).kin.tolist() == [[0, 1]]
    assert Pool.from_records([make_record(1, relations=by_relation), make_record(2)]).kin.tolist() == [[0, 1]]


def test_c14_retired_experts_share_no_employer(make_record: Maker) -> None:
    assert Pool.from_records([make_record(number, employer_name="退休") for number in range(2)]).units == ("", "")


def test_columns_in_any_order_make_the_same_pool(make_record: Maker, make_request: Callable[..., DrawRequest]) -> None:
    records = [
        make_record(
            number,
            employer_name=("", "甲公司", "乙院")[number % 3],
            region_code=("440100", "440300")[number % 2],
            extra_regions=("450100",) * (number % 3),
            specialities=(("A0801",), ("B01", "A08"))[number % 2],
            standing=("admitted", "suspended")[number % 5 == 4],
            relations=(Relation("director", "91110000600037341L", relation_id=f"r{number}"),) * (number % 4 == 3),
            leaves=((date(2026, 3, 3), date(2026, 3, 4)),) * (number == 5),
            engagements=((datetime(2026, 3, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, 3, tzinfo=UTC), "440100"),)
            * (number == 6),
            kin=(f"e{number + 1:04}",) * (number == 0),
            co_service=(CoService("e0012", (date(2026, 3, 1),)),) * (number == 1),
            term_ends_on=date(2026, 1, 1) if number == 10 else None,
        )
        for number in range(13)
    ]
    request = make_request(co_service_max=0, co_service_days=9, quotas=(Quota("q", "A08", 1, ("4403", "4501")),))
    one = assess(Pool.from_records(records), request)
    other = assess(Pool.from_columns(library_columns(records[7:] + records[6::-1])), request)
    assert other.pool.candidate_ids == one.pool.candidate_ids
    assert other.mask.tolist() == one.mask.tolist()
    assert other.exclusions[:] == one.exclusions[:]
    assert other.links == one.links
    assert other.pool.units == one.pool.units
    assert [other.pool.regions.texts[n] for n in other.pool.home] == [record.region_code for record in records]
    assert {item.ground for item in one.exclusions} == {"C01", "C02", "C16", "C17", "Q2"}


def test_columns_with_one_id_twice_are_refused(make_record: Maker) -> None:
    with pytest.raises(DuplicateCandidateError):
        Pool.from_columns(library_columns([make_record(1), make_record(2), make_record(1)]))


def test_100_000_records_are_built_and_assessed(make_record: Maker, make_request: Callable[..., DrawRequest]) -> None:
    records = [
        make_record(number, employer_name=f"单位（{number % 7000}）", kin=(f"e{number + 1:04}",))
        for number in range(100_000)
    ]
    pool = Pool.from_records(records)
    eligibility = assess(pool, make_request())
    assert int(np.count_nonzero(eligibility.mask)) == 100_000
