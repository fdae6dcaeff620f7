"""Experts who may not sit together: relatives (C13), and pairs that sat together too often."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scheduling.columns import Booleans, Integers
from scheduling.grounds import GROUND_RULES
from scheduling.pins import Pin, pin_places
from scheduling.pool import Pool
from scheduling.request import DrawRequest

Reason = Literal["C13", "co_service"]
CO_SERVICE_KEY = "expert.co_service_max"


@dataclass(frozen=True, slots=True)
class Link:
    """Two candidates who may not sit together.

    Args:
        low, high: indices, low < high.
        reason: kinship, or too frequent co-service.
        rule_key: key that sets the rule.
        times: how often they sat together within the window; 0 for relatives.
        evidence: reference of a pinned kinship.

    Source: domain C13, CF-02
    """

    low: int
    high: int
    reason: Reason
    rule_key: str
    times: int = 0
    evidence: str = ""


def links(pool: Pool, request: DrawRequest, among: Booleans, pins: Sequence[Pin] = ()) -> tuple[Link, ...]:
    """Return the pairs among some candidates, sorted; a pair may have both reasons.

    Colleagues are no pairs: the lottery limits the persons per employer (C14).

    Args:
        pool: the candidates.
        request: C13 counts when it is in force, co-service when it has a limit.
        among: shape (candidates,); both of a pair must be True.
        pins: those of C13 add or take away pairs; checked by the caller.

    Source: domain C13, CF-01
    """
    found = [*_kin_links(pool, request, pins), *_service_links(pool, request)]
    kept = [link for link in found if among[link.low] and among[link.high]]
    return tuple(sorted(kept, key=lambda link: (link.low, link.high, link.reason)))


def _kin_links(pool: Pool, request: DrawRequest, pins: Sequence[Pin]) -> list[Link]:
    if "C13" not in request.grounds:
        return []
    evidence = dict.fromkeys(((int(low), int(high)) for low, high in pool.kin), "")
    places = pin_places(pool, [pin for pin in pins if pin.ground == "C13"])
    for pin in pins:
        ends = {places.get(pin.candidate_id), places.get(pin.party_code)} - {None}
        if pin.ground != "C13" or len(ends) < 2:
            continue
        low, high = sorted(place for place in ends if place is not None)
        if pin.state == "pinned_clear":
            evidence.pop((low, high), None)
        else:
            evidence[low, high] = pin.evidence
    key = GROUND_RULES["C13"].rule_key
    return [Link(low, high, "C13", key, evidence=proof) for (low, high), proof in evidence.items()]


def _service_links(pool: Pool, request: DrawRequest) -> list[Link]:
    if request.co_service_max is None:
        return []
    services, today = pool.services, request.first_day.toordinal()
    recent = (services.on < today) & (services.on >= today - request.co_service_days)
    pairs, times = _counted(services.one[recent], services.other[recent], len(pool))
    often = times > request.co_service_max
    return [
        Link(int(low), int(high), "co_service", CO_SERVICE_KEY, int(many))
        for (low, high), many in zip(pairs[often], times[often], strict=True)
    ]


def _counted(one: Integers, other: Integers, size: int) -> tuple[Integers, Integers]:
    codes, times = np.unique(one * size + other, return_counts=True)
    return np.stack([codes // max(size, 1), codes % max(size, 1)], axis=1), times.astype(np.int64)
