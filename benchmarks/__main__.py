"""`python -m benchmarks [NAME …]`: measure, print a table, keep benchmarks/results.json."""

import sys

from benchmarks.cases import CASES
from benchmarks.harness import keep


def main(names: list[str]) -> None:
    """Run the named benchmarks, or all."""
    unknown = set(names) - CASES.keys()
    if unknown:
        sys.exit(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(CASES)}")
    for name in names or CASES:
        results = (measure() for measure in CASES[name])
        keep([result for result in results if result is not None])


if __name__ == "__main__":
    main(sys.argv[1:])
