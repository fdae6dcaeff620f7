"""The problem of a fair lottery as plain values: people, quotas per feature, seats, and who may not sit together."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scheduling.errors import KernelError

UNQUOTED = "{category}={feature}"


class QuotaTableError(KernelError):
    """The table of quotas or of people does not have the form it needs.

    Source: engineering choice
    """

    code = "draw/quota-table"
    zh = "表格格式不合格：{reasons}"
    en = "The table is not valid: {reasons}"


class UnknownColumnError(KernelError):
    """The people have no column of this name.

    Source: engineering choice
    """

    code = "draw/unknown-column"
    zh = "人员表没有列 {columns}；现有列：{known}"
    en = "The people have no column {columns}; there are: {known}"


class UnquotedFeatureError(KernelError):
    """A person has a value for which no quota is written; more likely a slip of the pen than a wish.

    Source: engineering choice
    """

    code = "draw/unquoted-feature"
    zh = "人员表中的取值在名额表中没有对应行：{features}（如不限名额，请写明下限 0 和上限）"
    en = "Values of people without a row among the quotas: {features} (write a row with min 0 to leave one open)"


class SeatsUnknownError(KernelError):
    """The quotas leave the number of seats open.

    Source: engineering choice
    """

    code = "draw/seats-unknown"
    zh = "名额表不能确定席位数（{lowest} 至 {highest} 均可），请指定席位数"
    en = "The quotas allow {lowest} to {highest} seats: say how many"


class InfeasibleQuotasError(KernelError):
    """No panel meets all quotas.

    Source: domain DR-07, chapter 3 hard errors
    """

    code = "draw/infeasible-quotas"
    zh = "无法组成满足全部名额要求的小组（{people} 人，{seats} 席）：{reasons}"
    en = "No panel of {seats} out of {people} people meets all quotas: {reasons}"


@dataclass(frozen=True, slots=True)
class FeatureQuota:
    """At least ``minimum`` and at most ``maximum`` members of the panel have ``feature`` in ``category``.

    Source: domain DR-07
    """

    category: str
    feature: str
    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True)
class FairProblem:
    """What a fair lottery is built from.

    Args:
        categories: names, in the order of their first quota.
        people: per person one value per category.
        quotas: bounds per category and feature, unique.
        seats: size of the panel, at least 1.
        units: per person the value that no two members may share, empty for none; None without such a rule.

    Source: domain DR-07, C14
    """

    categories: tuple[str, ...]
    people: tuple[tuple[str, ...], ...]
    quotas: tuple[FeatureQuota, ...]
    seats: int
    units: tuple[str, ...] | None = None


def problem_from_csv(people: str, quotas: str, seats: int | None = None, distinct: str | None = None) -> FairProblem:
    """Read a problem from the text of two CSV tables.

    Args:
        people: one row a person, one column per category; further columns are ignored.
        quotas: header ``category,feature,min,max`` or ``feature,value,min,max``; further columns are ignored.
        seats: size of the panel; None when the quotas determine it.
        distinct: column of which each value may occur once in a panel.

    Raises:
        QuotaTableError, UnknownColumnError, UnquotedFeatureError, SeatsUnknownError, InfeasibleQuotasError.

    Source: engineering choice
    """
    return make_problem(_rows(people), read_quotas(_rows(quotas)), seats, distinct)


def read_quotas(rows: Sequence[Mapping[str, str]]) -> tuple[FeatureQuota, ...]:
    """Return the quotas of a table with either header.

    Raises:
        QuotaTableError: columns missing, bounds that are no numbers or contradict each other, a feature twice.

    Source: engineering choice
    """
    names = set(rows[0]) if rows else set()
    category, feature = ("category", "feature") if "category" in names else ("feature", "value")
    missing = [name for name in (category, feature, "min", "max") if name not in names]
    if missing:
        raise QuotaTableError(reasons=[f"columns {', '.join(missing)}"])
    quotas = [_quota(row, category, feature) for row in rows]
    counts = Counter((quota.category, quota.feature) for quota in quotas)
    twice = [UNQUOTED.format(category=c, feature=f) for (c, f), times in counts.items() if times > 1]
    if twice:
        raise QuotaTableError(reasons=[f"{name} (x2)" for name in twice])
    return tuple(quotas)


def make_problem(
    rows: Sequence[Mapping[str, str]],
    quotas: Sequence[FeatureQuota],
    seats: int | None = None,
    distinct: str | None = None,
) -> FairProblem:
    """Return the problem of these people; checks what can be checked without a solver.

    Source: domain DR-07
    """
    if not rows:
        raise QuotaTableError(reasons=["no people"])
    categories = tuple(dict.fromkeys(quota.category for quota in quotas))
    absent = [name for name in (*categories, *([distinct] if distinct else [])) if name not in rows[0]]
    if absent:
        raise UnknownColumnError(columns=absent, known=[str(name) for name in rows[0]])
    people = tuple(tuple((row[name] or "").strip() for name in categories) for row in rows)
    units = tuple((row[distinct] or "").strip() for row in rows) if distinct else None
    _ensure_quoted(people, categories, quotas)
    problem = FairProblem(categories, people, tuple(quotas), _seats(quotas, categories, seats, len(rows)), units)
    _ensure_supply(problem)
    return problem


def _rows(text: str) -> list[dict[str, str]]:
    reader = csv.DictReader(text.removeprefix("\ufeff").splitlines(keepends=True), restval="")
    return [{(name or "").strip(): value for name, value in row.items()} for row in reader]


def _quota(row: Mapping[str, str], category: str, feature: str) -> FeatureQuota:
    name = UNQUOTED.format(category=row[category], feature=row[feature])
    try:
        bounds = int(row["min"]), int(row["max"])
    except ValueError:
        raise QuotaTableError(reasons=[f"{name}: min {row['min']!r}, max {row['max']!r}"]) from None
    if not 0 <= bounds[0] <= bounds[1]:
        raise QuotaTableError(reasons=[f"{name}: min {bounds[0]}, max {bounds[1]}"])
    return FeatureQuota(row[category].strip(), row[feature].strip(), *bounds)


def _ensure_quoted(
    people: Sequence[tuple[str, ...]], categories: Sequence[str], quotas: Sequence[FeatureQuota]
) -> None:
    known = {(quota.category, quota.feature) for quota in quotas}
    found = [
        UNQUOTED.format(category=category, feature=value)
        for number, category in enumerate(categories)
        for value in sorted({person[number] for person in people})
        if (category, value) not in known
    ]
    if found:
        raise UnquotedFeatureError(features=found[:20])


def _seats(quotas: Sequence[FeatureQuota], categories: Sequence[str], given: int | None, people: int) -> int:
    lows = [sum(quota.minimum for quota in quotas if quota.category == name) for name in categories]
    highs = [sum(quota.maximum for quota in quotas if quota.category == name) for name in categories]
    lowest, highest = max([1, *lows]), min([people, *highs])
    if lowest > highest or (given is not None and not lowest <= given <= highest):
        seats = given if given is not None else lowest
        raise InfeasibleQuotasError(people=people, seats=seats, reasons=[f"{lowest} <= seats <= {highest}"])
    if given is None and lowest < highest:
        raise SeatsUnknownError(lowest=lowest, highest=highest)
    return lowest if given is None else given


def _ensure_supply(problem: FairProblem) -> None:
    supply = Counter(
        (category, value)
        for person in problem.people
        for category, value in zip(problem.categories, person, strict=True)
    )
    short = [
        f"{UNQUOTED.format(category=quota.category, feature=quota.feature)}: "
        f"{supply[quota.category, quota.feature]} < {quota.minimum}"
        for quota in problem.quotas
        if supply[quota.category, quota.feature] < quota.minimum
    ]
    if short:
        raise InfeasibleQuotasError(people=len(problem.people), seats=problem.seats, reasons=short)
