"""Loads with transformers what `SaveTests` saved, and compares logits and ids with those of the originals.

    GENAC_SAVE_TO=/tmp/saved swift test -c release --filter SaveTests
    /tmp/venv/bin/python Tests/Oracles/saved.py /tmp/saved
"""

import pathlib
import sys

import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Fixtures" / "checkpoints"
TEXT = "The 3 boxes:\n\t12 + 30 = 42 é 😀 <|im_end|>"

torch.set_num_threads(1)
worst = 0.0
for saved in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    expected = load_file(FOLDER / f"{saved.name}.expected.safetensors")
    model = AutoModelForCausalLM.from_pretrained(saved, dtype=torch.float32).eval()
    declared = AutoModelForCausalLM.from_pretrained(saved, dtype="auto").dtype
    ids = expected["ids"].long()[None]
    with torch.no_grad():
        logprobs = torch.log_softmax(model(ids).logits[0], -1)
    distance = float((logprobs[-1] - expected["last"]).abs().max())
    following = logprobs[:-1].gather(1, ids[0, 1:, None])[:, 0]
    distance = max(distance, float((following - expected["next"]).abs().max()))
    words = AutoTokenizer.from_pretrained(saved)
    chat = words.apply_chat_template([{"role": "user", "content": "hi"}], tokenize=False, add_generation_prompt=True)
    original = FOLDER / saved.name
    same = "gguf"
    if (original / "tokenizer.json").exists():
        same = words(TEXT).input_ids == AutoTokenizer.from_pretrained(original)(TEXT).input_ids
    print(
        f"{saved.name}: within {distance:.2g}, {declared}, "
        f"eos {words.eos_token} {model.generation_config.eos_token_id}, ids equal: {same}, {chat!r}")
    worst = max(worst, distance)
print("worst", worst)
sys.exit(worst > 1e-5)
