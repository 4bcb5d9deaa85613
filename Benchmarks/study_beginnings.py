#!/usr/bin/env python3
"""Where critics' errors lie: right and wrong beginnings apart, from what `study approximation` kept.

    python3 Benchmarks/study_beginnings.py STUDY CRITIC...      (studies/paper-approximation head-1,head-2,head-3 gen-1,gen-2,gen-3 exact)

For each part: the share of beginnings, their mean truth, and for each critic its mean value, its squared error there, less the rollouts' own
noise, and what that adds to the whole error; then how many it mistakes, giving a wrong one more than 0.6 or a right one less than 0.1, and what
those add. A beginning is right where all its lines are. Several trainings' values are rated one by one.
"""
import json
import sys
from pathlib import Path


def beginnings(study):
    for line in (study / "measurements.jsonl").read_text().splitlines():
        kept = json.loads(line)
        part, value = kept["key"].split("/")[0], kept["value"]
        for place, truth in enumerate(value["truths"]):
            yield part, value["isRight"][place], truth, [[run["values"][place] for run in critic] for critic in value["readings"]]


def mean(numbers):
    return sum(numbers) / len(numbers)


def squared_error(truth, values):
    """Of each training's value, and their mean, less the rollouts' own noise."""
    rate = truth["rate"]
    return mean([(value - rate) ** 2 for value in values]) - rate * (1 - rate) / (truth["rollouts"] - 1)


def mistaken(is_right, values):
    """The values that take a right beginning for a wrong one or the other way round."""
    return [value for value in values if (value < 0.1 if is_right else value > 0.6)]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    study = Path(sys.argv[1])
    critics = json.loads((study / "question.json").read_text())["critics"]
    asked = [critics.index(name) for name in sys.argv[2:]]
    groups = {}
    for part, is_right, truth, values in beginnings(study):
        groups.setdefault(part, {True: [], False: []})[is_right].append((truth, values))
    for part, by_right in groups.items():
        count = sum(map(len, by_right.values()))
        for is_right, own in by_right.items():
            if not own:
                continue
            share = len(own) / count
            cells = [f"{part:13} {'right' if is_right else 'wrong'} {share:5.2f} of {count}  truth {mean([truth['rate'] for truth, _ in own]):.2f}"]
            for place in asked:
                said = mean([mean(values[place]) for _, values in own])
                error = mean([squared_error(truth, values[place]) for truth, values in own])
                runs = len(own[0][1][place])
                missed = [squared_error(truth, [value]) for truth, values in own for value in mistaken(is_right, values[place])]
                cells.append(
                    f"{critics[place].split(',')[0]} {said:.2f} {error:.4f} adds {error * share:.4f},"
                    f" mistakes {100 * len(missed) / runs / len(own):.1f} % adds {sum(missed) / runs / count:.4f}")
            print("   ".join(cells))


main()
