"""Interleaves two sides, A B B A, takes medians, and keeps the results in benchmarks/results.json."""

import json
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Side:
    """One side's median with its spread (smallest and largest round)."""

    what: str
    unit: str
    median: float
    smallest: float
    largest: float


@dataclass(frozen=True)
class Result:
    """`ratio` is ours over the reference, in the direction the README states for the name."""

    name: str
    ratio: float
    ours: Side
    reference: Side
    engine: str
    note: str = ""


def side(what: str, unit: str, rounds: list[float]) -> Side:
    """A side from its rounds."""
    return Side(what, unit, statistics.median(rounds), min(rounds), max(rounds))


def interleaved(
    ours: Callable[[], float], reference: Callable[[], float], *, rounds: int
) -> tuple[list[float], list[float], float]:
    """Rounds of both, order turned each time, and the median of the per-round ratios ours/reference."""
    a: list[float] = []
    b: list[float] = []
    for turn in range(rounds):
        first, second = ((ours, a), (reference, b))
        pairs = (first, second) if turn % 2 == 0 else (second, first)
        for measure, kept in pairs:
            kept.append(measure())
    ratio = statistics.median(x / y for x, y in zip(a, b, strict=True))
    return a, b, ratio


def rate(work: Callable[[], int]) -> float:
    """Things done per second by one call that says how many it did."""
    started = time.perf_counter()
    done = work()
    return done / (time.perf_counter() - started)


def keep(results: list[Result]) -> None:
    """Print a table and write the results by name; other names stay."""
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    for result in results:
        known[result.name] = {**asdict(result), "machine": _machine()}
        del known[result.name]["name"]
        print(
            f"{result.name:<36} {result.ratio:8.3f}   "
            f"{result.ours.median:12.1f} {result.ours.unit:<10} {result.ours.what}   vs "
            f"{result.reference.median:12.1f} {result.reference.unit:<10} {result.reference.what}"
            f"   [{result.engine}]"
        )
    RESULTS.write_text(json.dumps(known, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def _machine() -> dict[str, str]:
    return {
        "processor": platform.processor() or platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
    }
