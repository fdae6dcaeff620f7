"""Assess the library for a request, and say what the requester may see of it: counts, risk, and ways out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np

from expert_hub.draws.preparing.pool_loading import Library
from expert_hub.draws.preparing.relaxing import offers_document
from scheduling.demand import BIDDER_ROLES
from scheduling.drawable import is_drawable
from scheduling.eligibility import Eligibility, assess
from scheduling.errors import KernelError, PoolTooSmallError
from scheduling.feasibility import ensure_large_enough
from scheduling.lottery import PanelLottery, build_lottery
from scheduling.pins import Pin
from scheduling.prediction_risk import prediction_risk
from scheduling.quotas import InfeasibleQuotasError
from scheduling.relaxations import relaxations
from scheduling.request import DrawRequest


class Case(msgspec.Struct, frozen=True):
    """A request with the people it is about, and what was decided about single conflicts."""

    request: DrawRequest
    library: Library
    pins: Sequence[Pin] = ()


class Unfillable(Exception):
    """Nobody can fill the request; `explained` says it to the requester."""

    def __init__(self, reason: KernelError, eligibility: Eligibility, pins: Sequence[Pin]) -> None:
        super().__init__(reason.code)
        self.reason, self.eligibility, self.pins = reason, eligibility, pins


def assessed(case: Case) -> Eligibility:
    """Who may sit where, and why everybody else may not."""
    return assess(case.library.pool, case.request, case.pins)


def lottery_for(eligibility: Eligibility, pins: Sequence[Pin]) -> PanelLottery:
    """The lottery over all panels.

    The reserve that was asked for must be there as well, though with fresh randomness nobody is drawn ahead.

    Raises:
        Unfillable: there is no panel, or none with its alternates.
    """
    try:
        ensure_large_enough(eligibility)
        if not is_drawable(eligibility):
            people, seats = int(np.count_nonzero(eligibility.eligible())), eligibility.request.seats
            raise InfeasibleQuotasError(people=people, seats=seats, reasons=["quotas / limits / pairs"])
        return build_lottery(eligibility)
    except (PoolTooSmallError, InfeasibleQuotasError) as error:
        raise Unfillable(error, eligibility, pins) from None


def explained(found: Unfillable) -> KernelError:
    """The refusal with counts that may be shown, and several minimal relaxations as the fact `relaxations`."""
    offers = offers_document(relaxations(found.eligibility, found.pins))
    k_anonymity = found.eligibility.request.k_anonymity
    if isinstance(found.reason, PoolTooSmallError):
        shown: KernelError = shown_shortage(found.reason, k_anonymity)
    else:
        people = found.reason.facts["people"]
        facts = {**found.reason.facts, "people": people if people >= k_anonymity else f"<{k_anonymity}"}
        shown = InfeasibleQuotasError(**facts)
    shown.facts["relaxations"] = offers
    return shown


def shown_shortage(error: PoolTooSmallError, k_anonymity: int) -> PoolTooSmallError:
    """The shortage as the requester may see it: no number of eligible experts below `k_anonymity` (CF-08)."""
    quotas = [
        quota if quota["eligible"] >= k_anonymity else _masked(quota, k_anonymity) for quota in error.facts["quotas"]
    ]
    exact = quotas == error.facts["quotas"]
    return PoolTooSmallError(short=error.facts["short"] if exact else f"≥{len(quotas)}", quotas=quotas)


def _masked(quota: dict[str, Any], k_anonymity: int) -> dict[str, Any]:
    return {**quota, "eligible": f"<{k_anonymity}", "short": "≥1"}


def risk_document(eligibility: Eligibility, drawn: Mapping[str, int]) -> dict[str, Any]:
    """How well an outsider could guess the panel, as the requester may see it.

    Of a quota with fewer people than may be shown it is not told that somebody was drawn often: that would be about one
    of a few.
    """
    k_anonymity = eligibility.request.k_anonymity
    document = prediction_risk(eligibility, drawn).document(k_anonymity)
    return {**document, "quotas": [_without_persons(quota) for quota in document["quotas"]]}


def _without_persons(quota: dict[str, Any]) -> dict[str, Any]:
    if quota["anonymity"] is not None:
        return quota
    return {**quota, "reasons": [reason for reason in quota["reasons"] if reason["code"] != "often_drawn"]}


def without_secrets(request: DrawRequest) -> DrawRequest:
    """The request without bidders, avoid list and directly selected experts, and without pairs that sat together.

    What is computed from it cannot tell who is tied to whom, however often it is asked and compared.

    Source: 招标投标法 第22条; domain CF-03, CF-08
    """
    known = tuple(party for party in request.parties if party.role not in BIDDER_ROLES)
    return replace(request, parties=known, avoid=(), direct_selection=None, co_service_max=None)
