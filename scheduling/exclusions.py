"""Reasons to leave candidates out, as columns; one becomes an object when somebody asks for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import overload

import numpy as np

from scheduling.columns import OPEN_END, UNKNOWN_START, Booleans, Integers
from scheduling.conflicts import Finding
from scheduling.grounds import GROUND_RULES
from scheduling.parties import MatchedParty, PartyIndex
from scheduling.pool import Pool
from scheduling.records import RELATION_KINDS
from scheduling.request import DrawRequest

SPECIALITY = "Q1"
REGION = "Q2"
_CITATIONS = {SPECIALITY: "domain EL-08", REGION: "domain DR-07, EL-17"}


@dataclass(frozen=True, slots=True)
class RelationTrace:
    """The stored tie behind an exclusion.

    Args:
        relation_id: stored record, None for the present employer.
        kind: kind of the tie.
        code, name: of the organisation, in comparable form.
        starts_on, ends_on: None when unknown, and while it lasts.

    Source: domain CF-02
    """

    relation_id: str | None
    kind: str
    code: str
    name: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One reason to leave one candidate out.

    Args:
        index, candidate_id: the candidate.
        ground: C01 to C19, or Q1 (no quota asks for a speciality held), Q2 (region fits no such quota).
        rule_key: pack key that sets the rule.
        note: ``review`` for an uncertain match, ``pinned`` for a decision of a person, or the reason within the ground.
        relation: the tie behind it, None for grounds without one.
        party: the other side, None where there is none.
        evidence: reference to what proves it, empty for none.

    Source: domain CF-02
    """

    index: int
    candidate_id: str
    ground: str
    rule_key: str
    note: str
    relation: RelationTrace | None = None
    party: MatchedParty | None = None
    evidence: str = ""

    @property
    def citation(self) -> str:
        """Article of the ground."""
        return _CITATIONS.get(self.ground) or GROUND_RULES[self.ground].citation

    @property
    def needs_review(self) -> bool:
        """Whether a person should look at it; the candidate is out all the same."""
        return self.note == "review"


@dataclass(frozen=True, slots=True, eq=False)
class ExclusionGroup:
    """Candidates who are out for the same reason, with no stored tie behind it; for records of large pools.

    Args:
        ground, rule_key, note, party, evidence: as in ``Exclusion``.
        members: indices, ascending, unique.

    Source: domain CF-02
    """

    ground: str
    rule_key: str
    note: str
    party: MatchedParty | None
    evidence: str
    members: Integers


class Exclusions(Sequence[Exclusion]):
    """All exclusions in the order of candidate, ground and record.

    Source: engineering choice
    """

    def __init__(self, findings: Sequence[Finding], pool: Pool, request: DrawRequest) -> None:
        self._findings = sorted(findings, key=lambda finding: (finding.ground, finding.rule_key, finding.note))
        self._pool = pool
        self._request = request

    @cached_property
    def _table(self) -> tuple[Integers, Integers, Integers]:
        owner = np.concatenate([_NONE, *(finding.owners for finding in self._findings)])
        row = np.concatenate([_NONE, *(finding.rows for finding in self._findings)])
        source = np.repeat(np.arange(len(self._findings)), [len(finding.owners) for finding in self._findings])
        order = np.lexsort((row, source, owner))
        return owner[order], row[order], source[order]

    @cached_property
    def _parties(self) -> PartyIndex:
        return PartyIndex(self._request)

    def __len__(self) -> int:
        return sum(len(finding.owners) for finding in self._findings)

    @overload
    def __getitem__(self, index: int) -> Exclusion: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Exclusion, ...]: ...

    def __getitem__(self, index: int | slice) -> Exclusion | tuple[Exclusion, ...]:
        """Return one exclusion, or a tuple of them for a slice."""
        if isinstance(index, slice):
            return tuple(self[number] for number in range(*index.indices(len(self))))
        owner, rows, source = self._table
        finding, row, place = self._findings[source[index]], int(rows[index]), int(owner[index])
        relation = self._relation(row) if row >= 0 else None
        party = finding.party
        if relation is not None:
            party = self._parties.match(relation.code, relation.name, finding.targets)
        return Exclusion(
            index=place,
            candidate_id=self._pool.candidate_ids[place],
            ground=finding.ground,
            rule_key=finding.rule_key,
            note=finding.note,
            relation=relation,
            party=party,
            evidence=self._evidence(row) or finding.evidence,
        )

    def __iter__(self) -> Iterator[Exclusion]:
        return (self[number] for number in range(len(self)))

    def of(self, index: int) -> tuple[Exclusion, ...]:
        """Return the exclusions of one candidate."""
        start, stop = np.searchsorted(self._table[0], [index, index + 1])
        return self[int(start) : int(stop)]

    def groups(self) -> tuple[ExclusionGroup, ...]:
        """Return the exclusions without a stored tie, one group per reason; with ``traced`` these are all."""
        return tuple(
            ExclusionGroup(
                ground=finding.ground,
                rule_key=finding.rule_key,
                note=finding.note,
                party=finding.party,
                evidence=finding.evidence,
                members=np.unique(finding.owners[finding.rows < 0]),
            )
            for finding in self._findings
            if (finding.rows < 0).any()
        )

    def traced(self) -> Iterator[Exclusion]:
        """Return the exclusions with the tie behind each, in order."""
        return (self[number] for number in np.flatnonzero(self._table[1] >= 0).tolist())

    def persons(self) -> dict[str, int]:
        """Return the number of distinct candidates per ground, sorted by ground."""
        owners: dict[str, list[Integers]] = {}
        for finding in self._findings:
            owners.setdefault(finding.ground, []).append(finding.owners)
        return {ground: _distinct(parts, len(self._pool)) for ground, parts in sorted(owners.items())}

    def barred(self) -> Booleans:
        """Return who has a ground, as opposed to a speciality or region that no quota asks for; shape (candidates,)."""
        marked = np.zeros(len(self._pool), dtype=np.bool_)
        for finding in self._findings:
            if finding.ground not in (SPECIALITY, REGION):
                marked[finding.owners] = True
        return marked

    def grounds(self) -> list[tuple[int, str]]:
        """Return the distinct pairs (candidate index, ground), sorted."""
        names, marks = self.marks()
        table = np.array([marks >> number & 1 for number in range(len(names))], dtype=np.int64)
        return [(place, names[number]) for place, number in np.argwhere(table.T).tolist()]

    def marks(self) -> tuple[tuple[str, ...], Integers]:
        """Return the grounds that occur, sorted, and per candidate which he has, one bit each; for large pools."""
        names = tuple(sorted({finding.ground for finding in self._findings}))
        marks = np.zeros(len(self._pool), dtype=np.int64)
        for finding in self._findings:
            marks[finding.owners] |= 1 << names.index(finding.ground)
        return names, marks

    def _relation(self, row: int) -> RelationTrace:
        columns = self._pool.relations
        starts, ends, record = int(columns.starts[row]), int(columns.ends[row]), row - columns.unrecorded
        return RelationTrace(
            relation_id=columns.ids[record] if record >= 0 else None,
            kind=RELATION_KINDS[columns.kind[row]],
            code=columns.codes[columns.code[row]],
            name=columns.names[columns.name[row]],
            starts_on=None if starts == UNKNOWN_START else date.fromordinal(starts),
            ends_on=None if ends == OPEN_END else date.fromordinal(ends),
        )

    def _evidence(self, row: int) -> str:
        record = row - self._pool.relations.unrecorded
        return self._pool.relations.evidence[record] if record >= 0 else ""


_NONE: Integers = np.zeros(0, dtype=np.int64)


def merge_small(counts: dict[str, int], k_anonymity: int) -> tuple[dict[str, int], int | None]:
    """Split counts into those of at least k and the sum of the others, which is hidden when it is below k itself.

    Source: domain CF-08
    """
    shown = {ground: count for ground, count in counts.items() if count >= k_anonymity}
    rest = sum(counts.values()) - sum(shown.values())
    return shown, rest if rest >= k_anonymity else None


def _distinct(parts: list[Integers], size: int) -> int:
    marked = np.zeros(size, dtype=np.bool_)
    for owners in parts:
        marked[owners] = True
    return int(np.count_nonzero(marked))
