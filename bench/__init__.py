"""Benchmarks: what the engine gets right, and what it costs."""
