#!/usr/bin/env python3
"""Where critics' errors lie: right and wrong beginnings apart, and actor by actor, from what `study approximation` or
a study like it kept.

    python3 Benchmarks/study_beginnings.py STUDY CRITIC...

For example: studies/paper-approximation head-1,head-2,head-3 gen-1,gen-2,gen-3 exact

Critics are named as the study's table names them ("gen-1, 0.91M" in scaling). For each group of a part: its share of
beginnings, their mean truth, and for each critic its mean value, its squared error there, less the rollouts' own noise,
and what that adds to the whole error; then how many it mistakes, giving a wrong one more than 0.6 or a right one less
than 0.1, and what those add. A beginning is right where all its lines are. Several trainings' values are rated one by
one.
"""
import json
import sys
from pathlib import Path
from statistics import fmean


def names(study):
    """Of the critics, in the order of a measurement's readings."""
    rows = json.loads((study / "result.json").read_text())["critics"]
    return [row["critic"] for row in rows if row.get("part") == rows[0].get("part")]


def beginnings(study):
    """Each with its part, its actor, whether it is right, its truth, and the values of it, [critics][trainings]."""
    for line in (study / "measurements.jsonl").read_text().splitlines():
        kept = json.loads(line)
        part, value = kept["key"].split("/")[0], kept["value"]
        for place, truth in enumerate(value["truths"]):
            values = [[run["values"][place] for run in critic] for critic in value["readings"]]
            yield part, value["actor"], value["isRight"][place], truth, values


def squared_error(truth, values):
    """Of each training's value, and their mean, less the rollouts' own noise."""
    rate = truth["rate"]
    return fmean([(value - rate) ** 2 for value in values]) - rate * (1 - rate) / (truth["rollouts"] - 1)


def mistaken(is_right, values):
    """The values that take a right beginning for a wrong one or the other way round."""
    return [value for value in values if (value < 0.1 if is_right else value > 0.6)]


def cell(name, place, own, count):
    """What one critic says of a group's beginnings, of `count` in the part."""
    values = [(is_right, truth, readings[place]) for is_right, truth, readings in own]
    error = fmean([squared_error(truth, said) for _, truth, said in values])
    missed = [squared_error(truth, [value]) for is_right, truth, said in values for value in mistaken(is_right, said)]
    runs = len(values[0][2])
    return (
        f"{name} {fmean([fmean(said) for *_, said in values]):.2f} {error:.4f} adds {error * len(own) / count:.4f},"
        f" mistakes {100 * len(missed) / runs / len(own):.1f} % adds {sum(missed) / runs / count:.4f}")


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    study, asked = Path(sys.argv[1]), sys.argv[2:]
    places = [names(study).index(name) for name in asked]
    groups = {}
    for part, actor, is_right, truth, readings in beginnings(study):
        for group in ("all", "right" if is_right else "wrong", actor):
            groups.setdefault(part, {}).setdefault(group, []).append((is_right, truth, readings))
    for part, by_group in groups.items():
        count = len(by_group["all"])
        for group, own in by_group.items():
            truth = fmean([truth["rate"] for _, truth, _ in own])
            cells = [cell(name, place, own, count) for name, place in zip(asked, places)]
            print("   ".join([f"{part:13} {group:9} {len(own) / count:5.2f} of {count}  truth {truth:.2f}"] + cells))


main()
