"""The vectorised search for grounds C01 to C12, C15, C18 and C19 through the relations of a pool.

A relation [start, end] conflicts when its end is open or not before the bid deadline minus the window; the start
decides nothing.
"""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from scheduling.columns import Booleans, Integers, RelationColumns, where_text
from scheduling.grounds import ANYONE, GROUND_RULES, REVIEW, Clause
from scheduling.parties import MatchedParty, PartyIndex
from scheduling.pool import Pool
from scheduling.records import RELATION_KINDS
from scheduling.request import DrawRequest


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """Candidates with one ground for one reason.

    Args:
        ground: code of the ground.
        rule_key: pack key.
        note: ``review``, or the reason within the ground; empty when the ground says all.
        owners: candidate indices, may repeat.
        rows: row of the relation per owner, -1 where no relation is behind it.
        targets: what the relations were compared with.
        party: the other side, where it is the same for all owners and no relation names it.
        evidence: reference to what proves it, where no relation has one.

    Source: domain CF-02
    """

    ground: str
    rule_key: str
    note: str
    owners: Integers
    rows: Integers
    targets: tuple[str, ...] = ()
    party: MatchedParty | None = None
    evidence: str = ""


def window_start(deadline: date, years: int) -> date:
    """Return the first day on which an ended relation still conflicts.

    A day that the earlier year lacks (29 February) becomes the last day of its month, which is the longer window.

    Source: 政府采购法实施条例 第9条, 民法典 第202条
    """
    year = deadline.year - years
    return date(year, deadline.month, min(deadline.day, calendar.monthrange(year, deadline.month)[1]))


def relation_findings(pool: Pool, request: DrawRequest) -> list[Finding]:
    """Find every relation that is a ground in force, whether or not the candidate has another one.

    Args:
        pool: the candidates.
        request: its ``grounds`` say what is in force.

    Returns:
        one finding per ground, clause and certainty that occurs; complexity O(relations x clauses).

    Source: domain chapter 2
    """
    targets = _Targets(pool.relations, PartyIndex(request))
    found: list[Finding] = []
    for ground in sorted(set(request.grounds)):
        rule = GROUND_RULES[ground]
        for clause in rule.clauses:
            for note, rows in _clause_rows(pool.relations, request, clause, targets):
                if rows.size:
                    owners = pool.relations.owner[rows]
                    found.append(Finding(ground, rule.rule_key, note, owners, rows, clause.targets))
    return found


def bare_finding(ground: str, note: str, owners: Integers, rule_key: str = "") -> Finding:
    """Return a finding without relations.

    Source: engineering choice
    """
    rows = np.full(len(owners), -1, dtype=np.int64)
    return Finding(ground, rule_key or GROUND_RULES[ground].rule_key, note, owners, rows)


class _Targets:
    """Which relation rows name a target, by code and by name; computed once per target."""

    def __init__(self, columns: RelationColumns, parties: PartyIndex) -> None:
        self._columns = columns
        self._parties = parties
        self._found: dict[str, tuple[Booleans, Booleans]] = {}

    def hits(self, target: str, rows: Integers) -> tuple[Booleans, Booleans]:
        """Return (certain, by name only) for these relation rows."""
        if target == ANYONE:
            return np.ones(len(rows), dtype=np.bool_), np.zeros(len(rows), dtype=np.bool_)
        if target not in self._found:
            codes, names = self._parties.codes(target), self._parties.names(target)
            columns = self._columns
            self._found[target] = (
                where_text(columns.codes, codes.__contains__),
                where_text(columns.names, names.__contains__),
            )
        by_code, by_name = self._found[target]
        return by_code[self._columns.code[rows]], by_name[self._columns.name[rows]]


def _clause_rows(
    columns: RelationColumns, request: DrawRequest, clause: Clause, targets: _Targets
) -> Iterator[tuple[str, Integers]]:
    live = np.isin(columns.kind, [RELATION_KINDS.index(kind) for kind in clause.kinds])
    if clause.window != "permanent":
        years = request.window_years if clause.window == "years" else 0
        live &= columns.ends >= window_start(request.bid_deadline, years).toordinal()
    rows = np.flatnonzero(live)
    pairs = [targets.hits(target, rows) for target in clause.targets]
    certain = np.logical_or.reduce([pair[0] for pair in pairs])
    by_name = np.logical_or.reduce([pair[1] for pair in pairs]) & ~certain
    yield (REVIEW if clause.review else "", rows[certain])
    yield (REVIEW, rows[by_name])
