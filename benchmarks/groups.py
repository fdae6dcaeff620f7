"""The groups of measurements, and the command line that chooses among them."""

import argparse
import importlib
import importlib.util
from collections.abc import Sequence

from benchmarks.measure import Bench

GROUPS = {
    "main": "import of an expert library through the command line",
    "draw": "from a pool to a panel and its verification",
    "room": "folding, deciding and showing a whole evaluation",
    "core": "message paths of a running hub",
    "timetable": "venues and times",
    "trust": "ledger and proofs",
    "web": "pages and connections of a running hub",
}


def run_group(name: str, *, quick: bool) -> int:
    """Run one group.

    Returns:
        How many figures missed their goal.
    """
    bench = Bench(name, quick=quick)
    module = f"benchmarks.of_{name}"
    if importlib.util.find_spec(module) is None:
        bench.note("no measurements yet")
        return 0
    importlib.import_module(module).run(bench)
    return bench.misses


def main(arguments: Sequence[str]) -> int:
    """Run the chosen groups, or all of them.

    Returns:
        0 when every figure with a goal met it, else 1.
    """
    shown = "\n".join(f"  {name:10} {text}" for name, text in GROUPS.items())
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=f"groups:\n{shown}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("group", nargs="*", metavar="GROUP", help="all groups when none is named")
    parser.add_argument("--quick", action="store_true", help="small sizes, for a first look")
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.group) - set(GROUPS)
    if unknown:
        parser.error(f"no such group: {', '.join(sorted(unknown))}")
    misses = sum(run_group(name, quick=chosen.quick) for name in chosen.group or GROUPS)
    return 1 if misses else 0
