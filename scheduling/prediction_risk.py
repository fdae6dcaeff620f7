"""How well an outsider could guess the panel before it is drawn, and what would make it harder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from scheduling.columns import Integers
from scheduling.concessions import Change, Concession, changes_of, level_of
from scheduling.eligibility import Eligibility
from scheduling.feasibility import demands
from scheduling.supplies import Supply, most_together, supplies

Level = Literal["low", "medium", "high"]
_LEVELS: tuple[Level, ...] = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class RiskLimits:
    """Where a figure becomes a medium or a high risk.

    Args:
        medium_ratio, high_ratio: people per seat below which the risk is medium or high.
        medium_drawn, high_drawn: draws of one person in 90 days from which it is.

    Source: engineering choice
    """

    medium_ratio: int = 10
    high_ratio: int = 3
    medium_drawn: int = 3
    high_drawn: int = 6


@dataclass(frozen=True, slots=True)
class RiskReason:
    """One figure that raises the risk.

    Args:
        code: ``few_people``, ``few_per_seat`` or ``often_drawn``.
        level: how much.

    Source: engineering choice
    """

    code: Literal["few_people", "few_per_seat", "often_drawn"]
    level: Level

    def text(self, lang: str = "zh") -> str:
        """Return the reason as a sentence without numbers of people."""
        return (_EN if lang == "en" else _ZH)[self.code]


_EN = {
    "few_people": "fewer people could sit here than may be shown",
    "few_per_seat": "few people per seat",
    "often_drawn": "somebody was drawn often in the last 90 days",
}
_ZH = {
    "few_people": "可选专家人数低于可公开的最低人数",
    "few_per_seat": "每个席位的可选专家过少",
    "often_drawn": "近90天内有专家被频繁抽中",
}


@dataclass(frozen=True, slots=True)
class QuotaRisk:
    """The risk of one quota.

    Args:
        quota_id: the quota.
        need: panel seats and alternates.
        anonymity: people who could sit there, the set in which a member hides.
        together: how many of them could sit together, employers considered.
        drawn: how many of them were drawn in the last 90 days.
        most_drawn: draws of the one drawn most often.
        reasons: what raises the risk, the highest first; empty when it is low.
        widening: changes that would help, from the least painful on; empty when the risk is low or nothing helps.

    Source: domain DR-21, glossary prediction risk
    """

    quota_id: str
    need: int
    anonymity: int
    together: int
    drawn: int
    most_drawn: int
    reasons: tuple[RiskReason, ...]
    widening: tuple[Change, ...]

    @property
    def level(self) -> Level:
        """The highest level of the reasons."""
        return self.reasons[0].level if self.reasons else "low"

    @property
    def ratio_hundredths(self) -> int:
        """People that could sit together per seat, in hundredths, rounded down."""
        return 100 * self.together // self.need


@dataclass(frozen=True, slots=True)
class PredictionRisk:
    """The risk of a request, computed before the draw.

    Args:
        quotas: in the order of the request.

    Source: domain DR-21, glossary prediction risk
    """

    quotas: tuple[QuotaRisk, ...]

    @property
    def level(self) -> Level:
        """The highest level of a quota."""
        return max((quota.level for quota in self.quotas), key=_LEVELS.index, default="low")

    def document(self, k_anonymity: int) -> dict[str, Any]:
        """Return what a requester may see, canonical-ready: no number of people below ``k_anonymity``.

        Source: domain CF-08
        """
        return {"level": self.level, "quotas": [_quota_document(quota, k_anonymity) for quota in self.quotas]}


def prediction_risk(
    eligibility: Eligibility, draws: Mapping[str, int] | Integers, limits: RiskLimits | None = None
) -> PredictionRisk:
    """Compute the risk that outsiders guess the panel.

    Args:
        eligibility: the assessed pool.
        draws: how often each candidate_id was drawn in the last 90 days (whoever is missing: never), or an array with
            one number per pool index.
        limits: where figures become a risk.

    Source: domain DR-21, glossary prediction risk
    """
    bounds, pool = limits or RiskLimits(), eligibility.pool
    if isinstance(draws, Mapping):
        counts = np.fromiter((draws.get(name, 0) for name in pool.candidate_ids), dtype=np.int64, count=len(pool))
    else:
        counts = draws
    listed = supplies(eligibility)
    return PredictionRisk(
        tuple(
            _quota_risk(eligibility, number, counts, [s for s in listed if s.quota == number], bounds)
            for number in range(len(eligibility.request.quotas))
        )
    )


def _quota_risk(
    eligibility: Eligibility, number: int, draws: Integers, own: Sequence[Supply], limits: RiskLimits
) -> QuotaRisk:
    mask, need = eligibility.mask[number], demands(eligibility)[number]
    anonymity, together = int(np.count_nonzero(mask)), most_together(eligibility, mask)
    mine = draws[mask]
    most_drawn = int(mine.max(initial=0))
    found = (
        RiskReason("few_people", "high" if anonymity < eligibility.request.k_anonymity else "low"),
        RiskReason("few_per_seat", _level(-together, -limits.medium_ratio * need, -limits.high_ratio * need)),
        RiskReason("often_drawn", _level(most_drawn + 1, limits.medium_drawn, limits.high_drawn)),
    )
    reasons = sorted((reason for reason in found if reason.level != "low"), key=lambda r: -_LEVELS.index(r.level))
    return QuotaRisk(
        quota_id=eligibility.request.quotas[number].quota_id,
        need=need,
        anonymity=anonymity,
        together=together,
        drawn=int(np.count_nonzero(mine)),
        most_drawn=most_drawn,
        reasons=tuple(reasons),
        widening=_widening(eligibility, own, limits.medium_ratio * need) if reasons else (),
    )


def _level(value: int, medium: int, high: int) -> Level:
    """Return the level of a figure that is a risk above its bounds."""
    return "high" if value > high else "medium" if value > medium else "low"


def _widening(eligibility: Eligibility, own: Sequence[Supply], wanted: int) -> tuple[Change, ...]:
    """Concede ways of the quota, the least painful first, until enough people are estimated to be in reach."""
    request = eligibility.request
    reached = sum(supply.persons for supply in own if not supply.way)
    offer: dict[Concession, int] = {}
    ways = [supply for supply in own if supply.way]
    ways.sort(key=lambda s: (max(level_of(request, item) for item in s.way), len(s.way), -s.persons, sorted(s.way)))
    for supply in ways:
        if reached >= wanted:
            break
        reached += supply.persons
        offer.update(dict.fromkeys(supply.way, 1))
    return changes_of(request, offer)


def _quota_document(quota: QuotaRisk, k_anonymity: int) -> dict[str, Any]:
    is_shown = quota.anonymity >= k_anonymity
    return {
        "quota_id": quota.quota_id,
        "need": quota.need,
        "anonymity": quota.anonymity if is_shown else None,
        "ratio_hundredths": quota.ratio_hundredths if is_shown and quota.together >= k_anonymity else None,
        "drawn": quota.drawn if quota.drawn >= k_anonymity else None,
        "level": quota.level,
        "reasons": [
            {"code": reason.code, "level": reason.level, "zh": reason.text("zh"), "en": reason.text("en")}
            for reason in quota.reasons
        ],
        "widening": [{"zh": change.text("zh"), "en": change.text("en")} for change in quota.widening],
    }
