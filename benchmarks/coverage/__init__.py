"""Do intervals hold what they promise?  Simulated samples of clumpy counts: ``python -m benchmarks.coverage``."""
