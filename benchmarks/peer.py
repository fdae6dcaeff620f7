"""A published sortition library on the same tables, in a process of its own that reads JSON on stdin.

The library is GPL and no dependency of ours: it is imported here only, when this program runs. `EXPERT_HUB_PEER_PYTHON`
names an interpreter that has it (group `bench` of pyproject.toml); without it our own interpreter is tried.
"""

import csv
import json
import math
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path


@dataclass(frozen=True)
class PeerRun:
    """What the library did with one problem."""

    seconds: float
    min_probability: float
    gini: float
    entropy_bits: float
    max_pair_probability: float


def peer_python() -> str:
    """The interpreter that may have the library."""
    return os.environ.get("EXPERT_HUB_PEER_PYTHON", sys.executable)


def has_peer() -> bool:
    """Whether that interpreter has the library."""
    found = subprocess.run([peer_python(), "-c", "import sortition_algorithms"], capture_output=True, check=False)
    return found.returncode == 0


def run_peer(people: str, quotas: str, seats: int, distinct: str | None, limit_s: float) -> PeerRun | None:
    """Let the library solve one problem.

    Returns:
        None when it did not finish in time.

    Raises:
        RuntimeError: it failed; the text is the end of what it said.
    """
    asked = json.dumps({"people": people, "quotas": quotas, "seats": seats, "distinct": distinct})
    command = [peer_python(), str(Path(__file__).resolve())]
    try:
        done = subprocess.run(command, input=asked, capture_output=True, text=True, timeout=limit_s, check=False)
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        raise RuntimeError(done.stderr.strip()[-300:])
    return PeerRun(**json.loads(done.stdout.splitlines()[-1]))


def figures(
    chances: Sequence[float], panels: Sequence[Sequence[int]], people: int
) -> tuple[float, float, float, float]:
    """Smallest probability, Gini index, entropy in bits and largest pair probability of a lottery over panels."""
    singles = [0.0] * people
    pairs: dict[tuple[int, int], float] = {}
    for chance, panel in zip(chances, panels, strict=True):
        for person in panel:
            singles[person] += chance
        for pair in combinations(sorted(panel), 2):
            pairs[pair] = pairs.get(pair, 0.0) + chance
    ordered = sorted(singles)
    spread = sum((2 * place - people + 1) * value for place, value in enumerate(ordered))
    entropy = -sum(chance * math.log2(chance) for chance in chances if chance > 0)
    return min(singles), spread / (people * sum(singles)), entropy, max(pairs.values(), default=0.0)


def solve(people: str, quotas: str, seats: int, distinct: str | None) -> PeerRun:
    """Build the maximin lottery of the library; the time is that of its search alone."""
    from sortition_algorithms import Settings, read_in_features, read_in_people  # type: ignore[import-not-found]
    from sortition_algorithms.committee_generation import find_distribution_maximin  # type: ignore[import-not-found]

    rows = [
        {"feature": a, "value": b, "min": c, "max": d}
        for a, b, c, d in (line.split(",")[:4] for line in quotas.strip().splitlines()[1:])
    ]
    features, _, _ = read_in_features(["feature", "value", "min", "max"], rows, seats)
    body = [{**row, "peer_id": str(number)} for number, row in enumerate(csv.DictReader(people.strip().splitlines()))]
    columns = [distinct] if distinct else []
    settings = Settings("peer_id", columns, bool(distinct), columns)
    members, _ = read_in_people(list(body[0]), body, features, settings)
    start = time.perf_counter()
    panels, chances, _ = find_distribution_maximin(features, members, seats, columns)
    seconds = time.perf_counter() - start
    numbers = [[int(person) for person in panel] for panel in panels]
    return PeerRun(seconds, *figures(chances, numbers, len(body)))


if __name__ == "__main__":
    print(json.dumps(asdict(solve(**json.load(sys.stdin)))))
