"""Repeatable measurements: `python -m benchmarks [GROUP ...] [--quick]` prints one JSON object per line.

A group is a module of this package with `run(bench)`. Figures of one run may be compared with each other; figures of
two machines may not.
"""
