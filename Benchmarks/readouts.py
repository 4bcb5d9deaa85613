"""What a critic's value costs and how far it is from the truth, by how it is read: the integer that a chain ends in, or
the mean of p(0…10) at its place, over 1, 4 and 8 chains. The shell's default (`critic.value_readout`) rests on this.

    python3 Benchmarks/readouts.py .build/release/genac [ACTOR CRITIC SET PROBLEMS [COMMAND…]]

Runs `study approximation` six times on the same prefixes and rollouts, in a folder of its own. Prints the
bias-corrected squared error, its difference from one parsed integer with a 95 % interval (paired, bootstrapped by
problem), and the tokens that the critic writes for a prefix. COMMANDs are run before the studies. Only Python's own
library is needed; two minutes on the starters."""
import json, os, random, subprocess, sys, tempfile

genac = os.path.abspath(sys.argv[1])
standard = ["starter:actor", "starter:critic", "starter:jumps:dev", "200"]
given = sys.argv[2:6]
actor, critic, problems_of, count = given + standard[len(given):]
before = sys.argv[6:]
rollouts = 64


def study(folder, name, readout, samples):
    measured = f"--set {problems_of} --problems {count} --rollouts {rollouts} --critic c --name {name}"
    commands = [
        f"load actor {actor}", f"load critic {critic} --as c", *before, f"set critic.value_readout {readout}",
        f"set critic.num_samples {samples}", f"study approximation {measured}"]
    subprocess.run([genac, "-c", "; ".join(commands)], cwd=folder, check=True, stdout=subprocess.DEVNULL,
                   env={**os.environ, "GENAC_HOME": os.environ.get("GENAC_HOME", os.getcwd())})
    errors, tokens, prefixes = {}, 0, 0
    for line in open(f"{folder}/studies/{name}/measurements.jsonl"):
        row = json.loads(line)
        if "readings" not in row["value"]: continue
        written = [r[0] for r in row["value"]["readings"] if r[0]["tokens"] > 0]
        if not written: continue
        for value, truth in zip(written[0]["values"], row["value"]["truths"]):
            if value is None: continue
            rate = truth["rate"]
            error = (value - rate) ** 2 - rate * (1 - rate) / (truth["rollouts"] - 1)
            errors.setdefault(row["key"], []).append(error)
            prefixes += 1
        tokens += written[0]["tokens"]
    return errors, tokens / prefixes


def mean(errors, keys):
    values = [e for key in keys for e in errors[key]]
    return sum(values) / len(values)


with tempfile.TemporaryDirectory() as folder:
    results = {(r, n): study(folder, f"{r}-{n}", r, n) for n in (1, 4, 8) for r in ("parsed", "expected")}
first = results["parsed", 1][0]
keys = [key for key in first if all(key in errors for errors, _ in results.values())]
draw = random.Random(0)
samples = [[draw.choice(keys) for _ in keys] for _ in range(2000)]
print(f"{len(keys)} problems, {sum(len(first[k]) for k in keys)} prefixes, M = {rollouts}")
print("| read-out | chains | squared error | less one parsed integer's | 95 % | tokens a prefix |")
print("|---|---|---|---|---|---|")
for (readout, n), (errors, tokens) in results.items():
    own = mean(errors, keys)
    differences = sorted(mean(errors, s) - mean(first, s) for s in samples)
    interval = f"{differences[50]:+.4f}..{differences[1949]:+.4f}"
    print(f"| {readout} | {n} | {own:.4f} | {own - mean(first, keys):+.4f} | {interval} | {tokens:.0f} |")
