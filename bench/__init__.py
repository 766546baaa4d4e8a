"""Benchmarks: what the engine gets right, and what it costs."""

import os

# As the application does: set before numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
