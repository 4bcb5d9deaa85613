"""Numbers of Sources/Studies on made-up measurements: Tests/Fixtures/studies/*.json.

    pip install numpy scipy
    python3 Tests/Oracles/studies.py

Only RandomKey (Sources/Compute/RandomKey.swift) is written again here, so that a bootstrap draws the same problems;
everything else is numpy's and scipy's, or counted one by one.
"""
import json
import pathlib

import numpy as np
from scipy import stats

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
TEST, POOL = 9, 7
FOLDER = pathlib.Path(__file__).parent.parent / "Fixtures" / "studies"


def mix(z):
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
    return z ^ (z >> 31)


def index_below(bound, counter, seed, purpose=TEST, problem=0):
    state = 0x67656E6163000001
    for word in [seed, purpose, 0, problem, 0, counter]:
        state = mix(((state + GOLDEN) & MASK) ^ mix((word + GOLDEN) & MASK))
    return state * bound >> 64


def interval(differences, clusters, seed, draws=4000):
    """A percentile bootstrap of the mean over whole clusters, in the order of their ids."""
    groups = [np.array([d for d, c in zip(differences, clusters) if c == one]) for one in sorted(set(clusters))]
    sums, counts = np.array([g.sum() for g in groups]), np.array([len(g) for g in groups])
    picks = np.array([[index_below(len(groups), draw * len(groups) + place, seed) for place in range(len(groups))]
                      for draw in range(draws)])
    means = sums[picks].sum(axis=1) / counts[picks].sum(axis=1)
    return [float(x) for x in np.quantile(means, [0.025, 0.975])]


def difference(left, right, clusters, seed):
    apart = np.array(left) - np.array(right)
    return {"mean": float(apart.mean()), "interval": interval(apart, clusters, seed)}


def wilson(right, count):
    found = stats.binomtest(right, count).proportion_ci(method="wilson")
    return [found.low, found.high]


def area(values, is_right):
    right = [v for v, r in zip(values, is_right) if r]
    wrong = [v for v, r in zip(values, is_right) if not r]
    return float(stats.mannwhitneyu(right, wrong).statistic / (len(right) * len(wrong)))


def step(digit, operation):
    operand = int(operation[1])
    return {"+": digit + operand, "-": digit - operand, "*": digit * operand}[operation[0]] % 10


def results(problem):
    digit, found = problem["start"], []
    for group in problem["groups"]:
        for operation in group:
            digit = step(digit, operation)
        found.append(digit)
    return found


def reliability(values, rates):
    tenths = np.clip(np.floor(np.array(values) * 10), 0, 9)
    bins = [(np.array(values)[tenths == t], np.array(rates)[tenths == t]) for t in range(10)]
    return [[float(v.mean()), float(r.mean()), len(v)] for v, r in bins if len(v)]


def approximation(rng):
    seed, rollouts = 3, 8
    problems = []
    for number in range(14):
        signs = [["+", "-"][rng.integers(2)] for _ in range(3)]
        groups = [[f"{s}{rng.integers(1, 10)}" for s in signs[:size]] for size in rng.integers(1, 4, size=3)]
        problem = {"id": 3 + 2 * number, "start": int(rng.integers(10)), "groups": groups}
        true = results(problem)
        # A line is wrong one time in three, and never mended.
        wrong = int(rng.choice([0, 1, 2, 9]))
        problem["claims"] = [int((d + (1 if i >= wrong else 0)) % 10) for i, d in enumerate(true)]
        problem["successes"] = [int(rng.integers(0, rollouts + 1)) if i <= wrong else int(rng.integers(0, 2))
                                for i in range(3)]
        problems.append(problem)
    critics = [{"name": n, "values": [[[round(float(rng.random()), 2) for _ in range(3)] for _ in problems]
                                      for _ in range(runs)]} for n, runs in [("a", 1), ("b", 3), ("c", 1)]]
    clusters = [p["id"] for p in problems for _ in range(3)]
    rates = np.array([k / rollouts for p in problems for k in p["successes"]])
    noise = rates * (1 - rates) / (rollouts - 1)
    is_right = [p["claims"][:i] == results(p)[:i] for p in problems for i in range(3)]
    written = [i > 0 for _ in problems for i in range(3)]
    constant = np.full(len(rates), rates.mean())
    errors = {}
    for critic in critics:
        runs = np.array(critic["values"]).reshape(len(critic["values"]), -1)
        errors[critic["name"]] = ((runs - rates) ** 2 - noise).mean(axis=0)
    rows, before = [], None
    for critic in critics:
        runs = np.array(critic["values"]).reshape(len(critic["values"]), -1)
        mean = errors[critic["name"]]
        rows.append({
            "error": difference(mean, 0 * mean, clusters, seed),
            "errors": [float(((r - rates) ** 2 - noise).mean()) for r in runs],
            "mae": float(np.abs(runs - rates).mean()),
            "pearson": float(np.mean([stats.pearsonr(r, rates)[0] for r in runs])),
            "spearman": float(np.mean([stats.spearmanr(r, rates)[0] for r in runs])),
            "detection": float(np.mean([area(r[written], np.array(is_right)[written]) for r in runs])),
            "againstConstant": difference(mean, (constant - rates) ** 2 - noise, clusters, seed),
            "againstRival": difference(mean, errors[before], clusters, seed) if before else None,
            "reliability": reliability(runs.ravel(), np.tile(rates, len(runs))),
        })
        before = critic["name"]
    table = []
    for place, problem in enumerate(problems):
        for i in range(3):
            cell = (is_right[3 * place + i], i)
            others = [rates[3 * q + j] for q in range(len(problems)) for j in range(3)
                      if q != place and (is_right[3 * q + j], j) == cell]
            guess = np.mean(others) if others else 0.5
            table.append((guess - rates[3 * place + i]) ** 2 - noise[3 * place + i])
    right = sum(p["claims"][-1] == results(p)[-1] for p in problems)
    return {
        "seed": seed, "rollouts": rollouts, "problems": problems, "critics": critics,
        "expected": {
            "prefixes": len(rates), "successes": right, "successInterval": wilson(right, len(problems)),
            "constant": float(rates.mean()), "constantError": float(((constant - rates) ** 2 - noise).mean()),
            "tableError": float(np.mean(table)), "rows": rows,
        },
    }


def choice(values, pool, truths):
    """A choice of the highest value, ties shared: how surely it is of the best, and what it is worth."""
    highest = max(values[s] for s in pool)
    chosen = [s for s in pool if values[s] == highest]
    best = max(truths[s] for s in pool)
    return np.mean([truths[s] == best for s in chosen]), np.mean([truths[s] for s in chosen])


def ranking(rng):
    seed, rollouts, groups = 5, 4, 3
    # The last line's alternatives would be finished solutions, which are graded and not continued.
    ids = [i for i in range(1, 99) if index_below(groups, MASK, seed, POOL, i) < groups - 1][:12]
    states = []
    for one in ids:
        steps = int(rng.integers(3, 6))
        draws = list(range(steps)) + [int(rng.integers(steps)) for _ in range(16 - steps)]
        order = rng.permutation(16)
        draws = [draws[i] for i in order]
        states.append({"id": one, "digits": draws, "successes": [int(rng.integers(rollouts + 1)) for _ in range(10)]})
    critics = [{"name": n, "values": [[[round(float(rng.random()), 1) for _ in range(10)] for _ in states]
                                      for _ in range(runs)]} for n, runs in [("a", 1), ("b", 2)]]
    pools = {}
    for size in [2, 4, 8, 16]:
        pools[size] = []
        for place, state in enumerate(states):
            pool = sorted(set(state["digits"][:size]))
            if len({state["successes"][d] for d in pool}) > 1:
                pools[size].append((place, pool))
    rows, hits = [], {}
    for critic in critics:
        row = {"top1": [], "intervals": [], "againstRival": []}
        for size, members in pools.items():
            found = [np.mean([choice(run[place], pool, states[place]["successes"])[0] for run in critic["values"]])
                     for place, pool in members]
            clusters = [states[place]["id"] for place, _ in members]
            hits[critic["name"], size] = found
            row["top1"].append(float(np.mean(found)))
            row["intervals"].append(interval(found, clusters, seed))
            if critic["name"] == "b":
                row["againstRival"].append(difference(found, hits["a", size], clusters, seed))
        shares = []
        for place, state in enumerate(states):
            steps = sorted(set(state["digits"]))
            unequal = [(x, y) for x in steps for y in steps if state["successes"][x] > state["successes"][y]]
            if unequal:
                shares.append(np.mean([[(run[place][x] > run[place][y]) + 0.5 * (run[place][x] == run[place][y])
                                        for x, y in unequal] for run in critic["values"]]))
        row["pairs"] = float(np.mean(shares))
        row["chosen"] = float(np.mean([np.mean([choice(run[place], pool, states[place]["successes"])[1]
                                                for run in critic["values"]]) for place, pool in pools[16]])) / rollouts
        rows.append(row)
    blind = lambda size: [choice([0] * 10, pool, states[place]["successes"]) for place, pool in pools[size]]
    return {
        "seed": seed, "rollouts": rollouts, "states": states, "critics": critics,
        "expected": {
            "pools": [len(p) for p in pools.values()],
            "chance": [float(np.mean([b[0] for b in blind(s)])) for s in pools],
            "blind": float(np.mean([b[1] for b in blind(16)])) / rollouts, "rows": rows,
        },
    }


def success(rng):
    seed, samples = 7, 3
    sets = [{"name": "short", "ids": list(range(1, 8))}, {"name": "long", "ids": list(range(8, 28))}]
    actors = [{"name": n, "right": [{str(i): int(rng.integers(samples + 1)) for s in sets for i in s["ids"]}
                                    for _ in range(runs)]} for n, runs in [("before", 1), ("after", 2)]]
    total = sum(len(s["ids"]) for s in sets)
    weights = [total / (len(sets) * len(s["ids"])) for s in sets for _ in s["ids"]]

    def rates(actor, ids):
        return [np.mean([run[str(i)] / samples for run in actor["right"]]) for i in ids]

    rows = []
    for actor in actors:
        row = {"sets": []}
        for one in sets:
            mine, first = rates(actor, one["ids"]), rates(actors[0], one["ids"])
            places = list(range(len(mine)))
            row["sets"].append({
                "rate": float(np.mean(mine)), "interval": interval(mine, places, seed),
                "rates": [float(np.mean([run[str(i)] / samples for i in one["ids"]])) for run in actor["right"]],
                "againstFirst": difference(mine, first, places, seed)})
        every = [i for s in sets for i in s["ids"]]
        mine, first = np.array(rates(actor, every)) * weights, np.array(rates(actors[0], every)) * weights
        row["mean"] = {
            "rate": float(np.mean([s["rate"] for s in row["sets"]])),
            "interval": interval(mine, list(range(total)), seed),
            "rates": [float(np.mean([s["rates"][run] for s in row["sets"]])) for run in range(len(actor["right"]))],
            "againstFirst": difference(mine, first, list(range(total)), seed)}
        rows.append(row)
    return {"seed": seed, "samples": samples, "sets": sets, "actors": actors, "expected": rows}


def agreement(rng):
    cases = []
    for count, levels in [(5, 100), (30, 8), (80, 1000)]:
        a, b = rng.integers(levels, size=count) / levels, rng.integers(levels, size=count) / levels
        b = np.where(rng.random(count) < 0.5, a, b)
        is_right = [bool(x) for x in rng.random(count) < 0.4]
        is_right[:2] = [True, False]
        cases.append({"a": a.tolist(), "b": b.tolist(), "isRight": is_right, "pearson": float(stats.pearsonr(a, b)[0]),
                      "spearman": float(stats.spearmanr(a, b)[0]), "area": area(a, is_right)})
    return cases


FOLDER.mkdir(exist_ok=True)
for name, make in [("approximation", approximation), ("ranking", ranking), ("success", success),
                   ("agreement", agreement)]:
    text = json.dumps(make(np.random.default_rng(1)), separators=(",", ":"))
    (FOLDER / f"{name}.json").write_text(text.replace("},{", "},\n{") + "\n")
