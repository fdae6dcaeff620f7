"""Who may be drawn for which quota, and why everybody else may not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scheduling.availability import engagement_findings, standing_findings
from scheduling.columns import Booleans, owners_of, where_text
from scheduling.conflicts import Finding, bare_finding, relation_findings
from scheduling.demand import Quota
from scheduling.direct import ensure_direct, seated_findings
from scheduling.exclusions import REGION, SPECIALITY, Exclusion, Exclusions, merge_small
from scheduling.pair_conflicts import Link, links
from scheduling.pins import Pin, apply_pins
from scheduling.pool import Pool
from scheduling.request import DrawRequest
from scheduling.request_checks import ensure_valid
from scheduling.specialities import ancestor_holders, holders

__all__ = ["Eligibility", "Exclusion", "Exclusions", "Pin", "assess"]


@dataclass(frozen=True, slots=True, eq=False)
class Eligibility:
    """The assessed pool.

    Args:
        pool, request: what was assessed.
        mask: shape (quotas, candidates); True where the candidate may take a seat of the quota.
        exclusions: at least one for every candidate without a True; none for the others.
        links: pairs of eligible candidates who may not sit together, with the reason.

    Source: domain chapter 2 and 3
    """

    pool: Pool
    request: DrawRequest
    mask: Booleans
    exclusions: Exclusions
    links: tuple[Link, ...]

    @property
    def edges(self) -> tuple[tuple[int, int], ...]:
        """The pairs without their reasons, sorted, each once."""
        return tuple(dict.fromkeys((link.low, link.high) for link in self.links))

    def eligible(self) -> Booleans:
        """Return who may take any seat, shape (candidates,)."""
        result: Booleans = np.logical_or.reduce(self.mask, axis=0)
        return result

    def members(self, quota: int) -> list[int]:
        """Return the indices eligible for the quota at this position, ascending."""
        return [int(index) for index in np.flatnonzero(self.mask[quota])]

    def eligible_counts(self) -> dict[str, int]:
        """Return the number of eligible candidates per quota_id."""
        totals = self.mask.sum(axis=1)
        return {quota.quota_id: int(total) for quota, total in zip(self.request.quotas, totals, strict=True)}

    def ancestor_counts(self) -> dict[str, int]:
        """Return per quota_id how many are eligible by an ancestor code only; for the log (EL-08)."""
        return {
            quota.quota_id: int(np.count_nonzero(ancestor_holders(self.pool, self.request, quota) & row))
            for quota, row in zip(self.request.quotas, self.mask, strict=True)
        }

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


def assess(pool: Pool, request: DrawRequest, pins: Sequence[Pin] = ()) -> Eligibility:
    """Apply quotas and grounds to every candidate: the first pass, with the parties that are known at draw time.

    Args:
        pool: the candidates.
        request: the demand; it is checked first.
        pins: decisions of persons about single conflicts.

    Returns:
        mask and reasons. Complexity O(quotas x candidates + grounds x relations), all in numpy.

    Raises:
        InvalidRequestError and the other errors of ``ensure_valid``; PinRefusedError; DirectExcludedError.

    Source: domain chapter 2, CF-01, CF-03, DR-07, EL-08
    """
    ensure_valid(request)
    ensure_direct(pool, request, pins)
    findings = apply_pins(relation_findings(pool, request), pool, request, pins)
    findings += standing_findings(pool, request)
    findings += engagement_findings(pool, request)
    findings += seated_findings(pool, request, pins)
    mask, quota_findings = _quota_mask(pool, request)
    findings += quota_findings
    mask &= ~_excluded(findings, len(pool))
    eligible: Booleans = np.logical_or.reduce(mask, axis=0)
    return Eligibility(pool, request, mask, Exclusions(findings, pool, request), links(pool, request, eligible, pins))


def _excluded(findings: Sequence[Finding], size: int) -> Booleans:
    out = np.zeros(size, dtype=np.bool_)
    for finding in findings:
        out[finding.owners] = True
    return out


def _quota_mask(pool: Pool, request: DrawRequest) -> tuple[Booleans, list[Finding]]:
    mask = np.zeros((len(request.quotas), len(pool)), dtype=np.bool_)
    skilled = np.zeros(len(pool), dtype=np.bool_)
    for number, quota in enumerate(request.quotas):
        speciality = holders(pool, request, quota)
        skilled |= speciality
        mask[number] = speciality & _serves_region(pool, request, quota)
    fitting = np.logical_or.reduce(mask, axis=0)
    findings = (
        bare_finding(SPECIALITY, "", np.flatnonzero(~skilled), "spec.match"),
        bare_finding(REGION, "", np.flatnonzero(skilled & ~fitting), "expert.extra_regions"),
    )
    return mask, [finding for finding in findings if finding.owners.size]


def _serves_region(pool: Pool, request: DrawRequest, quota: Quota) -> Booleans:
    groups = [name for name in (request.venue_group, quota.venue_group) if name]
    wished = [quota.regions, request.regions, *(request.group_regions(name) for name in groups)]
    # One and the same region must please all: a person who serves two does not sit in both.
    sets = [prefixes for prefixes in wished if prefixes]
    if not sets:
        return np.ones(len(pool), dtype=np.bool_)
    fits = where_text(pool.regions.texts, lambda code: all(code.startswith(prefixes) for prefixes in sets))
    return owners_of(pool.regions, fits, len(pool))
