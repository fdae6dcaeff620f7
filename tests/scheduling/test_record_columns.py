from collections.abc import Callable
from datetime import date

from scheduling.columns import OPEN_END, UNKNOWN_START
from scheduling.record_columns import library_columns
from scheduling.records import RELATION_KINDS, CandidateRecord, CoService, Relation

Maker = Callable[..., CandidateRecord]


def test_every_part_of_a_record_becomes_rows(make_record: Maker) -> None:
    tie = Relation("director", "x", "甲", date(2020, 1, 1), date(2021, 1, 1), "rel-1", "sha256:ab")
    record = make_record(
        0,
        extra_regions=("440300", "440100"),
        relations=(tie, Relation("kin", "e0001")),
        leaves=((date(2026, 1, 1), date(2026, 1, 2)),),
        co_service=(CoService("e0001", (date(2025, 1, 1), date(2025, 2, 1))), CoService("gone", (date(2025, 1, 1),))),
    )
    library = library_columns([record, make_record(1)])
    regions = library.extra_regions
    assert [regions.texts[n] for n in library.home] == ["440100", "440100"]
    assert [regions.texts[n] for n in regions.value] == ["440300", "440100"]
    relations = library.relations
    assert [RELATION_KINDS[kind] for kind in relations.kind] == ["director", "kin"]
    assert relations.starts.tolist() == [date(2020, 1, 1).toordinal(), UNKNOWN_START]
    assert relations.ends.tolist() == [date(2021, 1, 1).toordinal(), OPEN_END]
    assert (relations.ids, relations.evidence, relations.unrecorded) == (("rel-1", None), ("sha256:ab", ""), 0)
    assert library.kin.tolist() == [[0, 1]]
    assert library.services.on.tolist() == [date(2025, 1, 1).toordinal(), date(2025, 2, 1).toordinal()]
    assert library.leaves.owner.tolist() == [0]


def test_a_library_without_anybody_has_empty_columns() -> None:
    library = library_columns([])
    assert (len(library.candidate_ids), library.kin.shape, library.engagements.owner.shape) == (0, (0, 2), (0,))
