"""Tiny random Gemma 3 checkpoints, and what transformers computes with them in f32; see checkpoints.py.

    /tmp/venv/bin/python Tests/Oracles/checkpoints_gemma.py            # all, or those whose names begin as told

Their windows are shorter than the text, and both kinds of layer occur. The words are those of the other families: only
the model is Gemma's.
"""

import json

import gguf
import torch
from transformers import Gemma3ForCausalLM, Gemma3TextConfig

import checkpoints

checkpoints.FAMILIES["gemma3"] = (Gemma3TextConfig, Gemma3ForCausalLM)
SHAPE = dict(
    hidden_size=24, intermediate_size=32, num_hidden_layers=7, num_attention_heads=2, num_key_value_heads=1,
    head_dim=16, query_pre_attn_scalar=24, tie_word_embeddings=True, sliding_window=9)


def rope(full, local=10000.0):
    return dict(
        full_attention=full, sliding_attention=dict(rope_type="default", rope_theta=local))


def model(family, seed, **options):
    """Gemma's norms are stored as their distance from 1."""
    made = plain(family, seed, **options)
    if family != "gemma3":
        return made
    with torch.no_grad():
        for name, weight in made.named_parameters():
            if "norm" in name:
                weight -= 1
    return made


plain, checkpoints.model = checkpoints.model, model


def use_old_spelling(folder, made):
    """As transformers 4.50 wrote it: both bases at the top, and a pattern where every layer is named today."""
    if made.model_type != "gemma3_text":
        return plain_old_spelling(folder, made)
    path = folder / "config.json"
    config = json.loads(path.read_text())
    config["torch_dtype"] = config.pop("dtype")
    ropes, kinds = config.pop("rope_parameters"), config.pop("layer_types")
    full = ropes["full_attention"]
    config["rope_theta"], config["rope_scaling"] = full.pop("rope_theta"), full
    config["rope_local_base_freq"] = ropes["sliding_attention"]["rope_theta"]
    config["sliding_window_pattern"] = kinds.index("full_attention") + 1
    path.write_text(json.dumps(config, indent=2) + "\n")


def has_usual_pattern(config):
    return all((kind == "full_attention") == (i % 6 == 5) for i, kind in enumerate(config.layer_types))


def gguf_file(name, seed, kind, **options):
    """As llama.cpp's converter writes it: norms with the 1 added, a local base of 10,000 and a pattern of 6 unsaid."""
    if not checkpoints.wanted(name):
        return
    made = model("gemma3", seed, **options)
    config = made.config
    writer = gguf.GGUFWriter(checkpoints.FOLDER / f"{name}.gguf", "gemma3")
    checkpoints.add_sizes(writer, name, config)
    writer.add_key_length(config.head_dim)
    writer.add_value_length(config.head_dim)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_sliding_window(config.sliding_window)
    if not has_usual_pattern(config):
        writer.add_sliding_window_pattern([kind == "sliding_attention" for kind in config.layer_types])
    local = config.rope_parameters["sliding_attention"]["rope_theta"]
    if local != 10000:
        writer.add_rope_freq_base_swa(local)
    full = config.rope_parameters["full_attention"]
    writer.add_rope_freq_base(full["rope_theta"])
    if full["rope_type"] == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(full["factor"])
    checkpoints.vocabulary(writer, "gemma3")
    state = made.state_dict()
    state.pop("lm_head.weight", None)
    for key, weight in state.items():
        values = weight.numpy()
        stored = gguf.GGMLQuantizationType[kind if values.ndim == 2 else "F32"]
        shifted = values + 1 if "norm" in key else values
        data = gguf.quants.quantize(shifted, stored)
        writer.add_tensor(checkpoints.gguf_name(key, "gemma3"), data, raw_dtype=stored)
        meant = gguf.quants.dequantize(data, stored).reshape(values.shape)
        weight.copy_(torch.from_numpy((meant - 1 if "norm" in key else meant).copy()))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    checkpoints.expect(made, name, seed)


def tiny():
    default = dict(rope_type="default", rope_theta=1000000.0)
    linear = dict(rope_type="linear", rope_theta=1000.0, factor=8.0)
    checkpoints.directory("gemma3-f32", "gemma3", 31, torch.float32, **SHAPE, rope_parameters=rope(default))
    checkpoints.directory(
        "gemma3-bf16-old-linear", "gemma3", 32, torch.bfloat16, old=True, **SHAPE,
        rope_parameters=rope(linear, 300.0),
        layer_types=["full_attention" if i % 3 == 2 else "sliding_attention" for i in range(7)])
    checkpoints.directory(
        "gemma3-f16", "gemma3", 33, torch.float16, **{**SHAPE, "num_hidden_layers": 4},
        rope_parameters=rope(linear, 300.0),
        layer_types=["full_attention", "sliding_attention", "full_attention", "sliding_attention"])
    whole = dict(hidden_size=32, num_key_value_heads=2, query_pre_attn_scalar=16)
    gguf_file("gemma3-q8_0", 34, "Q8_0", **{**SHAPE, **whole}, rope_parameters=rope(default))
    gguf_file(
        "gemma3-f16-linear", 35, "F16", **{**SHAPE, **whole, "num_hidden_layers": 4},
        rope_parameters=rope(linear, 300.0),
        layer_types=["sliding_attention", "full_attention", "full_attention", "sliding_attention"])


plain_old_spelling, checkpoints.use_old_spelling = checkpoints.use_old_spelling, use_old_spelling
torch.set_num_threads(1)
if __name__ == "__main__":
    tiny()
