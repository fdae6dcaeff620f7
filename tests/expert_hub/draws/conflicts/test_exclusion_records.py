from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from expert_hub.draws.conflicts.exclusion_records import exclusions_in, record_of
from scheduling.demand import Party, Quota
from scheduling.eligibility import assess
from scheduling.pool import Pool
from scheduling.records import CandidateRecord, Relation
from scheduling.request import DrawRequest

STARTS_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
REQUEST = DrawRequest(
    request_id="r",
    quotas=(Quota("q1", "A0801", 1),),
    parties=(Party("bidder", "X1", "甲公司"),),
    bid_deadline=date(2026, 3, 1),
    evaluation_starts_at=STARTS_AT,
    evaluation_ends_at=STARTS_AT.replace(hour=9),
    alternates_per_quota=0,
    grounds=("C01", "C16"),
    window_years=3,
    same_employer_max=1,
    max_age=None,
    max_age_senior=None,
    speciality_match="self_or_descendant",
    pack_hash="pack",
)


def _record(name: str, **changes: Any) -> CandidateRecord:
    base = CandidateRecord(
        candidate_id=name,
        standing="admitted",
        born_on=date(1980, 1, 1),
        title_level="senior",
        employer_code="",
        employer_name="",
        region_code="440100",
        specialities=("A0801",),
    )
    return replace(base, **changes)


def test_cf_02_what_is_written_is_what_was_found() -> None:
    tie = Relation("employment", "X1", "甲公司", date(2020, 1, 1), date(2024, 5, 6), "rel-1", "sha256:ab")
    pool = Pool.from_records(
        [
            _record("a", relations=(tie,), standing="suspended"),
            _record("b"),
            _record("c", specialities=("C01",)),
            _record("d", standing="suspended"),
        ]
    )
    found = assess(pool, REQUEST).exclusions
    record = record_of(found, "pack", STARTS_AT)
    shown = list(exclusions_in(record, 0, pool.candidate_ids))
    assert sorted((item.expert_id, item.ground, item.note, item.rule_key) for item in shown) == sorted(
        (each.candidate_id, each.ground, each.note, each.rule_key) for each in found
    )
    (tied,) = [item for item in shown if item.relation is not None]
    assert tied.relation == {
        "relation_id": "rel-1",
        "kind": "employment",
        "code": "X1",
        "name": "甲公司",
        "starts_on": "2020-01-01",
        "ends_on": "2024-05-06",
    }
    assert tied.party == {"role": "bidder", "code": "X1", "name": "甲公司"}
    assert (tied.evidence, tied.citation) == ("sha256:ab", "政府采购法实施条例 第9条(1)")
    assert {(item.pack_sha256, item.at, item.number) for item in shown} == {("pack", "2026-03-02T01:30:00Z", 0)}
    # A changed tie is another digest.
    other = record_of(
        assess(Pool.from_records([_record("a", relations=(replace(tie, ends_on=None),))]), REQUEST).exclusions,
        "p",
        STARTS_AT,
    )
    assert next(exclusions_in(other, 0, ["a"])).evidence_sha256 != tied.evidence_sha256


def test_a_record_may_bring_its_own_people() -> None:
    pool = Pool.from_records([_record("a", standing="suspended"), _record("b", standing="suspended")])
    record = record_of(assess(pool, REQUEST).exclusions, "pack", STARTS_AT, ["x", "y"])
    assert [(item.expert_id, item.number) for item in exclusions_in(record, 3, [])] == [("x", 3), ("y", 3)]
