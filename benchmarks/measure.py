"""What a measurement is made of: figures with goals, clocks, and memory of a child process."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Goal:
    """A bound a figure should keep, such as `<= 0.5`."""

    relation: str
    bound: float

    def is_met(self, value: float) -> bool:
        """Whether the value keeps the bound."""
        return {"<=": value <= self.bound, ">=": value >= self.bound, "==": value == self.bound}[self.relation]

    def __str__(self) -> str:
        return f"{self.relation} {self.bound:g}"


def at_most(bound: float) -> Goal:
    """Smaller is better."""
    return Goal("<=", bound)


def at_least(bound: float) -> Goal:
    """Larger is better."""
    return Goal(">=", bound)


def exactly(bound: float) -> Goal:
    """Only this value is right."""
    return Goal("==", bound)


class Bench:
    """Takes the figures of one group and prints them."""

    def __init__(self, group: str, *, quick: bool, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self.group = group
        self.quick = quick
        self.misses = 0
        self._out = out or sys.stdout
        self._err = err or sys.stderr

    def report(self, case: str, figure: str, value: float, unit: str, goal: Goal | None = None) -> None:
        """Print one figure.

        Args:
            case: What was measured on, such as `2000 experts`.
            figure: What was measured, such as `lottery`.
            value: The number; rounded to four significant places.
            unit: Its unit: `s`, `MiB`, `events/s`, `ratio`.
            goal: The bound it should keep, if there is one.
        """
        ok = None if goal is None else goal.is_met(value)
        self.misses += ok is False
        line = {
            "bench": self.group,
            "case": case,
            "figure": figure,
            "value": float(f"{value:.4g}"),
            "unit": unit,
            "goal": None if goal is None else str(goal),
            "ok": ok,
        }
        print(json.dumps(line, ensure_ascii=False), file=self._out, flush=True)

    def note(self, text: str) -> None:
        """Say something that is not a figure."""
        print(f"{self.group}: {text}", file=self._err, flush=True)


def timed(work: Callable[[], T], repeats: int = 1) -> tuple[float, T]:
    """Run some work and take the best time.

    Args:
        work: What is measured.
        repeats: How often; the shortest run disturbs the least.

    Returns:
        Seconds of the best run, result of the last one.
    """
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - start)
    return best, result


@dataclass(frozen=True)
class ProcessRun:
    """How one child process went."""

    seconds: float
    peak_mib: float
    status: int
    output: str


def run_process(arguments: Sequence[str | Path], environment: Mapping[str, str], log: Path) -> ProcessRun:
    """Run a program to its end and read its time and largest memory from the system."""
    start = time.perf_counter()
    with log.open("wb") as sink:
        child = subprocess.Popen(arguments, env={**os.environ, **environment}, stdout=sink, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    scale = 1024 * 1024 if sys.platform == "darwin" else 1024
    return ProcessRun(seconds, usage.ru_maxrss / scale, child.returncode, log.read_text(encoding="utf-8"))
