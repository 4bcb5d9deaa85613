"""genac beside llama.cpp on the same GGUF file, alternating in one run: medians, ratios, floors.

    make bench            # every type of SmolLM2: decoding and prefill, as a table in Markdown
    python Benchmarks/compare.py --types BF16 Q4_K_M --rounds 5
    python Benchmarks/compare.py --model FILE      # one file, also scoring the prefixes of a response three ways

Needs `pip install llama-cpp-python` (make bench keeps it in .build/bench-venv). Both use the same number of threads.
llama.cpp's scoring is written the way its own server shares prefixes: one unified cache, llama_memory_seq_cp. Files of
other types are made once of the Q4_1 file by llama.cpp's own quantiser, below .build/bench-types.
"""
import argparse
import ctypes
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

import llama_cpp.llama_cpp as L

ROOT = pathlib.Path(__file__).resolve().parent.parent
SMOLLM2 = ROOT / "models/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
TYPES = ["BF16", "F16", "Q8_0", "Q6_K", "Q5_K_M", "Q5_1", "Q5_0", "Q4_K_M", "Q4_1", "Q4_0"]

# The shapes of `bench engine`: prompt, response, prefixes, suffix, chain.
P, N, K, S, G = 160, 256, 16, 48, 64


@L.llama_log_callback
def quiet(level, text, data):
    pass


class Peer:
    """libllama with its own defaults; only threads, sizes and the unified cache are set."""

    def __init__(self, path, threads):
        L.llama_backend_init()
        self.model = L.llama_model_load_from_file(path.encode(), L.llama_model_default_params())
        p = L.llama_context_default_params()
        p.n_ctx, p.n_batch, p.n_ubatch, p.n_seq_max = 8192, 512, 512, K + 1
        p.n_threads = p.n_threads_batch = threads
        p.kv_unified = True
        self.context = L.llama_init_from_model(self.model, p)
        self.memory = L.llama_get_memory(self.context)
        self.batch = L.llama_batch_init(512, 0, 1)

    def close(self):
        L.llama_batch_free(self.batch)
        L.llama_free(self.context)
        L.llama_model_free(self.model)

    def clear(self):
        L.llama_memory_clear(self.memory, False)

    def run(self, rows):
        """rows: (token, position, sequence, wants logits); in batches of 512."""
        for first in range(0, len(rows), 512):
            part = rows[first:first + 512]
            self.batch.n_tokens = len(part)
            for i, (token, position, sequence, logits) in enumerate(part):
                self.batch.token[i], self.batch.pos[i] = token, position
                self.batch.n_seq_id[i], self.batch.seq_id[i][0] = 1, sequence
                self.batch.logits[i] = logits
            assert L.llama_decode(self.context, self.batch) == 0
        L.llama_synchronize(self.context)

    def prefill(self, count):
        self.clear()
        start = time.perf_counter()
        self.run([(i % 1000, i, 0, i == count - 1) for i in range(count)])
        return count / (time.perf_counter() - start)

    def decode(self, batch, steps=32):
        self.prefill(512)
        for s in range(1, batch):
            L.llama_memory_seq_cp(self.memory, 0, s, -1, -1)
        start = time.perf_counter()
        for step in range(steps):
            self.run([(7, 512 + step, s, True) for s in range(batch)])
        return batch * steps / (time.perf_counter() - start)

    def chains(self, branches):
        for step in range(G - 1):
            self.run([(7, position + step, sequence, True) for sequence, position in branches])

    def score(self, way):
        ends = [P + k * N // K for k in range(K)]

        def suffix(k):
            return [(i % 1000, ends[k] + i, k + 1, i == S - 1) for i in range(S)]

        start = time.perf_counter()
        self.clear()
        if way == "naive":
            for end in ends:
                self.clear()
                self.run([(i % 1000, i, 0, i == end + S - 1) for i in range(end + S)])
                self.chains([(0, end + S)])
            return time.perf_counter() - start
        self.run([(i % 1000, i, 0, False) for i in range(ends[-1])])
        for k, end in enumerate(ends):
            L.llama_memory_seq_cp(self.memory, 0, k + 1, 0, end)
        if way == "shared":
            for k in range(K):
                self.run(suffix(k))
                self.chains([(k + 1, ends[k] + S)])
        else:
            self.run([row for k in range(K) for row in suffix(k)])
            self.chains([(k + 1, ends[k] + S) for k in range(K)])
        return time.perf_counter() - start


SPEEDS = {
    "decode/1": lambda p: p.decode(1),
    "decode/16": lambda p: p.decode(16),
    "prefill/512": lambda p: p.prefill(512),
}
SCORES = {
    "score/naive": lambda p: p.score("naive"),
    "score/shared": lambda p: p.score("shared"),
    "score/batched": lambda p: p.score("batched"),
}


def typed_file(name):
    """SmolLM2 in this type. Its rows of 576 are no whole blocks of K-quants: those tensors get the types that
    llama.cpp falls back to, as in the files that people load."""
    if name == "Q4_1":
        return SMOLLM2
    path = ROOT / f".build/bench-types/smollm2-{name}.gguf"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        p = L.llama_model_quantize_default_params()
        p.ftype, p.allow_requantize = getattr(L, f"LLAMA_FTYPE_MOSTLY_{name}"), True
        half = path.with_suffix(".part")
        if L.llama_model_quantize(str(SMOLLM2).encode(), str(half).encode(), ctypes.byref(p)):
            sys.exit(f"llama.cpp could not write {path}")
        half.rename(path)
    return path


def ours_once(genac, model, threads, parts):
    script = f'load actor "{model}"; bench engine --runs 1 ' + " ".join(f"--part {part}" for part in parts)
    out = subprocess.run(
        [genac, "--json", "-c", script], env=dict(os.environ, GENAC_THREADS=str(threads)), capture_output=True,
        text=True)
    if out.returncode != 0:
        sys.exit(out.stdout + out.stderr)
    return json.loads(out.stdout.splitlines()[-1])["rows"]


class Comparison:
    """Both engines on one file, in turns: name -> medians of ours and theirs, ratio, floor, unit."""

    def __init__(self, model, measures, a):
        parts = sorted({name.split("/")[0] for name in measures})
        peer = Peer(str(model), a.threads)
        peer.prefill(512)
        ours, theirs, floors, self.units = {}, {}, {}, {}
        for _ in range(a.rounds):
            for row in ours_once(a.genac, model, a.threads, parts):
                ours.setdefault(row["name"], []).append(row["median"])
                floors.setdefault(row["name"], []).append(row["floor"])
                self.units[row["name"]] = row["unit"]
            for name, measure in measures.items():
                theirs.setdefault(name, []).append(measure(peer))
        peer.close()
        self.ours = {name: statistics.median(ours[name]) for name in measures}
        self.theirs = {name: statistics.median(theirs[name]) for name in measures}
        self.floors = {name: statistics.median(floors[name]) for name in measures}

    def ratio(self, name):
        """How many times as fast as llama.cpp."""
        ratio = self.ours[name] / self.theirs[name]
        return 1 / ratio if self.units[name] == "s" else ratio

    def of_floor(self, name):
        return self.ours[name] / self.floors[name]


def one_file(model, a):
    c = Comparison(model, SPEEDS | SCORES, a)
    print(f"{'':16}{'genac':>12}{'llama.cpp':>12}{'faster':>9}{'floor':>12}  unit")
    for name in SPEEDS | SCORES:
        print(
            f"{name:16}{c.ours[name]:12.2f}{c.theirs[name]:12.2f}{c.ratio(name):8.2f}x{c.floors[name]:12.2f}"
            f"  {c.units[name]}")


def all_types(a):
    print("| type | MB | decode 1 | × | of floor | decode 16 | × | of floor | prefill 512 | × | of floor |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for name in a.types:
        path = typed_file(name)
        c = Comparison(path, SPEEDS, a)
        cells = [
            f"{c.ours[n]:.0f} : {c.theirs[n]:.0f} | **{c.ratio(n):.2f}** | {100 * c.of_floor(n):.0f} %" for n in SPEEDS]
        print(f"| {name} | {path.stat().st_size / 1e6:.0f} | {' | '.join(cells)} |", flush=True)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--types", nargs="+", choices=TYPES, default=TYPES)
    arguments.add_argument("--model", help="one GGUF file instead, with scoring")
    arguments.add_argument("--genac", default=str(ROOT / ".build/release/genac"))
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--threads", type=int, default=2)
    a = arguments.parse_args()
    L.llama_log_set(quiet, None)
    what = a.model or "SmolLM2-135M"
    print(f"{what}, {a.threads} threads, {a.rounds} rounds, medians; tokens/s are genac : llama.cpp")
    print(f"llama.cpp: {L.llama_print_system_info().decode().strip()}\n")
    if a.model:
        one_file(a.model, a)
    else:
        all_types(a)


if __name__ == "__main__":
    main()
