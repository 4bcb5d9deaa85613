"""How often the grader agrees with public labels, set by set, beside math-verify: RealCritic's five mathematical sets,
the 800 sampled solutions of simpleRL's evaluation example, and MATH's 12,500 reference solutions against their own
answers.

    python3 -m venv /tmp/venv-grading && /tmp/venv-grading/bin/pip install math-verify==0.9.0
    git clone https://github.com/tangzhy/RealCritic DATA/RealCritic
    git clone https://github.com/hkust-nlp/RL-Verifier-Pitfalls DATA/RL-Verifier-Pitfalls
    git clone https://github.com/brando90/snap-cluster-setup DATA/snap-cluster-setup
    /tmp/venv-grading/bin/python Tests/Oracles/grading.py .build/release/genac DATA

(bare clones do too). The labels are those of other programs, and some are wrong. Every row on which a grader and its
label differ was read: READ says which answers are equal though the label says wrong, by kind, and which are not though
it says right. A row that differs and stands in neither list is printed as unread.
"""
import json
import logging
import os
import subprocess
import sys
import tempfile
from multiprocessing import Pool

logging.disable(logging.CRITICAL)
GENAC, DATA = os.path.abspath(sys.argv[1]), sys.argv[2]

# Labelled wrong, and equal.
EQUAL = {
    "college_math": {
        "order of a list or a set": [53, 85, 99, 124, 144, 152, 159, 160, 162, 184, 207],
        "another form of the same expression": [13, 19, 46, 52, 72, 91, 94, 110, 121, 122, 147, 153, 158, 171, 180, 182,
                                                189, 229, 235],
        "a unit left out": [54, 93, 165, 167, 177, 185, 191, 227],
        "the end of a calculation": [26, 195, 256, 259, 275],
        "a name before it": [10, 78],
    },
    "math": {"spacing": [245]},
    "minerva_math": {
        "1.07e16 and 1.07 x 10^16": [2, 7, 28, 30, 68, 73, 80, 105, 108, 124, 132, 139, 149, 150, 165, 174, 225, 237,
                                     239],
        "another form of the same expression": [12, 161, 180, 200, 220, 247, 259],
    },
    "olympiadbench": {"order of a list or a set": [129, 216, 239, 240, 256, 257], "commands run together": [89]},
    "sampled": {
        "a time of day": ["3.0", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7"],
        "thousands in braces": ["72.7"],
    },
}
# Labelled right, and not equal.
DIFFERENT = {
    "college_math": {
        "part of the answer": [174, 190, 208, 232, 250],
        "open ends for closed ones": [104],
        "the text says something else than the answer that was labelled": [156, 211],
    },
    "math": {"a number that is not said to be the answer": [11]},
    "minerva_math": {"a hundredth": [46], "rounded otherwise": [72]},
    "olympiadbench": {
        "a hundredth": [35, 42],
        "rounded otherwise": [153, 189, 234],
        "part of the answer": [20, 170],
        "another answer": [38, 253],
    },
}


def shown(repository, path):
    return subprocess.run(["git", "-C", f"{DATA}/{repository}", "show", f"HEAD:{path}"], capture_output=True,
                          check=True).stdout.decode()


def json_lines(text):
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def last_box(text):
    """What the last \\boxed{…} or \\boxed 5 holds."""
    start = max(text.rfind("\\boxed"), text.rfind("\\fbox"))
    start += len("\\boxed" if text.startswith("\\boxed", start) else "\\fbox")
    if text[start] != "{":
        return text[start:].split("$")[0].strip()
    depth = 0
    for place in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return text[start + 1:place]
    raise ValueError("a box without an end")


def real_critic():
    answers = {
        "college_math": lambda row: row["answer"], "math": lambda row: row["answer"],
        "gsm8k": lambda row: row["gt"], "olympiadbench": lambda row: row["gt"],
        "minerva_math": lambda row: last_box(row["solution"]) if "\\boxed" in row["solution"] else row["gt"],
    }
    for name, answer in answers.items():
        for row in json_lines(shown("RealCritic", f"data/mix_data/{name}/test.jsonl")):
            yield name, row["idx"], answer(row), row["reasoning"], row["previous_score"][0]


def sampled():
    path = "examples/simplelr_math_eval/data/eval_rm_maj_example/math_cot_100.jsonl"
    for row in json_lines(shown("RL-Verifier-Pitfalls", path)):
        for index, (text, score) in enumerate(zip(row["code"], row["score"])):
            yield "sampled", f"{row['idx']}.{index}", row["answer"], text, score


def mathematics():
    repository = f"{DATA}/snap-cluster-setup"
    listing = subprocess.run(["git", "-C", repository, "ls-tree", "-r", "HEAD", "data/MATH/train", "data/MATH/test"],
                             capture_output=True, check=True, text=True).stdout.splitlines()
    blobs = "".join(line.split()[2] + "\n" for line in listing)
    out = subprocess.run(["git", "-C", repository, "cat-file", "--batch"], input=blobs.encode(), capture_output=True,
                         check=True).stdout
    place = 0
    for line in listing:
        end = out.index(b"\n", place)
        size = int(out[place:end].split()[2])
        row = json.loads(out[end + 1:end + 1 + size])
        place = end + 2 + size
        yield "MATH", line.split("\t")[1], last_box(row["solution"]), row["solution"], True


def quoted(text):
    return "$'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\r", " ") + "'"


def ours(rows):
    with tempfile.NamedTemporaryFile("w", suffix=".genac", delete=False) as script:
        for _, _, truth, text, _ in rows:
            script.write(f"grade --explain {quoted(truth)} {quoted(text)}\n")
    out = subprocess.run([GENAC, "--json", script.name], capture_output=True, text=True)
    os.remove(script.name)
    verdicts = json_lines(out.stdout)
    if len(verdicts) != len(rows):
        sys.exit(f"{len(verdicts)} verdicts of {len(rows)} rows\n{out.stderr[-800:]}")
    return verdicts


def math_verify_says(row):
    from math_verify import parse, verify
    _, _, truth, text, _ = row
    try:
        gold = parse(truth if "$" in truth or "\\boxed" in truth else f"${truth}$", parsing_timeout=5)
        return bool(verify(gold, parse(text, parsing_timeout=5), timeout_seconds=5))
    except Exception:
        return False


def listed(lists, name, key):
    return next((kind for kind, keys in lists.get(name, {}).items() if key in keys), None)


def report(rows, verdicts, peer):
    tables, differing = {}, []
    for (name, key, truth, _, label), verdict, other in zip(rows, verdicts, peer):
        mine = verdict["status"] == "right"
        equal, different = listed(EQUAL, name, key), listed(DIFFERENT, name, key)
        read = True if equal else False if different else label
        table = tables.setdefault(name, dict.fromkeys(
            "rows ours peer refused refused_peer passed passed_peer ours_read peer_read".split(), 0))
        table["rows"] += 1
        table["ours"] += mine == label
        table["peer"] += other == label
        table["refused"] += label and not mine
        table["refused_peer"] += label and not other
        table["passed"] += mine and not label
        table["passed_peer"] += other and not label
        table["ours_read"] += mine == read
        table["peer_read"] += other == read
        if mine != label or other != label:
            kind = equal or different or ("-" if mine == label else "UNREAD")
            differing.append((name, key, label, mine, other, kind, truth, verdict["extracted"]))
    print("agreement with the labels (and with what reading says); refused of those labelled right; passed of those "
          "labelled wrong")
    for name, t in tables.items():
        print(f"{name:14} {t['rows']:5}  ours {t['ours']:5} ({t['ours_read']}), math-verify {t['peer']:5} "
              f"({t['peer_read']})  refused {t['refused']} / {t['refused_peer']}  passed {t['passed']} / "
              f"{t['passed_peer']}")
    for name, key, label, mine, other, kind, truth, extracted in sorted(differing, key=lambda d: (d[0], d[5])):
        short = [" ".join(str(text).split())[:70] for text in (truth, extracted)]
        print(f"{name} {key}: label {label:d}, ours {mine:d}, math-verify {other:d} [{kind}] {short[0]} | {short[1]}")


if __name__ == "__main__":
    rows = list(real_critic()) + list(sampled())
    with Pool() as pool:
        peer = pool.map(math_verify_says, rows, chunksize=20)
    report(rows, ours(rows), peer)
    references = list(mathematics())
    refused = [(row[1], row[2]) for row, verdict in zip(references, ours(references)) if verdict["status"] != "right"]
    print(f"MATH: {len(references) - len(refused)} of {len(references)} references equal themselves; not:", refused)
