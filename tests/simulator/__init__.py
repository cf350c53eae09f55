"""The pure core in one process under a seeded fate: `python -m tests.simulator --seed 7` replays a run exactly."""
