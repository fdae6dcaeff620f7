"""The candidates of a draw as columns, in an order that the order of the library does not decide."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from scheduling.columns import (
    OPEN_END,
    UNKNOWN_START,
    Booleans,
    Coded,
    Column,
    Integers,
    Intervals,
    LibraryColumns,
    RelationColumns,
    Services,
    Vocabulary,
    microseconds,
)
from scheduling.errors import DuplicateCandidateError
from scheduling.organisations import employer_units, normal_code, normal_employer, normal_name
from scheduling.record_columns import library_columns
from scheduling.records import ADMITTED, RELATION_KINDS, CandidateRecord, CoService, Relation

__all__ = [
    "ADMITTED",
    "OPEN_END",
    "RELATION_KINDS",
    "CandidateRecord",
    "CoService",
    "Column",
    "Integers",
    "Intervals",
    "LibraryColumns",
    "Pool",
    "Relation",
    "RelationColumns",
    "microseconds",
]


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """The candidates as columns, sorted by candidate_id, so that the order of the records decides nothing.

    Args:
        candidate_ids: one per index, ascending.
        standing, title: one text per candidate.
        born, term_ends: ordinal days.
        home: number of the main region in ``regions.texts``.
        specialities, regions: texts; main and secondary regions are alike here.
        relations: ties with comparable codes and names; the present employer of each candidate stands first, as a row
            of kind ``employment`` without end.
        leaves, engagements: see their class.
        kin: pairs of indices, shape (n, 2), smaller index first, sorted, unique.
        services: pairs that sat together, smaller index first, sorted, unique.
        unit: number of the employer per candidate, -1 for none.
        unit_keys: text per number, the last one is empty and stands for none.

    Source: domain chapter 1
    """

    candidate_ids: tuple[str, ...]
    standing: Coded
    title: Coded
    born: Integers
    term_ends: Integers
    home: Integers
    specialities: Column
    regions: Column
    relations: RelationColumns
    leaves: Intervals
    engagements: Intervals
    kin: Integers
    services: Services
    unit: Integers
    unit_keys: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.candidate_ids)

    @property
    def units(self) -> tuple[str, ...]:
        """Key of the employer per candidate, empty for none."""
        return tuple(self.unit_keys[number] for number in self.unit.tolist())

    def take(self, members: Booleans) -> "Pool":
        """Return the pool of some candidates, everything about them kept.

        Args:
            members: shape (candidates,).
        """
        places = np.flatnonzero(members)
        rank = np.cumsum(members) - 1
        kin = self.kin[members[self.kin].all(axis=1)]
        both = members[self.services.one] & members[self.services.other]
        services = Services(rank[self.services.one[both]], rank[self.services.other[both]], self.services.on[both])
        return replace(
            self,
            candidate_ids=tuple(self.candidate_ids[place] for place in places.tolist()),
            standing=replace(self.standing, value=self.standing.value[places]),
            title=replace(self.title, value=self.title.value[places]),
            born=self.born[places],
            term_ends=self.term_ends[places],
            home=self.home[places],
            specialities=_taken_column(self.specialities, members, rank),
            regions=_taken_column(self.regions, members, rank),
            relations=_taken_relations(self.relations, members, rank),
            leaves=_taken_intervals(self.leaves, members, rank),
            engagements=_taken_intervals(self.engagements, members, rank),
            kin=rank[kin],
            services=services,
            unit=self.unit[places],
        )

    @staticmethod
    def from_records(records: Iterable[CandidateRecord]) -> "Pool":
        """Build the pool of some records.

        Args:
            records: any order; candidate ids are unique.

        Raises:
            DuplicateCandidateError: when an id occurs twice.
        """
        return Pool.from_columns(library_columns(sorted(records, key=lambda record: record.candidate_id)))

    @staticmethod
    def from_columns(library: LibraryColumns) -> "Pool":
        """Build the pool of a library that comes as columns; a million rows take about two seconds.

        Args:
            library: any order; candidate ids are unique.

        Raises:
            DuplicateCandidateError: when an id occurs twice.
        """
        order = _Order(library.candidate_ids)
        code, codes = _normal(order.coded(library.employer_code), normal_code)
        name, names = _normal(order.coded(library.employer_name), normal_employer)
        unit, unit_keys = _units(code, name, codes.texts(), names.texts())
        home = library.home[order.places]
        extra = order.column(library.extra_regions)
        everybody = np.arange(len(home), dtype=np.int64)
        return Pool(
            candidate_ids=order.candidate_ids,
            standing=order.coded(library.standing),
            title=order.coded(library.title),
            born=library.born[order.places],
            term_ends=library.term_ends[order.places],
            home=home,
            specialities=order.column(library.specialities),
            regions=replace(
                extra, owner=np.concatenate([everybody, extra.owner]), value=np.concatenate([home, extra.value])
            ),
            relations=_with_employers(order.relations(library.relations), code, name, (codes, names)),
            leaves=order.intervals(library.leaves),
            engagements=order.intervals(library.engagements),
            kin=_pairs(*order.rank[library.kin].reshape(-1, 2).T),
            services=_services(order, library.services),
            unit=unit,
            unit_keys=unit_keys,
        )


class _Order:
    """The way from the positions of a library to those of a pool."""

    def __init__(self, candidate_ids: Sequence[str]) -> None:
        places: Iterable[int] = range(len(candidate_ids))
        if any(low >= high for low, high in pairwise(candidate_ids)):
            places = sorted(places, key=candidate_ids.__getitem__)
        self.places = np.fromiter(places, dtype=np.int64, count=len(candidate_ids))
        self.candidate_ids = tuple(candidate_ids[place] for place in self.places.tolist())
        repeated = sum(low == high for low, high in pairwise(self.candidate_ids))
        if repeated:
            raise DuplicateCandidateError(count=repeated)
        self.rank = np.empty_like(self.places)
        self.rank[self.places] = np.arange(len(self.places))

    def coded(self, coded: Coded) -> Coded:
        return replace(coded, value=coded.value[self.places])

    def column(self, column: Column) -> Column:
        return replace(column, owner=self.rank[column.owner])

    def relations(self, relations: RelationColumns) -> RelationColumns:
        return replace(relations, owner=self.rank[relations.owner])

    def intervals(self, intervals: Intervals) -> Intervals:
        return replace(intervals, owner=self.rank[intervals.owner])


def _normal(coded: Coded, normal: Callable[[str], str]) -> tuple[Integers, Vocabulary]:
    """Return numbers of comparable texts, and the vocabulary of these."""
    vocabulary = Vocabulary()
    return vocabulary.numbers(map(normal, coded.texts))[coded.value], vocabulary


def _units(
    code: Integers, name: Integers, codes: tuple[str, ...], names: tuple[str, ...]
) -> tuple[Integers, tuple[str, ...]]:
    found, place = np.unique(code * len(names) + name, return_inverse=True)
    employers = [(codes[pair // len(names)], names[pair % len(names)]) for pair in found.tolist()]
    vocabulary = Vocabulary()
    # Number 0 is the empty text: nobody's employer becomes -1, the last place of the keys.
    numbers = vocabulary.numbers(employer_units(employers)) - 1
    return numbers[place], (*vocabulary.texts()[1:], "")


def _with_employers(
    relations: RelationColumns, code: Integers, name: Integers, vocabularies: tuple[Vocabulary, Vocabulary]
) -> RelationColumns:
    codes, names = vocabularies
    owner = np.flatnonzero((code > 0) | (name > 0))
    employment = np.full(len(owner), RELATION_KINDS.index("employment"))
    org_code = codes.numbers(map(normal_code, relations.codes))[relations.code]
    org_name = names.numbers(map(normal_name, relations.names))[relations.name]
    return replace(
        relations,
        owner=np.concatenate([owner, relations.owner]),
        kind=np.concatenate([employment, relations.kind]),
        code=np.concatenate([code[owner], org_code]),
        name=np.concatenate([name[owner], org_name]),
        starts=np.concatenate([np.full(len(owner), UNKNOWN_START), relations.starts]),
        ends=np.concatenate([np.full(len(owner), OPEN_END), relations.ends]),
        codes=codes.texts(),
        names=names.texts(),
        unrecorded=len(owner),
    )


def _pairs(one: Integers, other: Integers) -> Integers:
    low, high = np.minimum(one, other), np.maximum(one, other)
    # Nobody is his own relative, whatever a register says.
    return np.unique(np.stack([low, high], axis=1)[low < high], axis=0).reshape(-1, 2)


def _services(order: _Order, services: Services) -> Services:
    one, other = order.rank[services.one], order.rank[services.other]
    low, high = np.minimum(one, other), np.maximum(one, other)
    rows = np.unique(np.stack([low, high, services.on], axis=1)[low < high], axis=0).reshape(-1, 3)
    return Services(*rows.T)


def _taken_column(column: Column, members: Booleans, rank: Integers) -> Column:
    kept = members[column.owner]
    return replace(column, owner=rank[column.owner[kept]], value=column.value[kept])


def _taken_intervals(intervals: Intervals, members: Booleans, rank: Integers) -> Intervals:
    kept = members[intervals.owner]
    return replace(
        intervals,
        owner=rank[intervals.owner[kept]],
        starts=intervals.starts[kept],
        ends=intervals.ends[kept],
        city=intervals.city[kept],
    )


def _taken_relations(relations: RelationColumns, members: Booleans, rank: Integers) -> RelationColumns:
    rows = np.flatnonzero(members[relations.owner])
    records = rows[rows >= relations.unrecorded] - relations.unrecorded
    return replace(
        relations,
        owner=rank[relations.owner[rows]],
        kind=relations.kind[rows],
        code=relations.code[rows],
        name=relations.name[rows],
        starts=relations.starts[rows],
        ends=relations.ends[rows],
        ids=tuple(relations.ids[record] for record in records.tolist()),
        evidence=tuple(relations.evidence[record] for record in records.tolist()),
        unrecorded=len(rows) - len(records),
    )
