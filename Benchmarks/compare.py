"""genac beside llama.cpp on the same GGUF file, alternating in one run: medians, ratios, floors.

    make bench            # or: python Benchmarks/compare.py --rounds 5

Needs `pip install llama-cpp-python` (make bench keeps it in .build/bench-venv). Both use the same number of threads.
llama.cpp's scoring is written the way its own server shares prefixes: one unified cache, llama_memory_seq_cp.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

import llama_cpp.llama_cpp as L

# The shapes of `bench engine`: prompt, response, prefixes, suffix, chain.
P, N, K, S, G = 160, 256, 16, 48, 64


@L.llama_log_callback
def quiet(level, text, data):
    pass


class Peer:
    """libllama with its own defaults; only threads, sizes and the unified cache are set."""

    def __init__(self, path, threads):
        L.llama_log_set(quiet, None)
        L.llama_backend_init()
        self.model = L.llama_model_load_from_file(path.encode(), L.llama_model_default_params())
        p = L.llama_context_default_params()
        p.n_ctx, p.n_batch, p.n_ubatch, p.n_seq_max = 8192, 512, 512, K + 1
        p.n_threads = p.n_threads_batch = threads
        p.kv_unified = True
        self.context = L.llama_init_from_model(self.model, p)
        self.memory = L.llama_get_memory(self.context)
        self.batch = L.llama_batch_init(512, 0, 1)

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


PEER = {
    "prefill/512": lambda p: p.prefill(512),
    "decode/1": lambda p: p.decode(1),
    "decode/16": lambda p: p.decode(16),
    "score/naive": lambda p: p.score("naive"),
    "score/shared": lambda p: p.score("shared"),
    "score/batched": lambda p: p.score("batched"),
}


def ours_once(genac, model, threads):
    script = f'load actor "{model}"; bench engine --runs 1'
    out = subprocess.run(
        [genac, "--json", "-c", script], env=dict(os.environ, GENAC_THREADS=str(threads)), capture_output=True,
        text=True)
    if out.returncode != 0:
        sys.exit(out.stdout + out.stderr)
    return json.loads(out.stdout.splitlines()[-1])["rows"]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--model", default="models/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf")
    arguments.add_argument("--genac", default=".build/release/genac")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--threads", type=int, default=2)
    a = arguments.parse_args()
    peer = Peer(a.model, a.threads)
    peer.prefill(512)
    ours, theirs, last = {}, {}, {}
    for _ in range(a.rounds):
        for row in ours_once(a.genac, a.model, a.threads):
            ours.setdefault(row["name"], []).append(row["median"])
            last[row["name"]] = row
        for name, measure in PEER.items():
            theirs.setdefault(name, []).append(measure(peer))
    print(f"{a.model}, {a.threads} threads, {a.rounds} rounds, medians")
    print(f"llama.cpp: {L.llama_print_system_info().decode().strip()}")
    print(f"{'':16}{'genac':>12}{'llama.cpp':>12}{'faster':>9}{'floor':>12}  unit")
    for name in PEER:
        mine, other = statistics.median(ours[name]), statistics.median(theirs[name])
        ratio = other / mine if last[name]["unit"] == "s" else mine / other
        print(f"{name:16}{mine:12.2f}{other:12.2f}{ratio:8.2f}x{last[name]['floor']:12.2f}  {last[name]['unit']}")


if __name__ == "__main__":
    main()
