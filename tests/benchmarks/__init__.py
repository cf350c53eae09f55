"""Benchmarks: one command measures every figure the project promises, beside what others reach with the same work."""
