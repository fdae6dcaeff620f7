"""From a library in columns to the lottery problem: pool, assessment, panel problem, relaxations, prediction risk."""

import resource
import sys
from datetime import UTC, date, datetime

import numpy as np

from benchmarks.measure import Bench, at_most, timed
from scheduling.columns import OPEN_END, Coded, Column, Integers, Intervals, LibraryColumns, RelationColumns, Services
from scheduling.demand import Limit, Party, Quota
from scheduling.eligibility import assess
from scheduling.panel_problem import panel_problem
from scheduling.pool import Pool
from scheduling.prediction_risk import prediction_risk
from scheduling.records import RELATION_KINDS
from scheduling.relaxations import relaxations
from scheduling.request import DrawRequest

REGIONS = tuple(f"44{city:02d}00" for city in range(1, 22))
SPECIALITIES = tuple(f"{letter}08{third:02d}" for letter in "ABC" for third in range(1, 21))
TITLES = ("senior", "intermediate", "full_senior")
STANDINGS = ("admitted", "suspended")
SIZES = (10_000, 100_000, 1_000_000)
GOAL_ASSESS_S = {10_000: 0.05, 100_000: 0.1, 1_000_000: 0.5}
GOAL_PEAK_MIB = 1024


def make_library(count: int, seed: int = 7) -> LibraryColumns:
    """People in 21 cities with one to three of 60 specialities, one employer to 33 people, a tie for every tenth."""
    chance = np.random.default_rng(seed)
    employers = max(20, count // 33)
    ties = chance.integers(0, count, count // 10)
    skilled = np.repeat(np.arange(count), chance.integers(1, 4, count))
    days = np.sort(chance.integers(0, count, count // 50))
    return LibraryColumns(
        candidate_ids=[f"e{number:07d}" for number in range(count)],
        standing=Coded((chance.random(count) < 0.03).astype(np.int64), STANDINGS),
        title=Coded(chance.integers(0, len(TITLES), count), TITLES),
        employer_code=Coded(np.zeros(count, dtype=np.int64), ("",)),
        employer_name=Coded(
            (employers * chance.random(count) ** 2).astype(np.int64), tuple(f"employer {n}" for n in range(employers))
        ),
        born=date(1958, 1, 1).toordinal() + chance.integers(0, 12_000, count),
        term_ends=np.full(count, OPEN_END),
        home=chance.integers(0, len(REGIONS), count),
        specialities=Column(skilled, chance.integers(0, len(SPECIALITIES), len(skilled)), SPECIALITIES),
        extra_regions=Column(days, chance.integers(0, len(REGIONS), len(days)), REGIONS),
        relations=_relations(ties, chance),
        leaves=Intervals(days, *_interval(len(days), chance)),
        engagements=Intervals(days, *_interval(len(days), chance)),
        services=Services(ties, np.roll(ties, 1), date(2026, 1, 1).toordinal() + chance.integers(0, 60, len(ties))),
        kin=chance.integers(0, count, (count // 1000, 2)),
    )


def make_request(cities: tuple[str, ...] = ("44",)) -> DrawRequest:
    """Seven seats of four specialities with two limits, three bidders."""
    wanted = (("A0801", 2), ("A0802", 2), ("B0803", 2), ("C08", 1))
    return DrawRequest(
        request_id="bench",
        quotas=tuple(Quota(f"q{n}", code, seats, cities) for n, (code, seats) in enumerate(wanted, start=1)),
        parties=tuple(Party("bidder", "", f"employer {number}") for number in (1, 2, 3)),
        bid_deadline=date(2026, 3, 2),
        evaluation_starts_at=datetime(2026, 3, 3, 1, tzinfo=UTC),
        evaluation_ends_at=datetime(2026, 3, 3, 9, tzinfo=UTC),
        alternates_per_quota=2,
        grounds=tuple(f"C{number:02d}" for number in range(1, 19)),
        window_years=3,
        same_employer_max=1,
        max_age=65,
        max_age_senior=70,
        speciality_match="self_or_descendant",
        pack_hash="ab" * 32,
        limits=(Limit("local", "home", ("4401",), 1, 4), Limit("title", "title", ("senior", "full_senior"), 3, 7)),
        co_service_max=3,
        co_service_days=365,
    )


def measure_eligibility(bench: Bench) -> None:
    """Report seconds and MiB for libraries of growing size."""
    for count in SIZES[:2] if bench.quick else SIZES:
        measure(bench, count)


def measure(bench: Bench, count: int) -> None:
    """Report the steps from columns to the lottery problem; memory is that of the whole process so far."""
    case, request, library = f"{count} experts", make_request(), make_library(count)
    repeats = 1 if bench.quick else 3
    pooled, pool = timed(lambda: Pool.from_columns(library))
    assessed, eligibility = timed(lambda: assess(pool, request), repeats)
    stated, panel = timed(lambda: panel_problem(eligibility), repeats)
    risked, _ = timed(lambda: prediction_risk(eligibility, np.zeros(count, dtype=np.int64)))
    bench.report(case, "pool from columns", pooled, "s")
    bench.report(case, "assess", assessed, "s", at_most(GOAL_ASSESS_S[count]))
    bench.report(case, "panel problem", stated, "s")
    bench.report(case, "prediction risk", risked, "s")
    bench.report(case, "eligible", len(panel.people), "experts")
    bench.report(case, "kinds", len(panel.masks), "kinds")
    bench.report(case, "peak memory", _peak_mib(), "MiB", at_most(GOAL_PEAK_MIB))
    _measure_relaxations(bench, case, pool)


def _measure_relaxations(bench: Bench, case: str, pool: Pool) -> None:
    """Ask for a city that does not exist."""
    eligibility = assess(pool, make_request(("4499",)))
    searched, offers = timed(lambda: relaxations(eligibility))
    bench.report(case, "relaxations", searched, "s", at_most(2.0) if len(pool) <= SIZES[0] else None)
    bench.report(case, "relaxations found", len(offers), "offers")


def _peak_mib() -> float:
    scale = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def _relations(owners: Integers, chance: np.random.Generator) -> RelationColumns:
    many = len(owners)
    return RelationColumns(
        owner=owners,
        kind=chance.integers(0, len(RELATION_KINDS) - 1, many),
        code=np.zeros(many, dtype=np.int64),
        name=chance.integers(0, 100, many),
        starts=np.full(many, -1),
        ends=date(2020, 1, 1).toordinal() + chance.integers(0, 2500, many),
        codes=("",),
        names=tuple(f"employer {number}" for number in range(100)),
        ids=tuple(f"r{number}" for number in range(many)),
        evidence=("",) * many,
    )


def _interval(many: int, chance: np.random.Generator) -> tuple[Integers, Integers, Integers]:
    starts = date(2026, 2, 1).toordinal() + chance.integers(0, 60, many)
    return starts, starts + 5, np.zeros(many, dtype=np.int64)
