"""Benchmarks: what smokerunner costs beside a bare script and its peers, each as a ratio within one run."""
