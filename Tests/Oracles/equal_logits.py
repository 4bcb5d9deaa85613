"""Does transformers read a directory that `save` wrote as genac does? Prints the largest difference of
log-probabilities.

    python Tests/Oracles/equal_logits.py .build/release/genac DIR "TEXT"

Needs torch and transformers. Both score the same ids: genac's own encoding, compared with the tokenizer that
transformers loads from the directory.
"""
import json
import subprocess
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

genac, directory, text = sys.argv[1:4]
script = f"load actor {json.dumps(directory)}; logprobs {json.dumps(text)}"
run = subprocess.run([genac, "--bare", "--json", "-c", script], capture_output=True, text=True, check=True)
lines = run.stdout.splitlines()
ours = json.loads(lines[-1])
ids = AutoTokenizer.from_pretrained(directory)(text, add_special_tokens=False)["input_ids"]
assert ids == ours["ids"], (ids, ours["ids"])
model = AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32).eval()
with torch.no_grad():
    logprobs = torch.log_softmax(model(torch.tensor([ids])).logits[0].double(), -1)
worst = max(abs(logprobs[i - 1, ids[i]].item() - ours["logprobs"][i]) for i in range(1, len(ids)))
print(f"{directory}: {len(ids)} tokens, ids equal, largest difference of log-probabilities {worst:.2e}")
