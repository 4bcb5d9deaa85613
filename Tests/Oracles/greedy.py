"""Does genac continue texts greedily as transformers does on the same (dequantised) weights? 64 tokens, five prompts.

    python Tests/Oracles/greedy.py .build/release/genac MODEL [MODEL ...]

Needs torch, transformers and gguf. MODEL is a GGUF file, whose weights transformers dequantises to f32, or a Hugging
Face directory, which it reads in f32. genac samples at temperature 0; transformers then reads its tokens once, and must
find each the likeliest after those before it, which is greedy decoding by induction. Where it finds another one
likelier, the gap of their logits is printed: up to TIE it is a tie of f32 arithmetic, and the comparison goes on behind
genac's token; above, the model fails. A text that ends by itself before its 64th token is compared up to its end.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import torch
from transformers import AutoModelForCausalLM
from transformers.utils import logging

logging.disable_progress_bar()
TOKENS = 64
TIE = 1e-4
PROMPTS = [
    "The history of mathematics begins",
    "Once upon a time, in a village between two rivers, there lived",
    "def fibonacci(n):\n    ",
    "Water boils at 100 degrees because",
    "Dear Sir or Madam,\n\nI am writing to you about",
]


def continued(genac, model):
    """genac's prompt ids and greedy ids of every prompt."""
    with tempfile.TemporaryDirectory() as workspace:
        folder = pathlib.Path(workspace, ".genac", "prompts", "actor")
        folder.mkdir(parents=True)
        (folder / "default.mustache").write_text("{{% CONTENT_TYPE:TEXT}}\n{{! form: text }}\n{{problem}}\n")
        lines = [f"load actor {json.dumps(str(model))} --as model"]
        for prompt in PROMPTS:
            typed = prompt.replace("\n", "\\n")
            lines += [f"problem $'{typed}'", "prompt show --actor",
                      f"generate -n 1 --temperature 0 --max-tokens {TOKENS}"]
        script = pathlib.Path(workspace, "greedy.genac")
        script.write_text("\n".join(lines) + "\n")
        run = subprocess.run(
            [genac, "--bare", "--json", "--workspace", workspace, str(script)], capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{model}: genac ended with {run.returncode}\n{run.stdout[-2000:]}{run.stderr[-2000:]}")
    results = [json.loads(line) for line in run.stdout.splitlines()]
    shown = [r["ids"] for r in results if r["command"] == "prompt show"]
    made = [r["solutions"][0] for r in results if r["command"] == "generate"]
    assert len(shown) == len(made) == len(PROMPTS)
    return [(ids, solution["ids"], solution["logprobs"]) for ids, solution in zip(shown, made)]


def peer(path):
    if path.suffix == ".gguf":
        return AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype=torch.float32).eval()
    return AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32).eval()


def compare(genac, path):
    """Prints what is found of one model; true where every token is transformers' or a tie."""
    texts = continued(genac, path)
    model = peer(path)
    fine, total, ties, worst, margin = True, 0, 0, 0.0, float("inf")
    for number, (prompt, ids, logprobs) in enumerate(texts, 1):
        with torch.no_grad():
            logits = model(torch.tensor([prompt + ids])).logits[0, len(prompt) - 1 : -1].double()
        taken = logits.gather(-1, torch.tensor(ids)[:, None])[:, 0]
        found = torch.log_softmax(logits, -1).gather(-1, torch.tensor(ids)[:, None])[:, 0]
        worst = max(worst, (found - torch.tensor(logprobs, dtype=torch.float64)).abs().max().item())
        top = logits.topk(2, -1)
        for place in range(len(ids)):
            gap = (top.values[place, 0] - taken[place]).item()
            if gap == 0:
                margin = min(margin, (top.values[place, 0] - top.values[place, 1]).item())
                continue
            kind = "tie" if gap <= TIE else "DIFFERS"
            print(f"  {kind}: prompt {number}, token {place}: genac {ids[place]}, transformers "
                  f"{top.indices[place, 0].item()}, whose logit is {gap:.2e} above")
            ties, fine = ties + 1, fine and gap <= TIE
        total += len(ids)
    verdict = "equal" if fine else "NOT EQUAL"
    print(f"{path.name}: {total} greedy tokens of {len(PROMPTS)} prompts {verdict}, {ties} ties, "
          f"log-probabilities within {worst:.1e}, smallest gap to a second {margin:.1e}", flush=True)
    return fine


genac = str(pathlib.Path(sys.argv[1]).resolve())
sys.exit(not all([compare(genac, pathlib.Path(name).resolve()) for name in sys.argv[2:]]))
