"""Benchmarks: what a request costs, as ratios within one run. Run them with `make bench`; they assert nothing."""
