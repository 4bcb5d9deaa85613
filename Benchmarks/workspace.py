"""How long commands take in a large workspace: python3 Benchmarks/workspace.py [GENAC] [FOLDER]

The workspace has 12,500 problems (loaded by genac), as many solutions, 100,000 valuations and 12,500 truths. Those are
copies of one solution that the starter actor wrote, of one score and of one truth, put into the database by SQL. Each
command is typed into one session of the starters and timed by it (`timing on`), so models and cores take their share;
then whole processes are timed, start included. FOLDER is kept and used again; by default it is a temporary one.
Only Python's own library is needed."""
import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
GENAC = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".build/release/genac").resolve()
PROBLEMS, SCORES = 12_500, 8
OPENING = "load actor starter:actor\nload critic starter:critic\n"
COMMANDS = [
    "problems", "problems -n 50", "problem 9000", "problem next", "problem 'How much is 3 and 4?' --answer 7",
    "problems load starter:jumps:test --limit 5", "problem 9000", "solutions", "show 9000", "show 9000.1", "show last",
    "icc", "icc off success-rate", "score 9000.1", "score 9000", "truth 9000.1 --rollouts 8", "add mine.txt", "icc",
    "problem 'Nobody solved this one.'", "icc", "models", "settings", "jobs", "runs", "tokenize 'a b'",
    "grade 7 '\\boxed{7}'",
    "generate -n 1", "branch 9000.1 -n 1", "show last",
]
PROCESSES = ["problems", "show 9000", "show last", "problem 'A new one.'", "--json problems", "--json solutions --all"]


def run(folder, commands, *options):
    done = subprocess.run(
        [GENAC, *options], cwd=folder, input=commands, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "GENAC_HOME": str(ROOT)})
    if done.returncode != 0:
        sys.exit(done.stderr)
    return done


def fill(folder):
    """One of each through genac, and the rest after its likeness."""
    # Some of the built-in task's are drawn twice, and kept once.
    load = f"problems load starter:jumps --limit {PROBLEMS + 100}\n"
    run(folder, OPENING + load + "problem 1\ngenerate -n 1\nscore 1\ntruth 1.1 --rollouts 8\n")
    database = sqlite3.connect(folder / ".genac/workspace.sqlite", isolation_level=None)

    def newest(column, table):
        return database.execute(f"SELECT {column} FROM {table} ORDER BY id DESC LIMIT 1").fetchone()[0]

    solution, steps, valuation, truth = (
        json.loads(newest(*place)) for place in
        [("record", "solution"), ("steps", "solution"), ("record", "valuation"), ("record", "truth")])
    sizes = len(json.dumps(valuation)), len(json.dumps(solution)), len(steps)
    print("a valuation has %d bytes, a solution %d and %d steps" % sizes)
    database.execute("BEGIN")
    for number in range(2, PROBLEMS + 1):
        solution.update(id=number, problem=number, sample=number)
        database.execute(
            "INSERT INTO solution (id, record, steps) VALUES (?, ?, ?)",
            (number, json.dumps(solution), json.dumps(steps)))
    for table, count, record in [("valuation", SCORES, valuation), ("truth", 1, truth)]:
        there = database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for number in range(count * PROBLEMS - there):
            record["prefix"] = {"solution": number // count + 1, "step": number % count % (len(steps) + 1)}
            database.execute(f"INSERT INTO {table} (record) VALUES (?)", (json.dumps(record),))
    database.execute("COMMIT")
    for table in ["problem", "solution", "valuation", "truth"]:
        print(f"{database.execute(f'SELECT count(*) FROM {table}').fetchone()[0]:7} {table}s")
    database.close()
    print(f"{(folder / '.genac/workspace.sqlite').stat().st_size / 2**20:.0f} MiB")


def seconds(text):
    number, unit = text.split(" ")
    return float(number) * {"ms": 0.001, "s": 1}[unit]


def main(folder):
    if not (folder / ".genac").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "mine.txt").write_text("2+3=5\n5\n")
        fill(folder)
    told = run(folder, OPENING + "timing on\n" + "\n".join(COMMANDS) + "\n").stderr
    times = [seconds(time) for time in re.findall(r"\((\d[\d.]* m?s)\)", told)][-len(COMMANDS):]
    print("\nin a session")
    for command, time_ in zip(COMMANDS, times, strict=True):
        print(f"{time_:7.3f} s  {command}")
    print(f"{max(times):7.3f} s  the longest\n\nas processes (best of five)")
    for command in PROCESSES:
        options = ["--json"] if command.startswith("--json ") else []
        best = float("inf")
        for _ in range(5):
            start = time.perf_counter()
            run(folder, command.removeprefix("--json ") + "\n", *options)
            best = min(best, time.perf_counter() - start)
        print(f"{best:7.3f} s  {command}")


if len(sys.argv) > 2:
    main(pathlib.Path(sys.argv[2]).resolve())
else:
    with tempfile.TemporaryDirectory() as place:
        main(pathlib.Path(place))
