"""Import of an expert library through the command line, into a new database of its own, twice."""

import json
import tempfile
from datetime import date
from pathlib import Path

from benchmarks.measure import Bench, ProcessRun, exactly, run_process, timed

ROOT = Path(__file__).resolve().parents[1]
SEED = 7
FIRST_DAY = date(2026, 3, 3)


def run(bench: Bench) -> None:
    """Measure the import of 10,000 (quick) or 100,000 rows."""
    count = 10_000 if bench.quick else 100_000
    with tempfile.TemporaryDirectory() as folder:
        measure(bench, Path(folder), count)


def measure(bench: Bench, folder: Path, count: int) -> None:
    """Make a library, import it, import it again."""
    # Imported here: the other groups need nothing of the service.
    from expert_hub.sample.writer import write_sample

    case = f"{count} rows"
    made, paths = timed(lambda: write_sample(folder / "sample", count, SEED, FIRST_DAY))
    bench.report(case, "make the file", made, "s")
    if command(folder, "migrate").status != 0:
        bench.note("the database could not be migrated: " + last_line(folder))
        return
    for name in ("import", "second import"):
        went = command(folder, "import", str(paths.experts), "--report", str(folder / "report.json"))
        if went.status != 0:
            bench.note(f"{name} failed: " + last_line(folder))
            return
        bench.report(case, name, went.seconds, "s")
        bench.report(case, f"{name}, rows per second", count / went.seconds, "rows/s")
        bench.report(case, f"{name}, peak memory", went.peak_mib, "MiB")
    bench.report(case, "changes of the second import", changes(folder / "report.json"), "rows", exactly(0))


def command(folder: Path, *arguments: str) -> ProcessRun:
    """Run one command of the hub on the database in the folder."""
    environment = {
        "EXPERT_HUB_VAR_DIR": str(folder / "var"),
        "DATABASE_URL": f"sqlite:///{folder / 'hub.db'}",
        "EXPERT_HUB_MIGRATIONS_DIR": str(ROOT / "alembic"),
    }
    return run_process([ROOT / ".venv/bin/expert-hub", *arguments], environment, folder / "log.txt")


def last_line(folder: Path) -> str:
    """The last thing the command said."""
    said = (folder / "log.txt").read_text(encoding="utf-8").strip()
    return said.splitlines()[-1] if said else "nothing was said"


def changes(report: Path) -> int:
    """How many rows an import added or changed, from its report."""
    counts = json.loads(report.read_text(encoding="utf-8"))
    return int(counts["imported"]) + int(counts["updated"])
