"""The candidates as columns: plain records in, numpy arrays out, so that a million rows are assessed in one pass."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from scheduling.errors import DuplicateCandidateError
from scheduling.organisations import employer_units, normal_code, normal_employer, normal_name
from scheduling.records import ADMITTED, RELATION_KINDS, CandidateRecord, Relation

__all__ = [
    "ADMITTED",
    "OPEN_END",
    "RELATION_KINDS",
    "CandidateRecord",
    "Column",
    "Integers",
    "Intervals",
    "Pool",
    "Relation",
    "RelationColumns",
    "microseconds",
]

Integers = npt.NDArray[np.int64]

OPEN_END = 2**40
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Vocabulary:
    """Distinct texts numbered in order of first use; number 0 is the empty text.

    Source: engineering choice
    """

    __slots__ = ("_numbers",)

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {"": 0}

    def number(self, text: str) -> int:
        """Return the number of ``text``, a new one at first use."""
        return self._numbers.setdefault(text, len(self._numbers))

    def texts(self) -> tuple[str, ...]:
        """Return the texts; the position is the number."""
        return tuple(self._numbers)


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """Several texts per candidate: ``owner[i]`` has ``texts[value[i]]``.

    Source: engineering choice
    """

    owner: Integers
    value: Integers
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RelationColumns:
    """Relations of all candidates, the present employer of each included as a row of kind ``employment``.

    Args:
        owner: candidate index per row.
        kind: index into ``RELATION_KINDS``.
        code, name: numbers into ``codes`` and ``names`` (comparable forms).
        ends: ordinal day, ``OPEN_END`` while it lasts.
        ids: relation_id per row, None for the present employer.

    Source: domain EL-13
    """

    owner: Integers
    kind: Integers
    code: Integers
    name: Integers
    ends: Integers
    codes: tuple[str, ...]
    names: tuple[str, ...]
    ids: tuple[str | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """Half-open or closed intervals of candidates with a place.

    Args:
        owner: candidate index per row.
        starts, ends: ordinal days (leave, both included) or microseconds since 1970 UTC (engagements, half-open).
        city: number into ``cities``, 0 where none.

    Source: domain EL-12, C17
    """

    owner: Integers
    starts: Integers
    ends: Integers
    city: Integers
    cities: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """The candidates as columns, sorted by candidate_id, so that the order of the records decides nothing.

    Args:
        candidate_ids: one per index.
        standing, title: texts, exactly one per candidate, row i belongs to candidate i.
        born, term_ends: ordinal days.
        specialities, regions: texts; main and extra regions are alike here.
        relations, leaves, engagements: see their classes.
        kin: pairs of indices, shape (n, 2), smaller index first, sorted, unique.
        units: key of the employer per candidate, empty for none.
        unit: number of the employer per candidate, -1 for none.
        home: number of the main region per candidate in ``regions.texts``.

    Source: domain chapter 1
    """

    candidate_ids: tuple[str, ...]
    standing: Column
    title: Column
    born: Integers
    term_ends: Integers
    specialities: Column
    regions: Column
    relations: RelationColumns
    leaves: Intervals
    engagements: Intervals
    kin: Integers
    units: tuple[str, ...]
    unit: Integers
    home: Integers

    def __len__(self) -> int:
        return len(self.candidate_ids)

    @staticmethod
    def from_records(records: Iterable[CandidateRecord]) -> "Pool":
        """Build the columns.

        Args:
            records: any order; candidate ids are unique.

        Raises:
            DuplicateCandidateError: when an id occurs twice.
        """
        ordered = sorted(records, key=lambda record: record.candidate_id)
        ids = tuple(record.candidate_id for record in ordered)
        index = {candidate_id: number for number, candidate_id in enumerate(ids)}
        if len(index) != len(ids):
            raise DuplicateCandidateError(count=len(ids) - len(index))
        regions = _column((record.region_code, *record.extra_regions) for record in ordered)
        employers = [(normal_code(r.employer_code), normal_employer(r.employer_name)) for r in ordered]
        units = employer_units(employers)
        return Pool(
            candidate_ids=ids,
            standing=_column((record.standing,) for record in ordered),
            title=_column((record.title_level,) for record in ordered),
            born=_integers(record.born_on.toordinal() for record in ordered),
            term_ends=_integers(_end(record.term_ends_on) for record in ordered),
            specialities=_column(record.specialities for record in ordered),
            regions=regions,
            relations=_relations(ordered, employers),
            leaves=_leaves(ordered),
            engagements=_engagements(ordered),
            kin=_kin(ordered, index),
            units=tuple(units),
            unit=_column((unit,) for unit in units).value - 1,
            home=regions.value[np.searchsorted(regions.owner, np.arange(len(ids)))],
        )


def microseconds(instant: datetime) -> int:
    """Return an aware instant as whole microseconds since 1970 UTC.

    Source: engineering choice
    """
    return (instant - _EPOCH) // _MICROSECOND


def _integers(values: Iterable[int]) -> Integers:
    return np.fromiter(values, dtype=np.int64)


def _end(day: date | None) -> int:
    return OPEN_END if day is None else day.toordinal()


def _column(rows: Iterable[tuple[str, ...]]) -> Column:
    vocabulary = Vocabulary()
    owner: list[int] = []
    value: list[int] = []
    for number, texts in enumerate(rows):
        for text in texts:
            owner.append(number)
            value.append(vocabulary.number(text))
    return Column(_integers(owner), _integers(value), vocabulary.texts())


def _relations(records: list[CandidateRecord], employers: list[tuple[str, str]]) -> RelationColumns:
    kinds = {kind: number for number, kind in enumerate(RELATION_KINDS)}
    codes, names = Vocabulary(), Vocabulary()
    rows: list[tuple[int, int, int, int, int]] = []
    ids: list[str | None] = []
    for owner, record in enumerate(records):
        code, name = employers[owner]
        if code or name:
            rows.append((owner, kinds["employment"], codes.number(code), names.number(name), OPEN_END))
            ids.append(None)
        for relation in record.relations:
            org = codes.number(normal_code(relation.org_code)), names.number(normal_name(relation.org_name))
            rows.append((owner, kinds[relation.kind], *org, _end(relation.ends_on)))
            ids.append(relation.relation_id)
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    owner_column, kind, code_column, name_column, ends = table.T
    return RelationColumns(owner_column, kind, code_column, name_column, ends, codes.texts(), names.texts(), tuple(ids))


def _leaves(records: list[CandidateRecord]) -> Intervals:
    rows = [
        (owner, first.toordinal(), last.toordinal(), 0)
        for owner, record in enumerate(records)
        for first, last in record.leaves
    ]
    return _intervals(rows, ("",))


def _engagements(records: list[CandidateRecord]) -> Intervals:
    cities = Vocabulary()
    rows = [
        (owner, microseconds(start), microseconds(end), cities.number(city))
        for owner, record in enumerate(records)
        for start, end, city in record.engagements
    ]
    return _intervals(rows, cities.texts())


def _intervals(rows: list[tuple[int, int, int, int]], cities: tuple[str, ...]) -> Intervals:
    owner, starts, ends, city = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return Intervals(owner, starts, ends, city, cities)


def _kin(records: list[CandidateRecord], index: dict[str, int]) -> Integers:
    pairs: set[tuple[int, int]] = set()
    for number, record in enumerate(records):
        others = [*record.kin, *(item.org_code for item in record.relations if item.kind == "kin")]
        for other in others:
            # A relative outside the pool cannot be drawn, so the pair is of no interest.
            if other in index and index[other] != number:
                pairs.add((min(number, index[other]), max(number, index[other])))
    return np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
