"""What people have decided about single conflicts: pinned as one, or pinned clear where the law leaves it open."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from scheduling.columns import Booleans, Integers
from scheduling.conflicts import Finding, bare_finding
from scheduling.grounds import GROUND_RULES
from scheduling.organisations import normal_code, normal_name
from scheduling.parties import MatchedParty, PartyIndex
from scheduling.pool import Pool
from scheduling.refusals import PinRefusedError
from scheduling.request import DrawRequest

PINNED = "pinned"


@dataclass(frozen=True, slots=True)
class Pin:
    """A decision of a person about one candidate and one ground.

    Args:
        candidate_id: whom it is about; somebody outside the pool is of no interest.
        state: ``pinned_conflict`` or ``pinned_clear``.
        ground: a ground in force that is a tie: C01 to C13, C15, C18, C19.
        reason: why; shown to auditors.
        decided_by: who.
        party_code, party_name: the other side; for C13 the other candidate_id as the code. Empty for whatever party.
        evidence: reference to what proves it.

    Source: domain CF-01, CF-06
    """

    candidate_id: str
    state: Literal["pinned_conflict", "pinned_clear"]
    ground: str
    reason: str
    decided_by: str
    party_code: str = ""
    party_name: str = ""
    evidence: str = ""


def ensure_pins(pins: Sequence[Pin], request: DrawRequest) -> None:
    """Refuse a pin that nobody may set.

    Raises:
        PinRefusedError: the ground is not in force or no tie, is marked verified and is to be pinned clear, or reason,
            person or (for C13) the other expert is missing.

    Source: domain CF-01
    """
    for pin in pins:
        fault = _fault(pin, request)
        if fault:
            raise PinRefusedError(ground=pin.ground, reason=fault)


def apply_pins(findings: Sequence[Finding], pool: Pool, request: DrawRequest, pins: Sequence[Pin]) -> list[Finding]:
    """Take away what is pinned clear and add what is pinned as a conflict; C13 is left to the pairs.

    Args:
        findings: of the relations.
        pool: the candidates.
        request: its grounds decide what may be pinned.
        pins: checked first.

    Source: domain CF-01, CF-06
    """
    ensure_pins(pins, request)
    places = pin_places(pool, pins)
    found = list(findings)
    for pin in pins:
        index = places.get(pin.candidate_id)
        if index is None or pin.ground == "C13":
            continue
        if pin.state == "pinned_clear":
            found = [_cleared(finding, pool, pin, index) for finding in found]
        else:
            found.append(_pinned(pin, index, request))
    return [finding for finding in found if finding.owners.size]


def pin_places(pool: Pool, pins: Sequence[Pin]) -> dict[str, int]:
    """Return the index of every candidate a pin names and the pool has.

    Source: engineering choice
    """
    wanted = {pin.candidate_id for pin in pins} | {pin.party_code for pin in pins if pin.ground == "C13"}
    return indices_of(pool, wanted)


def indices_of(pool: Pool, candidate_ids: set[str]) -> dict[str, int]:
    """Return the pool index of each of these candidates that is in the pool.

    Source: engineering choice
    """
    if not candidate_ids:
        return {}
    return {name: place for place, name in enumerate(pool.candidate_ids) if name in candidate_ids}


def _fault(pin: Pin, request: DrawRequest) -> str:
    rule = GROUND_RULES.get(pin.ground)
    if rule is None or pin.ground not in request.grounds:
        return "the ground is not in force"
    if not rule.clauses and pin.ground != "C13":
        return "the ground is no tie between a person and a party"
    if pin.state == "pinned_clear" and rule.mark == "verified":
        return "the law sets the ground"
    if not pin.reason.strip() or not pin.decided_by.strip():
        return "reason or person is missing"
    return "the other expert is missing" if pin.ground == "C13" and not pin.party_code else ""


def _pinned(pin: Pin, index: int, request: DrawRequest) -> Finding:
    known = PartyIndex(request).match(normal_code(pin.party_code), normal_name(pin.party_name))
    party = known or MatchedParty("", pin.party_code, pin.party_name)
    finding = bare_finding(pin.ground, PINNED, np.array([index], dtype=np.int64))
    return replace(finding, party=party, evidence=pin.evidence)


def _cleared(finding: Finding, pool: Pool, pin: Pin, index: int) -> Finding:
    if finding.ground != pin.ground or finding.note == PINNED:
        return finding
    keep = ~((finding.owners == index) & _is_about(pool, pin, finding.rows))
    return replace(finding, owners=finding.owners[keep], rows=finding.rows[keep])


def _is_about(pool: Pool, pin: Pin, rows: Integers) -> Booleans:
    code, name = normal_code(pin.party_code), normal_name(pin.party_name)
    if not code and not name:
        return np.ones(len(rows), dtype=np.bool_)
    columns = pool.relations
    return np.array(
        [
            bool(code and columns.codes[columns.code[row]] == code)
            or bool(name and columns.names[columns.name[row]] == name)
            for row in rows.tolist()
        ],
        dtype=np.bool_,
    )
