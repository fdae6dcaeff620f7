"""From a draw request to the committed lottery, for libraries of growing size; each size in a process of its own."""

import json
import sys
import tempfile
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from time import perf_counter

from benchmarks.eligibility import make_library, make_request
from benchmarks.measure import Bench, run_process
from scheduling.commitment import CommitTerms, PartyLink, PlanItem, commit_body, prepare
from scheduling.eligibility import assess
from scheduling.lottery import build_lottery
from scheduling.pool import Pool
from scheduling.transcript import commit_digest

SIZES = (10_000, 100_000, 1_000_000)
STEPS = ("pool", "assess", "lottery", "commit")


def measure_growth(bench: Bench) -> None:
    """Report seconds per step, their sum, and the largest memory of the process."""
    root = Path(__file__).resolve().parents[1]
    with tempfile.TemporaryDirectory() as folder:
        for count in SIZES[:2] if bench.quick else SIZES:
            command = [sys.executable, "-m", "benchmarks.library_growth", str(count)]
            went = run_process(command, {"PYTHONPATH": str(root)}, Path(folder) / "log.txt")
            if went.status:
                bench.note(f"{count} experts: {went.output[-300:]}")
                continue
            report(bench, f"{count} experts", json.loads(went.output.splitlines()[-1]), went.peak_mib)


def report(bench: Bench, case: str, found: dict[str, float], peak_mib: float) -> None:
    """Report what one size took."""
    for step in STEPS:
        bench.report(case, f"request to commitment, {step}", found[step], "s")
    bench.report(case, "request to commitment", sum(found[step] for step in STEPS), "s")
    bench.report(case, "request to commitment, eligible", found["eligible"], "experts")
    bench.report(case, "request to commitment, minimum / bound", found["share"], "ratio")
    bench.report(case, "request to commitment, peak memory", peak_mib, "MiB")


def steps_of(count: int) -> dict[str, float]:
    """Walk from columns to the digest of the commitment; seconds per step."""
    library, request = make_library(count), make_request()
    laps = [perf_counter()]
    pool = Pool.from_columns(library)
    laps.append(perf_counter())
    eligibility = assess(pool, request)
    laps.append(perf_counter())
    lottery = build_lottery(eligibility)
    laps.append(perf_counter())
    prepared = prepare(eligibility, lottery, b"k" * 32)
    parties = PartyLink("centre", "11" * 32, 1), PartyLink("supervisor", "22" * 32, 1)
    terms = CommitTerms("d", "lot", "00" * 32, parties, None, (PlanItem("parties"),), datetime(2026, 3, 1, tzinfo=UTC))
    commit_digest(commit_body(prepared.fixed, terms))
    laps.append(perf_counter())
    seconds = [after - before for before, after in pairwise(laps)]
    figures = lottery.figures
    return {
        **dict(zip(STEPS, seconds, strict=True)),
        "eligible": prepared.fixed["pool"]["eligible"],
        "share": float(figures.min_probability) / float(figures.upper_bound),
    }


if __name__ == "__main__":
    print(json.dumps(steps_of(int(sys.argv[1]))))
