"""Random checkpoints of every family: are genac's log-probabilities those of transformers in f32, within 1e-4?

    python Tests/Oracles/random_checkpoints.py .build/release/genac [COUNT [SEED]]      (40 and 0)

Needs torch, transformers and gguf. COUNT checkpoints go through the families in turn; types, rope scalings, windows,
layers without positions, biases, tied and untied heads, shards, sizes of heads, the spelling of config.json and GGUF
conversions are drawn from SEED. Each is loaded and asked for a text's log-probabilities, and transformers for those of
the same ids. A line each, the worst last; ends with 1 where any is further off.
"""
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import torch
from transformers import AutoTokenizer
from transformers.utils import logging

import checkpoints
import checkpoints_gemma

LIMIT = 1e-4
FAMILIES = ["llama", "mistral", "qwen2", "qwen3", "smollm3", "olmo2", "gemma3"]
NAMED_HEADS = ["llama", "mistral", "qwen3", "gemma3"]
TEXT = "the sum of 12 and 30 is 42; each of the boxes holds 7 apples, so there are 21 in all (%s)."
logging.disable_progress_bar()
logging.set_verbosity_error()


def shape(rng, family):
    """Sizes; a head's is even and seldom a power of 2."""
    kv, group, head = rng.choice([1, 2, 3]), rng.choice([1, 2, 3]), rng.choice([4, 6, 10, 12, 18, 24])
    heads = kv * group
    sizes = dict(
        hidden_size=heads * head, intermediate_size=rng.choice([24, 40, 72]), num_attention_heads=heads,
        num_key_value_heads=kv, num_hidden_layers=rng.choice([1, 2, 3, 5]), rms_norm_eps=rng.choice([1e-5, 1e-6]),
        tie_word_embeddings=rng.random() < 0.5)
    if family in NAMED_HEADS:
        sizes |= dict(hidden_size=heads * rng.choice([4, 7, 12]), head_dim=head)
    return sizes


def scaling(rng, family, is_gguf):
    theta = round(10 ** rng.uniform(2, 6), 1)
    kinds = ["default", "linear"]
    if family != "gemma3":
        kinds += ["yarn", "yarn"]
        kinds += ["llama3"] if family == "llama" or not is_gguf else []
    kind = rng.choice(kinds)
    made = dict(rope_type=kind, rope_theta=theta)
    if kind != "default":
        made["factor"] = rng.choice([1.5, 2.0, 4.0, 8.0])
    if kind == "llama3":
        low, original = rng.choice([(1.0, 64), (2.0, 128)])
        made |= dict(low_freq_factor=low, high_freq_factor=4.0, original_max_position_embeddings=original)
        if is_gguf:
            made |= dict(low_freq_factor=1.0, original_max_position_embeddings=8192)
    if kind == "yarn":
        made["original_max_position_embeddings"] = rng.choice([32, 64, 128])
        if not is_gguf:
            made |= rng.choice([{}, dict(beta_fast=16, beta_slow=2), dict(attention_factor=0.9), dict(truncate=False),
                                dict(mscale=0.8, mscale_all_dim=0.5)])
    return made


def layers(rng, family, sizes, is_gguf):
    """What is a family's own: windows, layers without positions, biases."""
    count, window, made = sizes["num_hidden_layers"], rng.choice([1, 5, 16, 33]), {}
    if family == "mistral":
        made["sliding_window"] = rng.choice([None, window])
    if family in ("qwen2", "qwen3", "smollm3") and not is_gguf and rng.random() < 0.5:
        made |= dict(use_sliding_window=True, sliding_window=window, max_window_layers=rng.randrange(count + 1))
    if family == "smollm3" and not is_gguf:
        made |= rng.choice([{}, dict(no_rope_layer_interval=2),
                            dict(no_rope_layers=[rng.randrange(2) for _ in range(count)])])
    if family in ("llama", "smollm3", "olmo2", "qwen3") and rng.random() < 0.3:
        made["attention_bias"] = True
    if family in ("llama", "smollm3") and rng.random() < 0.3:
        made["mlp_bias"] = True
    if family == "gemma3":
        made |= dict(sliding_window=window, query_pre_attn_scalar=rng.choice([9, 24]))
        if is_gguf:
            made["query_pre_attn_scalar"] = sizes["head_dim"]
        elif rng.random() < 0.5:
            pattern = rng.choice([2, 3])
            made["layer_types"] = [
                "full_attention" if (i + 1) % pattern == 0 else "sliding_attention" for i in range(count)]
    return made


def draw(rng, family, seed):
    """Writes one checkpoint, and returns its path and what it is."""
    is_gguf = family != "mistral" and rng.random() < 0.3
    sizes = shape(rng, family)
    rope = scaling(rng, family, is_gguf)
    options = sizes | layers(rng, family, sizes, is_gguf)
    options["rope_parameters"] = checkpoints_gemma.rope(rope, 300.0) if family == "gemma3" else rope
    said = [family, rope["rope_type"]] + [
        f"{key}={options[key]}" for key in ("sliding_window", "attention_bias", "mlp_bias", "no_rope_layers",
                                            "tie_word_embeddings") if options.get(key) is not None]
    if is_gguf:
        kind = rng.choice(["F32", "F16", "BF16"])
        name = f"{seed}-{family}"
        if family == "gemma3":
            checkpoints_gemma.gguf_file(name, seed, kind, **options | dict(tie_word_embeddings=True))
        else:
            checkpoints.gguf_file(name, family, seed, {"": kind}, **options)
        return checkpoints.FOLDER / f"{name}.gguf", ["GGUF", kind] + said
    dtype = rng.choice([torch.float32, torch.float16, torch.bfloat16])
    old, shard = rng.random() < 0.4, rng.choice([None, "20KB"])
    if family == "gemma3" and "full_attention" not in options.get("layer_types", []):
        old = False  # The old spelling is a pattern, whose last layer sees everything.
    checkpoints.directory(f"{seed}-{family}", family, seed, dtype, old=old, shard=shard, **options)
    return checkpoints.FOLDER / f"{seed}-{family}", [str(dtype)[6:], "old" if old else "new",
                                                    "sharded" if shard else "whole"] + said


def distance(genac, path, model, text):
    """The largest difference of log-probabilities, and how many tokens there were."""
    script = f"load actor {json.dumps(str(path))} --as model; logprobs {json.dumps(text)}"
    run = subprocess.run([genac, "--bare", "--json", "-c", script], capture_output=True, text=True, cwd=path.parent)
    if run.returncode:
        sys.exit(f"{path.name}: {run.stdout}{run.stderr}")
    ours = json.loads(run.stdout.splitlines()[-1])
    ids = ours["ids"]
    if path.is_dir():
        theirs = AutoTokenizer.from_pretrained(path)(text, add_special_tokens=False)["input_ids"]
        assert ids == theirs, (path, ids, theirs)
    with torch.no_grad():
        logprobs = torch.log_softmax(model(torch.tensor([ids])).logits[0].double(), -1)
    return max(abs(logprobs[i - 1, ids[i]].item() - ours["logprobs"][i]) for i in range(1, len(ids))), len(ids)


def main(genac, count=40, start=0):
    models, worst = {}, 0.0
    checkpoints.wanted = lambda name: True
    checkpoints.expect = lambda made, name, seed: models.update({name: made})
    with tempfile.TemporaryDirectory() as folder:
        checkpoints.FOLDER = pathlib.Path(folder)
        for index in range(count):
            seed = start * 1000 + index
            rng = random.Random(seed)
            family = FAMILIES[index % len(FAMILIES)]
            path, said = draw(rng, family, seed)
            text = TEXT % "".join(rng.choice("abc 123xyz") for _ in range(60))
            found, tokens = distance(genac, path, models.pop(f"{seed}-{family}"), text)
            print(f"{seed:4} {found:.1e}  {tokens} tokens, {' '.join(said)}", flush=True)
            worst = max(worst, found)
    print(f"{count} checkpoints, worst {worst:.1e}, limit {LIMIT:.0e}")
    sys.exit(worst > LIMIT)


if __name__ == "__main__":
    main(str(pathlib.Path(sys.argv[1]).resolve()), *map(int, sys.argv[2:4]))
