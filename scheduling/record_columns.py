"""Records as columns: for libraries that come as plain values."""

from collections.abc import Iterable, Sequence

import numpy as np

from scheduling.columns import (
    UNKNOWN_START,
    Coded,
    Column,
    Integers,
    Intervals,
    LibraryColumns,
    RelationColumns,
    Services,
    Vocabulary,
    day_or_open,
    integers,
    microseconds,
)
from scheduling.records import RELATION_KINDS, CandidateRecord


def library_columns(records: Sequence[CandidateRecord]) -> LibraryColumns:
    """Return the columns of some records.

    Source: engineering choice
    """
    index = {record.candidate_id: number for number, record in enumerate(records)}
    regions = Vocabulary()
    home = regions.numbers(record.region_code for record in records)
    return LibraryColumns(
        candidate_ids=[record.candidate_id for record in records],
        standing=_coded(record.standing for record in records),
        title=_coded(record.title_level for record in records),
        employer_code=_coded(record.employer_code for record in records),
        employer_name=_coded(record.employer_name for record in records),
        born=integers(record.born_on.toordinal() for record in records),
        term_ends=integers(day_or_open(record.term_ends_on) for record in records),
        home=home,
        specialities=_column((record.specialities for record in records), Vocabulary()),
        extra_regions=_column((record.extra_regions for record in records), regions),
        relations=_relations(records),
        leaves=_leaves(records),
        engagements=_engagements(records),
        services=_services(records, index),
        kin=_kin(records, index),
    )


def _coded(texts: Iterable[str]) -> Coded:
    vocabulary = Vocabulary()
    return Coded(vocabulary.numbers(texts), vocabulary.texts())


def _column(rows: Iterable[tuple[str, ...]], vocabulary: Vocabulary) -> Column:
    owner: list[int] = []
    value: list[int] = []
    for number, texts in enumerate(rows):
        for text in texts:
            owner.append(number)
            value.append(vocabulary.number(text))
    return Column(integers(owner), integers(value), vocabulary.texts())


def _relations(records: Sequence[CandidateRecord]) -> RelationColumns:
    kinds = {kind: number for number, kind in enumerate(RELATION_KINDS)}
    codes, names = Vocabulary(), Vocabulary()
    listed = [(owner, relation) for owner, record in enumerate(records) for relation in record.relations]
    return RelationColumns(
        owner=integers(owner for owner, _ in listed),
        kind=integers(kinds[relation.kind] for _, relation in listed),
        code=codes.numbers(relation.org_code for _, relation in listed),
        name=names.numbers(relation.org_name for _, relation in listed),
        starts=integers(UNKNOWN_START if r.starts_on is None else r.starts_on.toordinal() for _, r in listed),
        ends=integers(day_or_open(relation.ends_on) for _, relation in listed),
        codes=codes.texts(),
        names=names.texts(),
        ids=tuple(relation.relation_id for _, relation in listed),
        evidence=tuple(relation.evidence for _, relation in listed),
    )


def _leaves(records: Sequence[CandidateRecord]) -> Intervals:
    rows = [
        (owner, first.toordinal(), last.toordinal())
        for owner, record in enumerate(records)
        for first, last in record.leaves
    ]
    owner, starts, ends = _table(rows, 3)
    return Intervals(owner, starts, ends, np.zeros(len(rows), dtype=np.int64))


def _engagements(records: Sequence[CandidateRecord]) -> Intervals:
    cities = Vocabulary()
    rows = [
        (owner, microseconds(start), microseconds(end), cities.number(city))
        for owner, record in enumerate(records)
        for start, end, city in record.engagements
    ]
    owner, starts, ends, city = _table(rows, 4)
    return Intervals(owner, starts, ends, city, cities.texts())


def _services(records: Sequence[CandidateRecord], index: dict[str, int]) -> Services:
    rows = [
        (number, index[service.other_id], day.toordinal())
        for number, record in enumerate(records)
        for service in record.co_service
        # Whoever is not in the pool cannot be drawn, so the pair is of no interest; likewise for relatives.
        if service.other_id in index
        for day in service.on_dates
    ]
    return Services(*_table(rows, 3))


def _kin(records: Sequence[CandidateRecord], index: dict[str, int]) -> Integers:
    pairs = [
        (number, index[other])
        for number, record in enumerate(records)
        for other in (*record.kin, *(item.org_code for item in record.relations if item.kind == "kin"))
        if other in index
    ]
    return _table(pairs, 2).T


def _table(rows: Sequence[tuple[int, ...]], width: int) -> Integers:
    return np.array(rows, dtype=np.int64).reshape(-1, width).T
