"""What a requester may give up so that a draw becomes possible: single concessions, their texts, the request without.

Legal floors are no concessions: size, share, grounds, persons per employer and the pack's least reserve stay.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from scheduling.demand import Limit, Quota
from scheduling.request import DrawRequest

Kind = Literal["alternates", "limit_low", "limit_high", "venue_group", "regions", "all_regions", "ancestor", "parent"]


LEVELS: dict[Kind, int] = {
    "alternates": 0,
    "limit_low": 1,
    "limit_high": 1,
    "venue_group": 2,
    "regions": 3,
    "all_regions": 3,
    "ancestor": 4,
    "parent": 6,
}
FAR = 5


class Concession(NamedTuple):
    """One thing to give up.

    Args:
        kind: what sort of thing.
        target: quota_id or limit_id, empty for the whole request.
        value: the city that is added; empty for the other kinds.

    Source: domain chapter 3, hard errors
    """

    kind: Kind
    target: str
    value: str = ""


Offer = Mapping[Concession, int]


@dataclass(frozen=True, slots=True)
class Change:
    """Concessions of one kind to one target, as a reader sees them.

    Args:
        kind, target: as in ``Concession``.
        subject: speciality of the quota, values of the limit, or name of the venue group.
        values: cities added, codes accepted, or the new number.

    Source: domain chapter 3, hard errors; CF-08
    """

    kind: Kind
    target: str
    subject: str
    values: tuple[str, ...]

    def text(self, lang: str = "zh") -> str:
        """Return the change as a sentence; it tells no number of experts."""
        texts = _EN if lang == "en" else _ZH
        whole = {"en": "the whole request", "zh": "整个申请"}["en" if lang == "en" else "zh"]
        joined = (", " if lang == "en" else "、").join(self.values)
        return texts[self.kind].format(
            target=self.target or whole,
            subject=self.subject,
            values=joined,
            many=len(self.values),
            cities="city" if len(self.values) == 1 else "cities",
        )


_EN: dict[Kind, str] = {
    "alternates": "ask for {values} alternates only in {target} ({subject})",
    "limit_low": "lower the least number of limit {target} ({subject}) to {values}",
    "limit_high": "raise the largest number of limit {target} ({subject}) to {values}",
    "venue_group": "drop the wish for venue group {subject} in {target}",
    "regions": "widen region of {subject} ({target}) to {many} more {cities}: {values}",
    "all_regions": "widen region of {target} to {many} more {cities}: {values}",
    "ancestor": "accept ancestor codes of {subject} ({target}): {values}",
    "parent": "ask for {values} instead of {subject} ({target})",
}
_ZH: dict[Kind, str] = {
    "alternates": "将条件组 {target}（{subject}）的备选专家减为 {values} 名",
    "limit_low": "将限制 {target}（{subject}）的下限降为 {values}",
    "limit_high": "将限制 {target}（{subject}）的上限提高到 {values}",
    "venue_group": "取消 {target} 的场所组要求 {subject}",
    "regions": "将 {subject}（{target}）的地区扩大 {many} 个城市：{values}",
    "all_regions": "将{target}的地区扩大 {many} 个城市：{values}",
    "ancestor": "接受 {subject}（{target}）的上级专业代码：{values}",
    "parent": "将 {subject}（{target}）放宽为上级专业 {values}",
}


def is_near(city: str, quota: Quota, request: DrawRequest) -> bool:
    """Tell whether a city lies in a province that the quota or the request asks for already.

    Source: engineering choice
    """
    return city[:2] in {region[:2] for region in (*quota.regions, *request.regions)}


def level_of(request: DrawRequest, concession: Concession) -> int:
    """Return how painful a concession is: 0 for an alternate up to 6 for a broader speciality.

    Source: engineering choice
    """
    if concession.kind not in ("regions", "all_regions"):
        return LEVELS[concession.kind]
    own = [quota for quota in request.quotas if concession.target in ("", quota.quota_id)]
    return LEVELS[concession.kind] if any(is_near(concession.value, quota, request) for quota in own) else FAR


def ancestors(code: str) -> tuple[str, ...]:
    """Return the broader codes of a speciality, the nearest first.

    Source: 发改法规〔2018〕316号 (SP316)
    """
    return tuple(code[:length] for length in range(len(code) - 2, 0, -2))


def relaxed(request: DrawRequest, offer: Offer) -> DrawRequest:
    """Return the request with the concessions made.

    Args:
        request: the demand.
        offer: concessions; the number is the steps for alternates and limits, 1 for the others.

    Source: domain chapter 3, hard errors
    """
    regions = tuple(sorted({*request.regions, *_cities(offer, "all_regions", "")}))
    return replace(
        request,
        quotas=tuple(_relaxed_quota(request, quota, offer) for quota in request.quotas),
        limits=tuple(_relaxed_limit(limit, offer) for limit in request.limits),
        regions=regions if request.regions else (),
        venue_group="" if Concession("venue_group", "") in offer else request.venue_group,
    )


def changes_of(request: DrawRequest, offer: Offer) -> tuple[Change, ...]:
    """Return an offer as changes, one per kind and target, sorted.

    Source: domain chapter 3, hard errors
    """
    after = relaxed(request, offer)
    quotas = {quota.quota_id: quota for quota in request.quotas}
    limits = {limit.limit_id: limit for limit in request.limits}
    families = sorted({(concession.kind, concession.target) for concession in offer})
    changes = []
    for kind, target in families:
        if kind in ("limit_low", "limit_high"):
            limit = next(limit for limit in after.limits if limit.limit_id == target)
            bound = limit.low if kind == "limit_low" else limit.high
            changes.append(Change(kind, target, ", ".join(limits[target].values), (str(bound),)))
        elif not target:
            cities = tuple(sorted(_cities(offer, kind, "")))
            changes.append(Change(kind, "", request.venue_group if kind == "venue_group" else "", cities))
        else:
            changes.append(_quota_change(kind, quotas[target], after, offer))
    return tuple(changes)


def _quota_change(kind: Kind, quota: Quota, after: DrawRequest, offer: Offer) -> Change:
    new = next(item for item in after.quotas if item.quota_id == quota.quota_id)
    values: dict[Kind, tuple[str, ...]] = {
        "alternates": (str(after.alternates_of(new)),),
        "regions": tuple(sorted(_cities(offer, kind, quota.quota_id))),
        "ancestor": ancestors(quota.speciality),
        "parent": (new.speciality,),
    }
    subject = quota.venue_group if kind == "venue_group" else quota.speciality
    return Change(kind, quota.quota_id, subject, values.get(kind, ()))


def _cities(offer: Offer, kind: Kind, target: str) -> set[str]:
    return {item.value for item in offer if item.kind == kind and item.target == target and item.value}


def _relaxed_quota(request: DrawRequest, quota: Quota, offer: Offer) -> Quota:
    name = quota.quota_id
    fewer = offer.get(Concession("alternates", name), 0)
    is_parent = Concession("parent", name) in offer
    return replace(
        quota,
        speciality=ancestors(quota.speciality)[0] if is_parent else quota.speciality,
        regions=tuple(sorted({*quota.regions, *_cities(offer, "regions", name)})) if quota.regions else (),
        accept_ancestor=quota.accept_ancestor or Concession("ancestor", name) in offer,
        venue_group="" if Concession("venue_group", name) in offer else quota.venue_group,
        alternates=request.alternates_of(quota) - fewer if fewer else quota.alternates,
    )


def _relaxed_limit(limit: Limit, offer: Offer) -> Limit:
    lower = offer.get(Concession("limit_low", limit.limit_id), 0)
    higher = offer.get(Concession("limit_high", limit.limit_id), 0)
    return replace(limit, low=limit.low - lower, high=limit.high + higher)
