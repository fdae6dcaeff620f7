"""Columns of the expert library: numpy arrays that number texts, so that a million people are assessed in one pass."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

OPEN_END = 2**40
UNKNOWN_START = -1
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

    def numbers(self, texts: Iterable[str]) -> Integers:
        """Return the number of each text."""
        return integers(map(self.number, texts))

    def texts(self) -> tuple[str, ...]:
        """Return the texts; the position is the number."""
        return tuple(self._numbers)


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """One text per candidate: candidate i has ``texts[value[i]]``.

    Source: engineering choice
    """

    value: Integers
    texts: tuple[str, ...]


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
    """Dated ties, one row each.

    Args:
        owner: candidate index per row.
        kind: index into ``records.RELATION_KINDS``.
        code, name: numbers into ``codes`` and ``names``; comparable forms once they are in a pool.
        starts, ends: ordinal days, ``UNKNOWN_START`` and ``OPEN_END`` where there is none.
        ids, evidence: stored record and reference to its evidence, per row; shorter by ``unrecorded``.
        unrecorded: so many rows at the beginning have no record: the present employers.

    Source: domain EL-13
    """

    owner: Integers
    kind: Integers
    code: Integers
    name: Integers
    starts: Integers
    ends: Integers
    codes: tuple[str, ...]
    names: tuple[str, ...]
    ids: tuple[str | None, ...]
    evidence: tuple[str, ...]
    unrecorded: int = 0


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
    cities: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True, eq=False)
class Services:
    """Days on which two candidates sat together, one row per pair and day.

    Args:
        one, other: candidate indices.
        on: ordinal day.

    Source: domain chapter 2
    """

    one: Integers
    other: Integers
    on: Integers


@dataclass(frozen=True, slots=True, eq=False)
class LibraryColumns:
    """A library as columns, the way a database hands it over; candidate indices are positions in ``candidate_ids``.

    Args:
        candidate_ids: unique, in any order.
        standing, title, employer_code, employer_name: one text each, as written; empty for none.
        born, term_ends: ordinal days, ``OPEN_END`` for an appointment without end.
        home: number of the main region in ``extra_regions.texts``.
        specialities, extra_regions: approved codes, secondary regions.
        relations, leaves, engagements, services: see their classes; texts as written.
        kin: pairs of candidate indices, shape (n, 2).

    Source: domain chapter 1
    """

    candidate_ids: Sequence[str]
    standing: Coded
    title: Coded
    employer_code: Coded
    employer_name: Coded
    born: Integers
    term_ends: Integers
    home: Integers
    specialities: Column
    extra_regions: Column
    relations: RelationColumns
    leaves: Intervals
    engagements: Intervals
    services: Services
    kin: Integers


def integers(values: Iterable[int]) -> Integers:
    """Return whole numbers as an array.

    Source: engineering choice
    """
    return np.fromiter(values, dtype=np.int64)


def where_text(texts: Sequence[str], is_wanted: Callable[[str], bool]) -> Booleans:
    """Tell per number of a vocabulary whether its text is wanted.

    Source: engineering choice
    """
    return np.fromiter(map(is_wanted, texts), dtype=np.bool_, count=len(texts))


def owners_of(column: Column, wanted: Booleans, size: int) -> Booleans:
    """Tell which candidates have at least one text whose number is wanted.

    Args:
        column: several texts per candidate.
        wanted: shape (texts,).
        size: number of candidates.

    Source: engineering choice
    """
    result = np.zeros(size, dtype=np.bool_)
    result[column.owner[wanted[column.value]]] = True
    return result


def microseconds(instant: datetime) -> int:
    """Return an aware instant as whole microseconds since 1970 UTC.

    Source: engineering choice
    """
    return (instant - _EPOCH) // _MICROSECOND


def day_or_open(day: date | None) -> int:
    """Return the ordinal of a last day, ``OPEN_END`` for none.

    Source: engineering choice
    """
    return OPEN_END if day is None else day.toordinal()
