"""The fair lottery on instances of a folder and on generated shapes nobody tuned for.

`EXPERT_HUB_SHARED` names a folder with `data/draw/<instance>/`; without it only the generated shapes are measured.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from benchmarks.measure import Bench, Goal, at_least, at_most, timed
from benchmarks.peer import PeerRun, has_peer, run_peer
from scheduling.cells import Row
from scheduling.fair import FairLottery, LotteryProblem, build_fair_lottery, draw_panel, problem_from_csv


@dataclass(frozen=True)
class Instance:
    """A folder and what is asked of it."""

    folder: str
    goal_s: float | None
    seats: int | None = None
    distinct: str | None = None
    bits: float | None = None


INSTANCES = (
    Instance("expert500_7", 0.5, distinct="employer"),
    Instance("expert2000_7", 0.7, distinct="employer"),
    Instance("expert10000_7", 1.0, distinct="employer"),
    Instance("example_small_20", 0.05, seats=20, bits=88.0),
    Instance("example_large_200", None, seats=200),
    Instance("sortition_fixture_150_22", 0.5, seats=22),
)
SHAPES = (
    (360, 30, (2, 4, 5, 3, 4, 2, 3), 1.5),
    (1700, 110, (2, 5, 6, 4), None),
    (1700, 110, (2, 5, 6, 4, 3, 4, 2), 15.0),
)
QUICK_SHAPES, QUICK_PEERS = 1, ("expert500_7", "sortition_fixture_150_22")
PEER_S, QUICK_PEER_S = 900.0, 8.0
LIBRARY, ELIGIBLE, UNITS = 1_000_000, 0.17, 30_000


def measure_fair(bench: Bench) -> None:
    """Measure the instances that are there, then the generated shapes and the large library."""
    shared = os.environ.get("EXPERT_HUB_SHARED")
    peer = has_peer()
    if not peer:
        bench.note("sortition-algorithms is not installed (group bench): no comparison")
    if shared is None:
        bench.note("EXPERT_HUB_SHARED is not set: no published instances")
    else:
        for instance in INSTANCES:
            folder = Path(shared) / "data" / "draw" / instance.folder
            measure_instance(bench, folder, instance, peer and (not bench.quick or instance.folder in QUICK_PEERS))
    for people, seats, sizes, goal_s in SHAPES[: QUICK_SHAPES if bench.quick else None]:
        tables = make_shape(people, seats, sizes)
        seconds, lottery = timed(
            lambda tables=tables, seats=seats: build_fair_lottery(problem_from_csv(*tables, seats))
        )
        goal = None if goal_s is None else at_most(goal_s)
        report(bench, f"{people}/{seats}, {len(sizes)} categories", seconds, lottery, (goal, None))
    measure_library(bench)


def measure_library(bench: Bench) -> None:
    """Build the lottery of seven seats from the eligible of a large library."""
    problem = make_library(LIBRARY)
    seconds, lottery = timed(lambda: build_fair_lottery(problem))
    report(bench, f"{LIBRARY} experts, {len(problem.kinds)} eligible", seconds, lottery, (at_most(2.0), None))


def make_library(count: int) -> LotteryProblem:
    """The eligible people of a library: four specialities by three regions, employers of very unequal size."""
    chance = np.random.default_rng(count)
    eligible = chance.random(count) < ELIGIBLE
    kinds = chance.integers(0, 12, count)[eligible]
    units = (UNITS * chance.random(count) ** 2).astype(np.int64)[eligible]
    specialities = [Row(tuple(range(3 * number, 3 * number + 3)), low, low) for number, low in enumerate((3, 2, 1, 1))]
    regions = [Row(tuple(range(number, 12, 3)), 1, 4) for number in range(3)]
    return LotteryProblem(kinds, (*specialities, *regions), 7, units)


def measure_instance(bench: Bench, folder: Path, instance: Instance, peer: bool = False) -> None:
    """Build the lottery of one folder, reading and checking of the tables included."""
    files = [one_of(folder, "respondents.csv", "candidates.csv"), one_of(folder, "categories.csv", "features.csv")]
    if None in files:
        bench.note(f"{folder} is incomplete: not measured")
        return
    people, quotas = (file.read_text(encoding="utf-8") for file in files if file is not None)
    seconds, lottery = timed(
        lambda: build_fair_lottery(problem_from_csv(people, quotas, instance.seats, instance.distinct)),
        1 if bench.quick else 3,
    )
    goal = None if instance.goal_s is None else at_most(instance.goal_s)
    bits = None if instance.bits is None else at_least(instance.bits)
    report(bench, instance.folder, seconds, lottery, (goal, bits))
    if peer:
        limit_s = QUICK_PEER_S if bench.quick else PEER_S
        compare(bench, instance, seconds, run_peer_on(people, quotas, lottery.seats, instance.distinct, limit_s))


def run_peer_on(people: str, quotas: str, seats: int, distinct: str | None, limit_s: float) -> PeerRun | str:
    """The run of the peer, or why there is none."""
    try:
        return run_peer(people, quotas, seats, distinct, limit_s) or f"not finished in {limit_s:g} s"
    except RuntimeError as failure:
        return f"failed: {failure}"


def compare(bench: Bench, instance: Instance, seconds: float, peer: PeerRun | str) -> None:
    """Print what the peer achieved on the same tables."""
    if isinstance(peer, str):
        bench.note(f"{instance.folder}: sortition-algorithms {peer}")
        return
    bench.report(instance.folder, "peer: seconds", peer.seconds, "s")
    bench.report(instance.folder, "seconds of the peer", seconds / peer.seconds, "ratio", at_most(1.0))
    bench.report(instance.folder, "peer: least probability", peer.min_probability, "probability")
    bench.report(instance.folder, "peer: gini", peer.gini, "index")
    bench.report(instance.folder, "peer: entropy", peer.entropy_bits, "bits")
    bench.report(instance.folder, "peer: largest pair probability", peer.max_pair_probability, "probability")


def one_of(folder: Path, *names: str) -> Path | None:
    """The first of these files that exists."""
    return next((folder / name for name in names if (folder / name).is_file()), None)


def report(
    bench: Bench,
    case: str,
    seconds: float,
    lottery: FairLottery,
    goals: tuple[Goal | None, Goal | None] = (None, None),
) -> None:
    """Print what a lottery took and what it achieves."""
    figures = lottery.figures
    bench.report(case, "fair lottery", seconds, "s", goals[0])
    ratio = figures.min_probability / figures.upper_bound
    bench.report(case, "achieved minimum of the bound", ratio, "ratio", at_least(0.99))
    bench.report(case, "upper bound", figures.upper_bound, "probability")
    bench.report(case, "gini", figures.gini, "index")
    bench.report(case, "entropy", figures.entropy_bits, "bits", goals[1])
    pair = "largest pair probability" if figures.pair_is_exact else "bound of the largest pair probability"
    bench.report(case, pair, figures.max_pair_probability, "probability")
    bench.report(case, "templates", len(lottery.templates), "templates")
    drawn, _ = timed(lambda: draw_panel(lottery, b"seed"))
    bench.report(case, "fair panel", drawn, "s")


def make_shape(people: int, seats: int, sizes: tuple[int, ...]) -> tuple[str, str]:
    """People whose features lean away from the quotas, as volunteers do; quotas about a tenth around their aim."""
    random = Random(people)
    pool = [[0.3 + random.random() for _ in range(size)] for size in sizes]
    aims = [[weight + 0.3 * random.random() for weight in weights] for weights in pool]
    rows = [",".join(f"v{random.choices(range(len(weights)), weights)[0]}" for weights in pool) for _ in range(people)]
    header = ",".join(f"c{number}" for number in range(len(sizes)))
    quotas = ["category,feature,min,max"]
    for number, weights in enumerate(aims):
        for value, weight in enumerate(weights):
            aim = seats * weight / sum(weights)
            quotas.append(f"c{number},v{value},{int(0.9 * aim)},{int(1.1 * aim) + 1}")
    return "\n".join((header, *rows)), "\n".join(quotas)
