#!/usr/bin/env python3
"""How long runs took, by the `timing_s/step` of their metrics: what a session's training costs, also where it was
stopped and gone on with.

    python3 Benchmarks/run_hours.py RUNS      (the runs folder of a workspace)
"""
import json
import sys
from pathlib import Path


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    total = 0.0
    for metrics in sorted(Path(sys.argv[1]).glob("*/metrics.jsonl")):
        steps = {}
        for line in metrics.read_text().splitlines():
            row = json.loads(line)
            if "timing_s/step" in row:
                steps[row["step"]] = row["timing_s/step"]
        seconds = sum(steps.values())
        total += seconds
        print(f"{metrics.parent.name:16} {len(steps):6} steps {seconds / 60:7.1f} min")
    print(f"{'all':16} {'':12} {total / 60:7.1f} min")


main()
