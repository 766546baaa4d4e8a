"""Measures and check-ins, with their history."""
