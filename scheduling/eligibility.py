"""Who may be drawn for which quota, and why everybody else may not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np

from scheduling.availability import engagement_findings, standing_findings
from scheduling.conflicts import Booleans, Finding, relation_findings
from scheduling.pool import Column, Integers, Pool
from scheduling.request import DrawRequest, Quota
from scheduling.request_checks import ensure_valid

SPECIALITY = "Q1"
REGION = "Q2"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """One reason to leave one candidate out.

    Args:
        index: candidate index in the pool.
        ground: C01 to C19, or Q1 (no quota asks for a speciality held), Q2 (region fits no such quota).
        relation_id: stored record behind it, None for the present employer and for grounds without a relation.
        rule_key: pack key that sets the rule.
        note: ``review`` for an uncertain match, or the reason within the ground.

    Source: domain CF-02
    """

    index: int
    ground: str
    relation_id: str | None
    rule_key: str
    note: str


class Exclusions(Sequence[Exclusion]):
    """All exclusions in the order of candidate, ground and record; objects are made when asked for.

    Source: engineering choice
    """

    __slots__ = ("_findings", "_ids", "_owner", "_row", "_source")

    def __init__(self, findings: list[Finding], ids: tuple[str | None, ...]) -> None:
        self._findings = findings
        self._ids = ids
        owner = np.concatenate([_NONE, *(finding.owners for finding in findings)])
        row = np.concatenate([_NONE, *(finding.rows for finding in findings)])
        source = np.repeat(np.arange(len(findings)), [len(finding.owners) for finding in findings])
        order = np.lexsort((row, source, owner))
        self._owner, self._row, self._source = owner[order], row[order], source[order]

    def __len__(self) -> int:
        return len(self._owner)

    @overload
    def __getitem__(self, index: int) -> Exclusion: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Exclusion, ...]: ...

    def __getitem__(self, index: int | slice) -> Exclusion | tuple[Exclusion, ...]:
        """Return one exclusion, or a tuple of them for a slice."""
        if isinstance(index, slice):
            return tuple(self[number] for number in range(*index.indices(len(self))))
        finding, row = self._findings[self._source[index]], int(self._row[index])
        relation_id = self._ids[row] if row >= 0 else None
        return Exclusion(int(self._owner[index]), finding.ground, relation_id, finding.rule_key, finding.note)

    def __iter__(self) -> Iterator[Exclusion]:
        return (self[number] for number in range(len(self)))

    def of(self, index: int) -> tuple[Exclusion, ...]:
        """Return the exclusions of one candidate."""
        start, stop = np.searchsorted(self._owner, [index, index + 1])
        return self[int(start) : int(stop)]

    def persons(self) -> dict[str, int]:
        """Return the number of distinct candidates per ground, sorted by ground."""
        owners: dict[str, list[Integers]] = {}
        for finding in self._findings:
            owners.setdefault(finding.ground, []).append(finding.owners)
        return {ground: len(np.unique(np.concatenate(parts))) for ground, parts in sorted(owners.items())}

    def grounds(self) -> list[tuple[int, str]]:
        """Return the distinct pairs (candidate index, ground), sorted."""
        return sorted({(int(o), self._findings[s].ground) for o, s in zip(self._owner, self._source, strict=True)})


_NONE: Integers = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Eligibility:
    """The assessed pool.

    Args:
        pool, request: what was assessed.
        mask: shape (quotas, candidates); True where the candidate may take a seat of the quota.
        exclusions: at least one for every candidate without a True; none for the others.
        edges: pairs of eligible relatives (C13), empty when C13 is not in force.

    Source: domain chapter 2 and 3
    """

    pool: Pool
    request: DrawRequest
    mask: Booleans
    exclusions: Exclusions
    edges: tuple[tuple[int, int], ...]

    def members(self, quota: int) -> list[int]:
        """Return the indices eligible for the quota at this position, ascending."""
        return [int(index) for index in np.flatnonzero(self.mask[quota])]

    def eligible_counts(self) -> dict[str, int]:
        """Return the number of eligible candidates per quota_id."""
        totals = self.mask.sum(axis=1)
        return {quota.quota_id: int(total) for quota, total in zip(self.request.quotas, totals, strict=True)}

    def ground_counts(self) -> dict[str, int]:
        """Return the number of persons per ground; a person with two grounds counts in both."""
        return self.exclusions.persons()

    def dry_run_counts(self, k_anonymity: int) -> dict[str, Any]:
        """Return what a requester may see before a draw: counts, and none below ``k_anonymity``.

        Returns:
            ``pool`` (size), ``eligible`` (per quota_id, None below k), ``excluded`` (per ground, only k and above),
            ``merged`` (sum of the grounds below k, None when that sum is below k as well).

        Source: domain CF-08
        """
        shown, merged = merge_small(self.ground_counts(), k_anonymity)
        eligible = {name: count if count >= k_anonymity else None for name, count in self.eligible_counts().items()}
        return {"pool": len(self.pool), "eligible": eligible, "excluded": shown, "merged": merged}


def merge_small(counts: dict[str, int], k_anonymity: int) -> tuple[dict[str, int], int | None]:
    """Split counts into those of at least k and the sum of the others, which is hidden when it is below k itself.

    Source: domain CF-08
    """
    shown = {ground: count for ground, count in counts.items() if count >= k_anonymity}
    rest = sum(counts.values()) - sum(shown.values())
    return shown, rest if rest >= k_anonymity else None


def assess(pool: Pool, request: DrawRequest) -> Eligibility:
    """Apply quotas and grounds to every candidate.

    Args:
        pool: the candidates.
        request: the demand; it is checked first.

    Returns:
        mask and reasons. Complexity O(quotas x candidates + grounds x relations), all in numpy.

    Raises:
        InvalidRequestError: when the request contradicts itself.

    Source: domain chapter 2, DR-07, EL-08
    """
    ensure_valid(request)
    speciality = np.array([_holds_speciality(pool, request, quota) for quota in request.quotas])
    mask = speciality & np.array([_serves_region(pool, request, quota) for quota in request.quotas])
    findings = _quota_findings(speciality, mask)
    findings += relation_findings(pool, request)
    findings += standing_findings(pool, request)
    findings += engagement_findings(pool, request)
    findings.sort(key=lambda finding: (finding.ground, finding.rule_key, finding.note))
    for finding in findings:
        mask[:, finding.owners] = False
    return Eligibility(pool, request, mask, Exclusions(findings, pool.relations.ids), _edges(pool, request, mask))


def _quota_findings(speciality: Booleans, mask: Booleans) -> list[Finding]:
    skilled, fitting = speciality.any(axis=0), mask.any(axis=0)
    groups = (
        (SPECIALITY, "spec.match", np.flatnonzero(~skilled)),
        (REGION, "expert.extra_regions", np.flatnonzero(skilled & ~fitting)),
    )
    return [
        Finding(ground, rule_key, "", owners, np.full(len(owners), -1, dtype=np.int64))
        for ground, rule_key, owners in groups
        if owners.size
    ]


def _edges(pool: Pool, request: DrawRequest, mask: Booleans) -> tuple[tuple[int, int], ...]:
    if "C13" not in request.grounds:
        return ()
    eligible: Booleans = np.logical_or.reduce(mask, axis=0)
    return tuple((int(a), int(b)) for a, b in pool.kin if eligible[a] and eligible[b])


def _holds_speciality(pool: Pool, request: DrawRequest, quota: Quota) -> Booleans:
    def is_match(code: str) -> bool:
        if code == quota.speciality:
            return True
        if quota.accept_ancestor and code and quota.speciality.startswith(code):
            return True
        return request.speciality_match == "self_or_descendant" and code.startswith(quota.speciality)

    return _any_row(pool.specialities, [is_match(code) for code in pool.specialities.texts], len(pool))


def _serves_region(pool: Pool, request: DrawRequest, quota: Quota) -> Booleans:
    groups = [name for name in (request.venue_group, quota.venue_group) if name]
    wished = [quota.regions, request.regions, *(request.group_regions(name) for name in groups)]
    # One and the same region must please all: a person who serves two does not sit in both.
    sets = [prefixes for prefixes in wished if prefixes]
    if not sets:
        return np.ones(len(pool), dtype=np.bool_)
    fits = [all(code.startswith(prefixes) for prefixes in sets) for code in pool.regions.texts]
    return _any_row(pool.regions, fits, len(pool))


def _any_row(column: Column, wanted: list[bool], size: int) -> Booleans:
    result = np.zeros(size, dtype=np.bool_)
    result[column.owner[np.array(wanted, dtype=np.bool_)[column.value]]] = True
    return result
