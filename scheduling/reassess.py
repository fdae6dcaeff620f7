"""The second pass: the members of a panel against the opened bidders, and against what was declared or found since."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from scheduling.availability import standing_findings
from scheduling.conflicts import Finding, bare_finding, relation_findings
from scheduling.demand import BIDDER_ROLES, Party
from scheduling.exclusions import Exclusion, Exclusions
from scheduling.pair_conflicts import Link, links
from scheduling.parties import MatchedParty
from scheduling.pins import Pin, apply_pins
from scheduling.pool import Pool
from scheduling.request import DrawRequest
from scheduling.request_checks import ensure_valid


@dataclass(frozen=True, slots=True, eq=False)
class Reassessment:
    """What the second pass found.

    Args:
        exclusions: in the order of candidate and ground; empty when all members may stay.
        links: pairs of members who may not sit together (found since the draw, or it is no draw of ours).

    Source: domain CF-03, CF-06
    """

    exclusions: Exclusions
    links: tuple[Link, ...]

    def by_member(self) -> dict[str, tuple[Exclusion, ...]]:
        """Return the findings per candidate_id, only members who must be replaced; a pair names both."""
        found: dict[str, list[Exclusion]] = {}
        for exclusion in self.exclusions:
            found.setdefault(exclusion.candidate_id, []).append(exclusion)
        return {candidate_id: tuple(items) for candidate_id, items in found.items()}


def reassess(members: Pool, request: DrawRequest, opened: Sequence[Party], pins: Sequence[Pin] = ()) -> Reassessment:
    """Assess the members again.

    Quotas and C17 are left out: the members have accepted this very seat.

    Args:
        members: the panel as the library has it now, late declarations included.
        request: the request of the draw; its bidders are replaced by ``opened``.
        opened: bidders of the opening record, members of consortia and controllers, all in bidder roles; other roles
            are taken beside those of the request.
        pins: decisions of persons; a conflict declared late is one more pin or relation.

    Returns:
        findings per member: the service replaces those who have any. Of a pair with C13 both are named: one leaves, by
        agreement, and both when there is none.

    Raises:
        InvalidRequestError, PinRefusedError.

    Source: domain CF-03, CF-06; 招标投标法 第22条
    """
    known = tuple(party for party in request.parties if party.role not in BIDDER_ROLES)
    opened_request = replace(request, parties=(*known, *opened))
    ensure_valid(opened_request)
    findings = apply_pins(relation_findings(members, opened_request), members, opened_request, pins)
    findings += standing_findings(members, opened_request)
    pairs = links(members, opened_request, np.ones(len(members), dtype=np.bool_), pins)
    findings += _kin_findings(members, pairs)
    return Reassessment(Exclusions(findings, members, opened_request), pairs)


def _kin_findings(members: Pool, pairs: Sequence[Link]) -> list[Finding]:
    return [
        replace(
            bare_finding("C13", "", np.array([one], dtype=np.int64)),
            party=MatchedParty("member", members.candidate_ids[other]),
            evidence=link.evidence,
        )
        for link in pairs
        if link.reason == "C13"
        for one, other in ((link.low, link.high), (link.high, link.low))
    ]
