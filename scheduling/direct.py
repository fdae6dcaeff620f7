"""Directly selected experts: checked like everybody else, and seated before the draw."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from scheduling.availability import engagement_findings, standing_findings
from scheduling.columns import Booleans
from scheduling.conflicts import Finding, bare_finding, relation_findings
from scheduling.pair_conflicts import links
from scheduling.parties import MatchedParty
from scheduling.pins import Pin, apply_pins, indices_of
from scheduling.pool import Pool
from scheduling.refusals import DirectExcludedError
from scheduling.request import DrawRequest

UNKNOWN = "unknown"


def ensure_direct(pool: Pool, request: DrawRequest, pins: Sequence[Pin] = ()) -> None:
    """Refuse directly selected experts with a ground, outside the library, or in conflict with each other.

    C09 is no ground here: the procuring entity's own staff may be selected, not drawn.

    Raises:
        DirectExcludedError: facts ``count`` and ``grounds``.

    Source: 财政部令第87号 第47条, 第48条; domain DR-09, C09
    """
    places = _places(pool, request)
    if places is None:
        return
    allowed = replace(request, grounds=tuple(ground for ground in request.grounds if ground != "C09"))
    other_pins = [pin for pin in pins if pin.ground != "C09"]
    found = apply_pins(relation_findings(pool, allowed), pool, allowed, other_pins)
    found += [*standing_findings(pool, allowed), *engagement_findings(pool, allowed)]
    seated = _marked(pool, places)
    out = {(int(owner), finding.ground) for finding in found for owner in finding.owners[seated[finding.owners]]}
    for link in links(pool, request, seated, pins):
        out |= {(link.low, link.reason), (link.high, link.reason)}
    out |= {(place, "C14") for place in _colleagues(pool, request, places)}
    missing = len(request.direct_selection.experts) - len(places) if request.direct_selection else 0
    if out or missing:
        grounds = sorted({ground for _, ground in out} | ({UNKNOWN} if missing else set()))
        raise DirectExcludedError(count=len({place for place, _ in out}) + missing, grounds=grounds)


def seated_findings(pool: Pool, request: DrawRequest, pins: Sequence[Pin] = ()) -> list[Finding]:
    """Find who cannot be drawn because of a directly selected expert: that expert, his relatives and colleagues.

    All colleagues are left out, which is stricter than needed where a panel may have several from one employer.

    Returns:
        findings of C16 (note ``direct``), C13 and C14, with the other expert as the party.

    Source: domain DR-09, C13, C14
    """
    places = _places(pool, request)
    if places is None:
        return []
    found = [bare_finding("C16", "direct", np.array(places, dtype=np.int64))]
    for link in links(pool, request, np.ones(len(pool), dtype=np.bool_), pins):
        for one, other in ((link.low, link.high), (link.high, link.low)):
            if one in places:
                ground, note = ("C13", "") if link.reason == "C13" else ("C16", "co_service")
                found.append(_because(bare_finding(ground, note, np.array([other])), pool, one))
    if "C14" in request.grounds:
        for place in places:
            same = np.flatnonzero((pool.unit == pool.unit[place]) & (pool.unit >= 0))
            found.append(_because(bare_finding("C14", "", same[same != place]), pool, place))
    return [finding for finding in found if finding.owners.size]


def _because(finding: Finding, pool: Pool, place: int) -> Finding:
    return replace(finding, party=MatchedParty("member", pool.candidate_ids[place]))


def _places(pool: Pool, request: DrawRequest) -> list[int] | None:
    if request.direct_selection is None:
        return None
    return sorted(indices_of(pool, set(request.direct_selection.experts)).values())


def _marked(pool: Pool, places: list[int]) -> Booleans:
    marked = np.zeros(len(pool), dtype=np.bool_)
    marked[places] = True
    return marked


def _colleagues(pool: Pool, request: DrawRequest, places: list[int]) -> list[int]:
    """Return those of an employer with more selected experts than a panel may have."""
    units = [int(pool.unit[place]) for place in places]
    if "C14" not in request.grounds:
        return []
    most = request.same_employer_max
    return [place for place, unit in zip(places, units, strict=True) if unit >= 0 and units.count(unit) > most]
