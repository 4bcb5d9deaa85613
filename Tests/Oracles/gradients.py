"""Gradients of tiny random models by PyTorch, for Tests/TransformerTests/GradientTests.swift.

Run: python Tests/Oracles/gradients.py [CASE ...]   (needs torch, transformers, safetensors)

Each case: four sequences, three of which share prefixes; loss = sum of coefficient * log-probability over every
token but the first, plus sum of entropy coefficient * entropy of the same rows.
"""
import json
import pathlib
import sys

import torch
from safetensors.torch import save_file
from transformers import (
    Gemma3ForCausalLM, Gemma3TextConfig, LlamaConfig, LlamaForCausalLM, MistralConfig, MistralForCausalLM, Olmo2Config,
    Olmo2ForCausalLM, Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM, SmolLM3Config, SmolLM3ForCausalLM,
)

OUT = pathlib.Path(__file__).parent.parent / "Fixtures" / "gradients"

COMMON = dict(vocab_size=61, max_position_embeddings=128, rms_norm_eps=1e-5, attention_dropout=0.0)
CASES = {
    "llama-untied": (LlamaConfig, LlamaForCausalLM, dict(
        hidden_size=36, intermediate_size=40, num_hidden_layers=2, num_attention_heads=6, num_key_value_heads=2,
        head_dim=6, rope_theta=10000.0, tie_word_embeddings=False)),
    "llama-tied": (LlamaConfig, LlamaForCausalLM, dict(
        hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=2,
        rope_theta=500.0, tie_word_embeddings=True)),
    "qwen2-tied": (Qwen2Config, Qwen2ForCausalLM, dict(
        hidden_size=32, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        rope_theta=10000.0, tie_word_embeddings=True)),
    "qwen2-untied": (Qwen2Config, Qwen2ForCausalLM, dict(
        hidden_size=32, intermediate_size=40, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=1,
        rope_theta=10000.0, tie_word_embeddings=False)),
    "qwen3-untied": (Qwen3Config, Qwen3ForCausalLM, dict(
        hidden_size=16, intermediate_size=16, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1,
        head_dim=18, rope_theta=10000.0, tie_word_embeddings=False)),
    "qwen3-tied": (Qwen3Config, Qwen3ForCausalLM, dict(
        hidden_size=12, intermediate_size=16, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        head_dim=10, rope_theta=500.0, tie_word_embeddings=True)),
}


# Windows shorter than the sequences, which turn by other frequencies; the second block of 64 rows begins within one.
# PyTorch gives an embedding's padding token no gradient, so there is none.
GEMMA = dict(
    pad_token_id=None,
    rope_theta=1000.0, rope_local_base_freq=100.0, sliding_window=7, query_pre_attn_scalar=15,
    layer_types=["sliding_attention", "full_attention", "sliding_attention"])
CASES["gemma3-tied"] = (Gemma3TextConfig, Gemma3ForCausalLM, dict(
    hidden_size=20, intermediate_size=24, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2,
    head_dim=10, tie_word_embeddings=True, **GEMMA))
MODEL_TYPES = {"gemma3": "gemma3_text"}
# A window of every layer, and YaRN, which multiplies cosines and sines.
CASES["mistral-untied"] = (MistralConfig, MistralForCausalLM, dict(
    hidden_size=20, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
    head_dim=10, tie_word_embeddings=False, sliding_window=9, rope_theta=1000.0, rope_scaling=dict(
        rope_type="yarn", factor=4.0, original_max_position_embeddings=32)))
# Layers that do not know positions, and biases everywhere.
CASES["smollm3-tied"] = (SmolLM3Config, SmolLM3ForCausalLM, dict(
    hidden_size=20, intermediate_size=24, num_hidden_layers=3, num_attention_heads=2, num_key_value_heads=1,
    tie_word_embeddings=True, rope_theta=1000.0, no_rope_layers=[1, 0, 1], attention_bias=True, mlp_bias=True,
    pad_token_id=None, bos_token_id=None, eos_token_id=None))
CASES["olmo2-untied"] = (Olmo2Config, Olmo2ForCausalLM, dict(
    hidden_size=24, intermediate_size=20, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
    tie_word_embeddings=False, rope_theta=1000.0, pad_token_id=None, eos_token_id=None))


def case(name, seed):
    config_class, model_class, fields = CASES[name]
    torch.manual_seed(seed)
    config = config_class(**COMMON, **fields)
    config._attn_implementation = "eager"
    model = model_class(config).float().eval()
    with torch.no_grad():
        for key, p in model.named_parameters():
            center = 1 if "norm" in key and not name.startswith("gemma") else 0
            p.copy_(center + (0.2 if "norm" in key else 0.15) * torch.randn_like(p))
    draw = lambda n: torch.randint(0, 61, (n,)).tolist()
    trunk, branch = draw(20), draw(7)
    sequences = [trunk + draw(50), trunk + branch + draw(9), trunk + branch + draw(4), draw(6)]
    coefficients = [torch.randn(len(s) - 1).tolist() for s in sequences]
    entropies = [(0.3 * torch.randn(len(s) - 1)).tolist() for s in sequences]
    logprobs, loss = [], 0.0
    for s, c, e in zip(sequences, coefficients, entropies):
        logp = torch.log_softmax(model(torch.tensor([s])).logits[0, :-1].float(), -1)
        taken = logp.gather(-1, torch.tensor(s[1:])[:, None])[:, 0]
        loss = loss + (taken * torch.tensor(c)).sum() - ((logp.exp() * logp).sum(-1) * torch.tensor(e)).sum()
        logprobs.append(taken.tolist())
    loss.backward()
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    parameters = dict(model.named_parameters())
    save_file({k: p.detach().contiguous() for k, p in parameters.items()}, folder / "model.safetensors")
    save_file({k: p.grad.contiguous() for k, p in parameters.items()}, folder / "gradients.safetensors")
    shape = dict(fields, **COMMON, family=MODEL_TYPES.get(name.split("-")[0], name.split("-")[0]))
    shape.setdefault("head_dim", shape["hidden_size"] // shape["num_attention_heads"])
    (folder / "case.json").write_text(json.dumps(dict(
        config=shape, trunk=len(trunk), branch=len(branch), sequences=sequences, coefficients=coefficients,
        entropies=entropies, logprobs=logprobs)))


for index, name in enumerate(CASES):
    if name in (sys.argv[1:] or CASES):
        case(name, 100 + index)
