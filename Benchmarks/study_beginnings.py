#!/usr/bin/env python3
"""Where critics' errors lie: right and wrong beginnings apart, from what `study approximation` kept.

    python3 Benchmarks/study_beginnings.py STUDY CRITIC...      (studies/paper-approximation head-1,head-2,head-3 gen-1,gen-2,gen-3 exact)

For each part: the share of beginnings, their mean truth, and for each critic its mean value, its squared error there, less the rollouts' own
noise, and what that adds to the whole error. A beginning is right where all its lines are. Several trainings' values are rated one by one.
"""
import json
import sys
from pathlib import Path


def rows(study):
    for line in (study / "measurements.jsonl").read_text().splitlines():
        kept = json.loads(line)
        part, value = kept["key"].split("/")[0], kept["value"]
        for place, truth in enumerate(value["truths"]):
            yield part, value["isRight"][place], truth, [[run["values"][place] for run in critic] for critic in value["readings"]]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    study = Path(sys.argv[1])
    critics = json.loads((study / "question.json").read_text())["critics"]
    asked = [critics.index(name) for name in sys.argv[2:]]
    found = list(rows(study))
    for part in dict.fromkeys(row[0] for row in found):
        of_part = [row for row in found if row[0] == part]
        for is_right in (True, False):
            own = [row for row in of_part if row[1] == is_right]
            if not own:
                continue
            truth = sum(row[2]["rate"] for row in own) / len(own)
            cells = [f"{part:13} {'right' if is_right else 'wrong'} {len(own) / len(of_part):5.2f} of {len(of_part)}  truth {truth:.2f}"]
            for place in asked:
                values = [value for row in own for value in row[3][place]]
                errors = [
                    sum((value - row[2]["rate"]) ** 2 for value in row[3][place]) / len(row[3][place])
                    - row[2]["rate"] * (1 - row[2]["rate"]) / (row[2]["rollouts"] - 1) for row in own]
                mean = sum(errors) / len(errors)
                cells.append(f"{critics[place].split(',')[0]} {sum(values) / len(values):.2f} {mean:.4f} adds {mean * len(own) / len(of_part):.4f}")
            print("   ".join(cells))


main()
