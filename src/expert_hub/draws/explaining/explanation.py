"""A draw as plain values to be told and pictured: how many people, whose chance is how large, from where.

Nothing here judges a draw; the values are what a transcript, a committed draw or a lottery of two tables says.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from math import isfinite

import numpy as np

from expert_hub.draws.errors import DrawFileUnreadable
from expert_hub.draws.explaining.chance_groups import ChanceGroup, group_of, merge_alike, merge_small_groups, tenths
from expert_hub.draws.explaining.transcript_form import FiguresForm, FixedForm, LotteryForm, RequestForm, TranscriptForm
from expert_hub.experts.specialities import shipped_catalogue
from scheduling.artefact import INCLUSION_SCALE
from scheduling.fair import FairLottery, probabilities

ROUNDING = 1e-6
Prefixes = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuotaShare:
    """One quota.

    Args:
        quota_id, speciality: as in the request.
        name: Chinese name of the speciality, empty when it is not in the shipped catalogue.
        count, alternates: seats and reserve.
        eligible: people who could sit there; None while so small a number is hidden.
        region_sets: sets of GB/T 2260 prefixes; one region of a person must please all of them.
    """

    quota_id: str
    speciality: str
    name: str
    count: int
    alternates: int
    eligible: int | None
    region_sets: tuple[Prefixes, ...]


@dataclass(frozen=True, slots=True)
class Funnel:
    """From the library to the seats.

    Args:
        pool: people in the library.
        eligible: of these, with no ground against them.
        grounds: (ground, persons); one person may have several.
        merged: persons of all other grounds together; None when that is below ``hidden_below``.
        hidden_below: k-anonymity of the request.
        never: eligible people who are in no feasible panel.
        seats: of the panel.
    """

    pool: int
    eligible: int
    grounds: tuple[tuple[str, int], ...]
    merged: int | None
    hidden_below: int
    never: int
    seats: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The published figures; ``upper_bound``: nobody can give the least likely person more.

    All are probabilities but for ``gini`` (0 to 1) and ``entropy_bits``.
    """

    min_probability: float
    max_probability: float
    upper_bound: float
    gini: float
    entropy_bits: float
    max_pair_probability: float
    pair_is_exact: bool


@dataclass(frozen=True, slots=True)
class Places:
    """Where members may come from.

    Args:
        venue_city: GB/T 2260 code of the host venue, empty when unknown.
        limits: (prefixes, least seats, most seats) by region.
    """

    venue_city: str
    limits: tuple[tuple[Prefixes, int, int], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A draw or a lottery as values.

    Args:
        draw: identifier, empty for a lottery of two tables.
        state: ``lottery``, ``committed``, ``complete`` or ``void``.
        level: assurance level, empty before the draw.
        funnel, quotas, figures: see their classes; no quotas for a lottery of two tables.
        groups: as `merge_alike` or `tenths` make them.
        places: None where regions play no part.
    """

    draw: str
    state: str
    level: str
    funnel: Funnel
    quotas: tuple[QuotaShare, ...]
    groups: tuple[ChanceGroup, ...]
    figures: Figures
    places: Places | None


def explain_transcript(transcript: TranscriptForm, file: str) -> Explanation:
    """A finished draw.

    Raises:
        DrawFileUnreadable: a figure is no number.
    """
    commit, lottery = transcript.commit, transcript.lottery
    groups = merge_alike(_groups(lottery))
    return _explained(commit, lottery, file, (commit.draw, transcript.result.state, transcript.seed.level), groups)


def explain_committed(draw_id: str, fixed: FixedForm, lottery: LotteryForm) -> Explanation:
    """A draw that has been committed: counts and chances, none of them of fewer people than k-anonymity allows.

    Raises:
        DrawFileUnreadable: a figure is no number.
    """
    least = fixed.request.k_anonymity
    groups = merge_small_groups(merge_alike(_groups(lottery)), least)
    shown = _explained(fixed, lottery, draw_id, (draw_id, "committed", ""), groups)
    return replace(shown, quotas=tuple(_hidden(quota, least) for quota in shown.quotas))


def explain_fair(lottery: FairLottery, file: str) -> Explanation:
    """A lottery of two tables: everybody is eligible, classes have no name.

    Raises:
        DrawFileUnreadable: its weights give nobody a chance that is one.
    """
    with np.errstate(all="ignore"):
        chances = probabilities(lottery)
    if not (np.isfinite(chances) & (chances >= 0) & (chances <= 1 + ROUNDING)).all():
        raise DrawFileUnreadable(file=file, why="the chances do not come out of its weights")
    groups = [group_of(chances[list(item.members)]) for item in lottery.classes]
    groups.sort(key=lambda group: (-group.people, group.low))
    if lottery.never:
        groups.append(ChanceGroup((), len(lottery.never), 0.0, 0.0))
    return Explanation(
        draw="",
        state="lottery",
        level="",
        funnel=Funnel(lottery.people, lottery.people, (), 0, 0, len(lottery.never), lottery.seats),
        quotas=(),
        groups=tuple(groups) if len(groups) <= 10 else tenths(chances),
        figures=Figures(**asdict(lottery.figures)),
        places=None,
    )


def figures_from(texts: FiguresForm, file: str) -> Figures:
    """The published figures as numbers.

    Raises:
        DrawFileUnreadable: one is no number of its range.
    """
    limits = {
        "min_probability": (texts.min_probability, 1.0),
        "max_probability": (texts.max_probability, 1.0),
        "upper_bound": (texts.upper_bound, 1.0),
        "gini": (texts.gini, 1.0),
        "entropy_bits": (texts.entropy_bits, 1e9),
        "max_pair_probability": (texts.max_pair_probability, 1.0),
    }
    found = {name: _number(name, text, most, file) for name, (text, most) in limits.items()}
    return Figures(**found, pair_is_exact=texts.pair_is_exact)


def _groups(lottery: LotteryForm) -> list[ChanceGroup]:
    return [
        ChanceGroup(
            tuple(group.quotas),
            sum(block[0] for block in group.blocks),
            min(block[2] for block in group.blocks) / INCLUSION_SCALE,
            max(block[2] for block in group.blocks) / INCLUSION_SCALE,
        )
        for group in lottery.classes
    ]


def _explained(
    fixed: FixedForm, lottery: LotteryForm, file: str, known: tuple[str, str, str], groups: tuple[ChanceGroup, ...]
) -> Explanation:
    draw, state, level = known
    request = fixed.request
    funnel = Funnel(
        pool=fixed.pool.size,
        eligible=fixed.pool.eligible,
        grounds=tuple(fixed.excluded.shown),
        merged=fixed.excluded.merged,
        hidden_below=request.k_anonymity,
        never=lottery.never,
        seats=lottery.seats,
    )
    limits = tuple(
        (_prefixes(request, limit.attribute, limit.values), limit.low, limit.high)
        for limit in request.limits
        if limit.attribute in ("home", "region", "venue_group")
    )
    places = Places(request.venue_city, limits)
    return Explanation(draw, state, level, funnel, _quotas(fixed), groups, figures_from(lottery.figures, file), places)


def _quotas(fixed: FixedForm) -> tuple[QuotaShare, ...]:
    catalogue, request = shipped_catalogue(), fixed.request
    return tuple(
        QuotaShare(
            quota_id=quota.quota_id,
            speciality=quota.speciality,
            name=catalogue.name_of(quota.speciality) or "",
            count=quota.count,
            alternates=request.alternates_per_quota if quota.alternates is None else quota.alternates,
            eligible=eligible,
            region_sets=_region_sets(request, quota.regions, quota.venue_group),
        )
        for quota, eligible in zip(request.quotas, fixed.eligible, strict=True)
    )


def _region_sets(request: RequestForm, regions: Sequence[str], group: str) -> tuple[Prefixes, ...]:
    groups = [_prefixes(request, "venue_group", [name]) for name in (request.venue_group, group) if name]
    return tuple(found for found in (tuple(regions), tuple(request.regions), *groups) if found)


def _prefixes(request: RequestForm, attribute: str, values: Sequence[str]) -> Prefixes:
    if attribute != "venue_group":
        return tuple(values)
    return tuple(prefix for group in request.venue_groups if group.name in values for prefix in group.regions)


def _hidden(quota: QuotaShare, least: int) -> QuotaShare:
    return replace(quota, eligible=None) if quota.eligible is not None and quota.eligible < least else quota


def _number(name: str, text: str, most: float, file: str) -> float:
    try:
        value = float(text) if text.isascii() else float("nan")
    except ValueError:
        value = float("nan")
    if not isfinite(value) or not 0 <= value <= most * (1 + ROUNDING):
        raise DrawFileUnreadable(file=file, why=f"the figure {name} is not a number from 0 to {most:g}")
    return value
