"""How long the slowest of 10,000 hostile answers takes to grade: python3 Benchmarks/hostile_answers.py GENAC [ROWS]

The answers are made of what a grader could choke on (deep nesting, sums of a thousand terms, towers of powers, numbers
of ten thousand digits, broken commands, texts of 100,000 characters), drawn under a fixed seed and graded against plain
references, long ones and themselves. Each is a `grade` command of one session, whose --json says its seconds: reading
the command, finding the answer, comparing. Give it an idle machine. Only Python's own library is needed."""
import collections
import json
import os
import random
import subprocess
import sys
import tempfile

PIECES = [
    "1", "{", "}", "\\boxed{", "\\frac{", "-", "1,234,", "\\text{", "(", ")", "####", "answer is ", "5 ", "\\frac1",
    "1/", "1e", "=", "$", "\\", "(1,", "½", "\ufffd", "1e9999 ", "1e9999\\frac12", "^", "^{", "_", "x", "!",
    "\\sqrt", "\\sqrt{", "|", "\\binom", "\\sum_{k=1}^{1000}", "\\sum_{k=1}^{1000}(", "\\sum_{k=1}^{\\infty}",
    "\\begin{pmatrix}", "\\end{pmatrix}", "&", "\\\\", "\\left(", "\\pm", "±", "9^9", "9^{9^", "10^{10000}",
    "1000!", "\\gcd(", "\\sin", "\\ln", "\\cup", "∩", "[", "]", "\\{", "\\}", "+", "*", "\\log_", "i", "e^", "'",
    "%", "°", "2^{", ",", " and ", "\n", "<", "≤", "x=", "0.\\overline{3}", "\\color{red}", "\\begin{array}{c}",
    "\\end{array}", "**", "</think>", "<answer>",
]
OPENINGS = {"(": ")", "{": "}", "\\frac{": "}", "\\sqrt{": "}", "\\sin(": ")", "2^{": "}", "|": "|", "e^{": "}",
            "\\sum_{k=1}^{1000}(": ")", "[": "]"}
REFERENCES = ["5", "(1,2)", "Monday", "x^2+1", "\\sqrt{2}", "\\sum_{k=1}^{1000} k^{20}", "1,2,3,4,5,6,7,8", "x=5",
              "x=1, y=2", "\\{" + ",".join(f"x+{index}" for index in range(60)) + "\\}"]
KINDS = ["few pieces, repeated", "pieces at random", "nested", "long"]


def answer(kind):
    if kind == "few pieces, repeated":
        text = "".join(random.choice(PIECES) for _ in range(random.choice([1, 2, 3, 5, 8])))
        return text * random.choice([1, 3, 10, 40, 200])
    if kind == "pieces at random":
        return "".join(random.choice(PIECES) for _ in range(random.choice([3, 10, 40, 200, 1000])))
    if kind == "nested":
        depth = random.choice([1, 3, 10, 30, 60, 1000])
        inner = random.choice(["x", "5", "x+1", "1e9999", "\\frac12"])
        opening = random.choice(list(OPENINGS))
        return opening * depth + inner + OPENINGS[opening] * depth
    text = "".join(random.choice(PIECES) for _ in range(random.choice([1, 2, 3, 8])))
    return (text * (100_000 // len(text) + 1))[:random.choice([10_000, 100_000])]


def quoted(text):
    return "$'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"


def rows(count):
    random.seed(21)
    for index in range(count):
        # One in ten is long.
        kind = KINDS[3] if index % 10 == 9 else KINDS[index % 3]
        text = answer(kind)
        if random.random() < 0.6:
            text = "\\boxed{" + text + "}"
        yield kind, random.choice(REFERENCES + [text, text + "+1"]), text


def main():
    genac, count = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    asked = list(rows(count))
    with tempfile.TemporaryDirectory() as folder:
        script = os.path.join(folder, "hostile.genac")
        with open(script, "w") as file:
            file.writelines(f"grade {quoted(truth)} {quoted(text)}\n" for _, truth, text in asked)
        done = subprocess.run([genac, "--json", script], cwd=folder, capture_output=True, text=True)
    said = [json.loads(line) for line in done.stdout.split("\n") if line]
    if len(said) != count:
        sys.exit(f"{len(said)} verdicts of {count} answers\n{done.stderr[-800:]}")
    graded = [(line["seconds"], line["status"], *row) for line, row in zip(said, asked)]
    print(f"{'kind':22} {'answers':>8} {'median ms':>10} {'99.9 % ms':>10} {'slowest ms':>11}")
    for kind in KINDS + ["all"]:
        seconds = sorted(row[0] for row in graded if kind in ("all", row[2]))
        ms = [1000 * seconds[int(share * (len(seconds) - 1))] for share in (0.5, 0.999, 1)]
        print(f"{kind:22} {len(seconds):8} {ms[0]:10.2f} {ms[1]:10.1f} {ms[2]:11.1f}")
    verdicts = dict(collections.Counter(row[1] for row in graded))
    print(f"over 0.1 s: {sum(row[0] > 0.1 for row in graded)}; verdicts: {verdicts}")
    for seconds, status, _, truth, text in sorted(graded, reverse=True)[:5]:
        print(f"{1000 * seconds:.1f} ms, {status}, {len(text)} characters: {text[:50]!r} against {truth[:30]!r}")


if __name__ == "__main__":
    main()
