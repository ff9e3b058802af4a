"""Speed and memory, measured as ratios between two things in one run: see benchmarks/README.md."""
