"""python -m tests.simulator [--seeds 1000] [--from 1] [--seed 7]"""

from __future__ import annotations

import argparse
import time

from tests.simulator.runs import failures


def main() -> None:
    """Run seeds, print those that fail, end with 1 when there are any."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulator")
    parser.add_argument("--seeds", type=int, default=1_000, help="how many")
    parser.add_argument("--from", dest="first", type=int, default=1, help="the first")
    parser.add_argument("--seed", type=int, help="replay this one")
    asked = parser.parse_args()
    seeds = [asked.seed] if asked.seed is not None else range(asked.first, asked.first + asked.seeds)
    began, bad = time.monotonic(), 0
    for seed, found in failures(seeds):
        bad += 1
        print(f"seed {seed}: python -m tests.simulator --seed {seed}")
        for violation in found:
            print(f"  {violation.invariant}: {violation.what}")
    print(f"{len(seeds)} seeds, {bad} failed, {time.monotonic() - began:.1f} s")
    raise SystemExit(bad > 0)


if __name__ == "__main__":
    main()
