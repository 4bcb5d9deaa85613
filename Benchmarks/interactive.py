"""How long commands wait while a job trains:  python3 Benchmarks/interactive.py

Run it after make build; with make smollm2 its rows too.

starter   `score` of a solution of eight steps, alone and while critic-rl trains: medians of 20 and their ratio.
SmolLM2   `generate --max-tokens 1` of a prompt that is known already, so that the first token is all there is: the
          95th percentile of what it takes while critic-rl trains, less the median alone.
"""
import json
import pathlib
import random
import statistics
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SMOLLM2 = ROOT / "models/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
EIGHT = "Start 5\\nH1 a+3\\nG1 b*7\\nF1 c-4\\nE1 d+6\\nD1 e*3\\nC1 f-8\\nB1 g+9\\nA1 h*7"
TRAIN = "train critic-rl trainer.total_training_steps=100000 trainer.save_freq=0 rollout.log_freq=0 data.shuffle=true"


def seconds(opening, train, commands, pause):
    """What `commands` take, alone and while `train` runs: typed one by one, a moment between them, so that they fall
    into every phase of a step."""
    with tempfile.TemporaryDirectory() as folder:
        shell = subprocess.Popen(
            [ROOT / ".build/release/genac", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True, cwd=folder, env={"HOME": folder, "PATH": "/usr/bin:/bin", "GENAC_HOME": str(ROOT)})

        def type_in(line):
            print(line, file=shell.stdin, flush=True)
            answer = json.loads(shell.stdout.readline())
            if not answer["ok"]:
                raise SystemExit(f"{line}: {answer}")
            return answer["seconds"]

        def times():
            taken = []
            for pair in commands:
                taken.append([type_in(line) for line in pair][-1])
                time.sleep(random.uniform(0, 2 * pause))
            # The first one fills caches.
            return taken[1:]

        for line in opening:
            type_in(line)
        alone = times()
        type_in(train)
        time.sleep(2)
        beside = times()
        shell.kill()
        return alone, beside


def starter():
    # Each score has chains of its own, so that nothing is found ready.
    alone, beside = seconds(
        ["load actor starter:actor", "load critic starter:critic", f"problem $'{EIGHT}'", "generate -n 1"],
        f"{TRAIN} model.path=starter:critic data.actors=starter:actor data.train_files=starter:jumps:train",
        [(f"set seed {i}", "score last") for i in range(21)], 0.2)
    a, b = statistics.median(alone), statistics.median(beside)
    print(
        f"starter   score of 8 steps: alone {1000 * a:.0f} ms, beside training {1000 * b:.0f} ms, ratio {b / a:.2f}  "
        f"(medians of {len(alone)})")


def smollm2():
    alone, beside = seconds(
        [f"load actor {SMOLLM2} --as s", 'problem "What is 3 + 4?" --answer 7'],
        f"{TRAIN} model.path={SMOLLM2} data.actors={SMOLLM2} data.train_files=sessions/school.jsonl "
        "data.train_batch_size=2 rollout.n=2 rollout.response_length=64 critic.max_prefixes=4 "
        "critic.response_length=48 critic.num_samples=2 critic.icc.measured_on=2",
        [("generate -n 1 --max-tokens 1",)] * 101, 0.25)
    beside.sort()
    base, tail = statistics.median(alone), beside[int(0.95 * (len(beside) - 1))]
    print(
        f"SmolLM2   first token: alone {1000 * base:.0f} ms, "
        f"beside training median {1000 * statistics.median(beside):.0f} ms, "
        f"95 % {1000 * tail:.0f} ms: waits {1000 * (tail - base):.0f} ms  ({len(beside)} runs)")


starter()
if SMOLLM2.exists():
    smollm2()
