"""Grounds C01 to C15, C18 and C19 as a table, and their vectorised search through the relations of a pool.

A relation [start, end] conflicts when its end is open or not before the bid deadline minus the window; the start
decides nothing. ``current`` is a window of zero years. Organisations match by code; a match by name alone is an
exclusion all the same, marked ``review``, because a missing or mistyped code must not clear anybody.
"""

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt

from scheduling.organisations import normal_code, normal_name
from scheduling.pool import RELATION_KINDS, Integers, Pool, RelationColumns
from scheduling.request import DrawRequest

Window = Literal["years", "current", "permanent"]
Booleans = npt.NDArray[np.bool_]
REVIEW = "review"
AVOID = "avoid"
PROJECT = "project"
ANYONE = "anyone"


@dataclass(frozen=True, slots=True)
class Clause:
    """One way in which a ground is met.

    Args:
        kinds: relation kinds.
        targets: party roles, ``avoid`` (avoid list), ``project`` (project codes) or ``anyone`` (whatever organisation).
        window: how far back a relation that has ended still counts.
        review: the match cannot be certain, whatever the code says.

    Source: domain chapter 2
    """

    kinds: tuple[str, ...]
    targets: tuple[str, ...]
    window: Window
    review: bool = False


@dataclass(frozen=True, slots=True)
class GroundRule:
    """A conflict ground: its clauses, the pack key that sets it, and its article.

    Source: domain chapter 2
    """

    clauses: tuple[Clause, ...]
    rule_key: str
    citation: str


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """Candidates with one ground for one reason.

    Args:
        ground: code of the ground.
        rule_key: pack key.
        note: ``review``, or the reason within the ground; empty when the ground says all.
        owners: candidate indices, may repeat.
        rows: row of the relation per owner, -1 where no relation is behind it.

    Source: domain CF-02
    """

    ground: str
    rule_key: str
    note: str
    owners: Integers
    rows: Integers


_WINDOW = "conflict.window_years"
_LAW = "conflict.grounds"
_LOCAL = "conflict.grounds_local"
_OWN = "conflict.grounds_project"
_TIES = ("employment", "director", "board_supervisor", "controlling_shareholder", "actual_controller")
_DEPARTMENTS = ("competent_department", "supervising_department")

GROUND_RULES: dict[str, GroundRule] = {
    "C01": GroundRule((Clause(("employment",), ("bidder",), "years"),), _WINDOW, "政府采购法实施条例 第9条(1)"),
    "C02": GroundRule(
        (Clause(("director", "board_supervisor"), ("bidder",), "years"),), _WINDOW, "政府采购法实施条例 第9条(2)"
    ),
    "C03": GroundRule(
        (Clause(("controlling_shareholder", "actual_controller"), ("bidder",), "years"),),
        _WINDOW,
        "政府采购法实施条例 第9条(3)",
    ),
    "C04": GroundRule(
        (Clause(("kin_of_head", "near_relative"), ("bidder",), "current"),), _LAW, "政府采购法实施条例 第9条(4)"
    ),
    "C05": GroundRule(
        (Clause(("bidder_itself", "near_relative", "kin_of_head"), ("bidder",), "current"),),
        _LAW,
        "七部委令第12号 第12条(1)",
    ),
    "C06": GroundRule(
        (Clause(("department_staff", "employment"), _DEPARTMENTS, "current"),),
        _LAW,
        "七部委令第12号 第12条(2), 招标投标法实施条例 第46条",
    ),
    "C07": GroundRule(
        (Clause(("interest",), ("bidder",), "current"),),
        _LAW,
        "七部委令第12号 第12条(3), 招标投标法 第37条, 政府采购法实施条例 第9条(5)",
    ),
    "C08": GroundRule((Clause(("tender_penalty",), (ANYONE,), "permanent"),), _LAW, "七部委令第12号 第12条(4)"),
    "C09": GroundRule((Clause(("employment",), ("procuring_entity",), "current"),), _LAW, "财政部令第87号 第47条"),
    "C10": GroundRule((Clause(("employment",), ("agency",), "current"),), _LAW, "财政部令第87号 第47条"),
    "C11": GroundRule(
        (Clause(("finance_supervision",), (ANYONE,), "current"),), _LOCAL, "财库〔2016〕198号, 粤财规〔2025〕1号 第20条"
    ),
    "C12": GroundRule(
        (
            Clause(("need_planning",), (PROJECT,), "permanent"),
            # The record names an organisation and not the project: it may be about another need, so a person looks.
            Clause(("need_planning",), ("procuring_entity", "designer"), "years", review=True),
            Clause(("employment",), ("designer",), "current", review=True),
        ),
        _LOCAL,
        "粤财规〔2025〕1号 第20-21条",
    ),
    "C13": GroundRule((), _LOCAL, "粤财规〔2025〕1号 第21条"),
    "C14": GroundRule((), "conflict.same_employer_max", "闽财规〔2025〕17号"),
    "C15": GroundRule((Clause(_TIES, (AVOID,), "current"),), _OWN, "domain C15"),
    "C16": GroundRule((), _OWN, "domain C16"),
    "C17": GroundRule((), _OWN, "domain C17"),
    "C18": GroundRule((Clause(("voided_committee_fault",), (PROJECT,), "permanent"),), _LAW, "财政部令第87号 第67条"),
    "C19": GroundRule((Clause(("earlier_committee",), (PROJECT,), "permanent"),), _OWN, "domain C19"),
}


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
    columns = pool.relations
    targets = _Targets(columns, request)
    found: list[Finding] = []
    for ground in sorted(set(request.grounds)):
        rule = GROUND_RULES[ground]
        for clause in rule.clauses:
            for note, hit in _clause_hits(columns, request, clause, targets):
                rows = np.flatnonzero(hit)
                if rows.size:
                    found.append(Finding(ground, rule.rule_key, note, columns.owner[rows], rows))
    return found


class _Targets:
    """Which relation rows name a target, by code and by name; computed once per target."""

    def __init__(self, columns: RelationColumns, request: DrawRequest) -> None:
        self._columns = columns
        self._request = request
        self._found: dict[str, tuple[Booleans, Booleans]] = {}

    def hits(self, target: str) -> tuple[Booleans, Booleans]:
        """Return (certain, by name only) per relation row."""
        if target not in self._found:
            self._found[target] = self._search(target)
        return self._found[target]

    def _search(self, target: str) -> tuple[Booleans, Booleans]:
        columns = self._columns
        if target == ANYONE:
            return np.ones(len(columns.owner), dtype=np.bool_), np.zeros(len(columns.owner), dtype=np.bool_)
        codes, names = _wanted(self._request, target)
        by_code = _among(columns.codes, codes)[columns.code]
        by_name = _among(columns.names, names)[columns.name]
        return by_code, by_name & ~by_code


def _wanted(request: DrawRequest, target: str) -> tuple[set[str], set[str]]:
    if target == PROJECT:
        return {normal_code(code) for code in request.project_refs}, set()
    if target == AVOID:
        return {normal_code(item.code) for item in request.avoid}, {normal_name(item.name) for item in request.avoid}
    parties = [party for party in request.parties if party.role == target]
    names = {normal_name(name) for party in parties for name in (party.name, *party.former_names)}
    return {normal_code(party.code) for party in parties}, names


def _among(texts: Iterable[str], wanted: set[str]) -> Booleans:
    # The empty text means "not known" on both sides and must match nothing.
    return np.fromiter((bool(text) and text in wanted for text in texts), dtype=np.bool_)


def _clause_hits(
    columns: RelationColumns, request: DrawRequest, clause: Clause, targets: _Targets
) -> Iterator[tuple[str, Booleans]]:
    kinds = [RELATION_KINDS.index(kind) for kind in clause.kinds]
    live = np.isin(columns.kind, kinds)
    if clause.window != "permanent":
        years = request.window_years if clause.window == "years" else 0
        live &= columns.ends >= window_start(request.bid_deadline, years).toordinal()
    pairs = [targets.hits(target) for target in clause.targets]
    certain = np.logical_or.reduce([pair[0] for pair in pairs])
    by_name = np.logical_or.reduce([pair[1] for pair in pairs]) & ~certain
    yield (REVIEW if clause.review else "", live & certain)
    yield (REVIEW, live & by_name)
