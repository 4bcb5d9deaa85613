"""Tiny random checkpoints of every family, and what transformers computes with them in f32.

    /tmp/venv/bin/python Tests/Oracles/checkpoints.py            # the tiny ones
    /tmp/venv/bin/python Tests/Oracles/checkpoints.py qwen3      # those whose names begin so
    /tmp/venv/bin/python Tests/Oracles/checkpoints.py smollm2 models/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf

Writes Tests/Fixtures/checkpoints/NAME/ (a Hugging Face directory) or NAME.gguf, each with NAME.expected.safetensors:
ids [n] (as f32), next [n-1] (log-probability of each next id), last [vocabulary] (log-probabilities after the last
id) and greedy [24] (the likeliest ids after the first eight), computed by transformers in f32 on the stored
(dequantised) weights. smollm2: greedy.json.
"""

import json
import pathlib
import shutil
import sys

import gguf
import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import (
    AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM, MistralConfig, MistralForCausalLM,
    Olmo2Config, Olmo2ForCausalLM, PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM, Qwen3Config,
    Qwen3ForCausalLM, SmolLM3Config, SmolLM3ForCausalLM,
)

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Fixtures" / "checkpoints"
FAMILIES = {
    "llama": (LlamaConfig, LlamaForCausalLM), "qwen2": (Qwen2Config, Qwen2ForCausalLM),
    "qwen3": (Qwen3Config, Qwen3ForCausalLM), "mistral": (MistralConfig, MistralForCausalLM),
    "smollm3": (SmolLM3Config, SmolLM3ForCausalLM), "olmo2": (Olmo2Config, Olmo2ForCausalLM),
}
SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
VOCABULARY = 288
TEXT = ["the sum of 12 and 30 is 42, so the answer is 42.",
        "each of the three boxes holds 7 apples; there are 21 apples in all."]
QWEN2 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
TEMPLATE = (
    "{% for message in messages %}"
    "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
SHAPE = dict(
    vocab_size=VOCABULARY, hidden_size=64, intermediate_size=128, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, max_position_embeddings=256, bos_token_id=0, eos_token_id=2, pad_token_id=0,
)


def tokenizer(family):
    bpe = Tokenizer(models.BPE())
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=family == "llama")
    if family == "llama":
        first = pre_tokenizers.Digits(individual_digits=True)
    else:
        first = pre_tokenizers.Split(Regex(QWEN2), behavior="isolated")
        bpe.normalizer = normalizers.NFC()
    bpe.pre_tokenizer = pre_tokenizers.Sequence([first, byte_level])
    bpe.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=SPECIALS, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False)
    bpe.train_from_iterator(TEXT, trainer)
    fast = PreTrainedTokenizerFast(tokenizer_object=bpe, bos_token=SPECIALS[0], eos_token=SPECIALS[2],
                                   pad_token=SPECIALS[0])
    fast.chat_template = TEMPLATE
    return fast


def model(family, seed, **options):
    torch.manual_seed(seed)
    config, kind = FAMILIES[family]
    made = kind(config(**{**SHAPE, **options})).float().eval()
    with torch.no_grad():
        for name, weight in made.named_parameters():
            if "norm" in name:
                weight.uniform_(0.5, 1.5)
            elif "embed" in name or "lm_head" in name:
                weight.normal_(0, 0.2)
            else:
                weight.normal_(0, 0.2)
    return made


def expect(made, name, seed):
    ids = torch.randint(0, VOCABULARY, (1, 48), generator=torch.Generator().manual_seed(seed))
    with torch.no_grad():
        logprobs = torch.log_softmax(made(ids).logits[0].float(), -1)
    following = logprobs[:-1].gather(1, ids[0, 1:, None])[:, 0]
    greedy, margin = continued(made, ids[:, :8])
    expected = {
        "ids": ids[0].float(), "next": following.contiguous(), "last": logprobs[-1].contiguous(),
        "greedy": greedy.float()}
    save_file(expected, FOLDER / f"{name}.expected.safetensors")
    print(name, float(following.mean()), "smallest margin", margin)


def continued(made, ids, count=24):
    """The likeliest next ids, one after the other, and the smallest gap between a first and a second."""
    out, margin = ids, float("inf")
    for _ in range(count):
        with torch.no_grad():
            top = made(out).logits[0, -1].float().topk(2)
        margin = min(margin, float(top.values[0] - top.values[1]))
        out = torch.cat([out, top.indices[None, :1]], 1)
    return out[0, ids.shape[1]:], margin


def wanted(name):
    return name.startswith(sys.argv[1] if sys.argv[1:] else "")


def directory(name, family, seed, dtype, old=False, shard=None, **options):
    if not wanted(name):
        return
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    made = model(family, seed, **options).to(dtype)
    made.save_pretrained(folder, **({"max_shard_size": shard} if shard else {}))
    tokenizer(family).save_pretrained(folder)
    if old:
        use_old_spelling(folder, made.config)
    expect(AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval(), name, seed)


def use_old_spelling(folder, made):
    """As transformers 4 wrote it: torch_dtype, rope_theta, rope_scaling with `type`, windows without layer_types,
    template in tokenizer_config."""
    config = json.loads((folder / "config.json").read_text())
    config["torch_dtype"] = config.pop("dtype")
    rope = config.pop("rope_parameters")
    config["rope_theta"] = rope.pop("rope_theta")
    if getattr(made, "use_sliding_window", False):
        del config["layer_types"]
    kind = rope.pop("rope_type")
    config["rope_scaling"] = None if kind == "default" else {"type": kind, **rope}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    path = folder / "tokenizer_config.json"
    settings = json.loads(path.read_text())
    settings["chat_template"] = (folder / "chat_template.jinja").read_text()
    (folder / "chat_template.jinja").unlink()
    path.write_text(json.dumps(settings, indent=2) + "\n")


NAMES = {
    "model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output",
    "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output", "post_attention_layernorm": "ffn_norm",
    "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm", "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
}
# OLMo 2 and Gemma 3 norm what attention and the MLP add.
AFTER = {
    "post_attention_layernorm": "post_attention_norm", "pre_feedforward_layernorm": "ffn_norm",
    "post_feedforward_layernorm": "post_ffw_norm",
}


def gguf_name(name, family):
    stem, ending = name.rsplit(".", 1)
    if stem.startswith("model.layers."):
        _, _, layer, rest = stem.split(".", 3)
        return f"blk.{layer}.{(NAMES | AFTER if family in ('olmo2', 'gemma3') else NAMES)[rest]}.{ending}"
    return f"{NAMES[stem]}.{ending}"


def permuted(weights, heads):
    """llama.cpp's LlamaModel.permute: half-split rotary pairs become adjacent ones."""
    shape = weights.shape
    return weights.reshape(heads, 2, shape[0] // heads // 2, *shape[1:]).swapaxes(1, 2).reshape(shape)


def llama3_factors(config):
    rope = config.rope_parameters
    dim = head_dim(config)
    freqs = 1 / rope["rope_theta"] ** (torch.arange(0, dim, 2).float() / dim)
    low = rope["original_max_position_embeddings"] / rope["low_freq_factor"]
    high = rope["original_max_position_embeddings"] / rope["high_freq_factor"]
    factors = []
    for wavelength in (2 * torch.pi / freqs).tolist():
        if wavelength < high:
            factors.append(1)
        elif wavelength > low:
            factors.append(rope["factor"])
        else:
            smooth = (rope["original_max_position_embeddings"] / wavelength - rope["low_freq_factor"]) / (
                rope["high_freq_factor"] - rope["low_freq_factor"])
            factors.append(1 / ((1 - smooth) / rope["factor"] + smooth))
    return np.array(factors, dtype=np.float32)


def head_dim(config):
    return getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads


def add_sizes(writer, name, config):
    writer.add_name(name)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)


def gguf_file(name, family, seed, kinds, split=0, **options):
    """`kinds`: the type of each kind of matrix, by a part of its GGUF name; else f32. `split`: tensors a part."""
    if not wanted(name):
        return
    made = model(family, seed, **options)
    config = made.config
    path = FOLDER / name / f"{name}.gguf" if split else FOLDER / f"{name}.gguf"
    path.parent.mkdir(exist_ok=True)
    writer = gguf.GGUFWriter(path, family, split_max_tensors=split)
    add_sizes(writer, name, config)
    if family == "qwen3" or head_dim(config) * config.num_attention_heads != config.hidden_size:
        writer.add_key_length(head_dim(config))
        writer.add_value_length(head_dim(config))
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    rope = config.rope_parameters
    writer.add_rope_freq_base(rope["rope_theta"])
    if rope["rope_type"] == "linear":
        writer.add_rope_scaling_type(gguf.RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(rope["factor"])
    if rope["rope_type"] == "yarn":
        writer.add_rope_scaling_type(gguf.RopeScalingType.YARN)
        writer.add_rope_scaling_factor(rope["factor"])
        writer.add_rope_scaling_orig_ctx_len(rope["original_max_position_embeddings"])
    if rope["rope_type"] == "llama3":
        writer.add_tensor("rope_freqs.weight", llama3_factors(config))
    vocabulary(writer, family)
    state = made.state_dict()
    if config.tie_word_embeddings:
        state.pop("lm_head.weight", None)
    for key, weight in state.items():
        target, values = gguf_name(key, family), weight.numpy()
        kind = next((kind for part, kind in kinds.items() if part in target and values.ndim == 2), "F32")
        kind = gguf.GGMLQuantizationType[kind]
        turn = family in ("llama", "smollm3") and ("attn_q" in target or "attn_k" in target)
        heads = config.num_attention_heads if "attn_q" in target else config.num_key_value_heads
        stored = gguf.quants.quantize(permuted(values, heads) if turn else values, kind)
        writer.add_tensor(target, stored, raw_dtype=kind)
        meant = gguf.quants.dequantize(gguf.quants.quantize(values, kind), kind).astype(np.float32)
        weight.copy_(torch.from_numpy(meant.reshape(values.shape)))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    expect(made, name, seed)


def vocabulary(writer, family):
    backend = json.loads(tokenizer(family).backend_tokenizer.to_str())
    words = sorted(backend["model"]["vocab"], key=backend["model"]["vocab"].get)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm" if family == "llama" else "qwen2")
    writer.add_token_list(words)
    writer.add_token_types([3 if word in SPECIALS else 1 for word in words])
    writer.add_token_merges([" ".join(merge) for merge in backend["model"]["merges"]])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)


def tiny():
    FOLDER.mkdir(parents=True, exist_ok=True)
    llama3 = dict(
        rope_type="llama3", rope_theta=500.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
        original_max_position_embeddings=32)
    llama31 = {**llama3, "rope_theta": 500000.0, "factor": 32.0, "original_max_position_embeddings": 8192}
    linear = dict(rope_type="linear", rope_theta=1000.0, factor=4.0)
    default = dict(rope_type="default", rope_theta=10000.0)
    directory("llama-f32-tied", "llama", 1, torch.float32, tie_word_embeddings=True, rope_parameters=default)
    directory(
        "llama-bf16-untied-llama3-sharded", "llama", 2, torch.bfloat16, shard="100KB", tie_word_embeddings=False,
        rope_parameters=llama3)
    directory(
        "llama-f16-old-linear-headdim", "llama", 3, torch.float16, old=True, tie_word_embeddings=True, head_dim=32,
        rope_parameters=linear)
    directory("qwen2-bf16-tied", "qwen2", 4, torch.bfloat16, tie_word_embeddings=True, rope_parameters=default)
    directory("qwen2-f16-old-untied", "qwen2", 5, torch.float16, old=True, tie_word_embeddings=False,
              rope_parameters=default)
    mixed = {"token_embd": "Q8_0", "attn_v": "Q8_0", "ffn_down": "Q4_0", "attn": "Q4_1", "ffn": "Q4_1"}
    gguf_file("llama-q4_1", "llama", 6, mixed, tie_word_embeddings=True, rope_parameters=default)
    gguf_file(
        "llama-q8_0-llama3", "llama", 7, {"": "Q8_0"}, tie_word_embeddings=False, rope_parameters=llama31)
    gguf_file("qwen2-q4_0", "qwen2", 8, {"token_embd": "F16", "output": "BF16", "": "Q4_0"}, tie_word_embeddings=False,
        rope_parameters=linear)
    # The heads of Qwen3 are not hidden / heads in size; what is no whole block of 32 is stored in 16 bits.
    small = dict(hidden_size=32, intermediate_size=48, head_dim=16, rope_parameters=default)
    directory(
        "qwen3-bf16-tied", "qwen3", 9, torch.bfloat16, tie_word_embeddings=True, **{**small, "intermediate_size": 32})
    gguf_file(
        "qwen3-q4_0", "qwen3", 10, {"token_embd": "Q8_0", "attn_output": "F16", "ffn_down": "BF16", "": "Q4_0"},
        tie_word_embeddings=False, **{**small, "num_attention_heads": 3, "num_key_value_heads": 1})
    # Stretched contexts: short originals, so that all three parts of the ramp are used.
    yarn = dict(rope_type="yarn", rope_theta=1000.0, factor=4.0, original_max_position_embeddings=64)
    tiny = dict(hidden_size=32, intermediate_size=32)
    directory(
        "qwen2-bf16-yarn", "qwen2", 11, torch.bfloat16, tie_word_embeddings=True, **tiny,
        rope_parameters={**yarn, "beta_fast": 16, "mscale": 0.7, "mscale_all_dim": 0.4, "truncate": False})
    gguf_file(
        "qwen3-q8_0-yarn", "qwen3", 12, {"": "Q8_0"}, tie_word_embeddings=True,
        **{**small, "intermediate_size": 32, "rope_parameters": {**yarn, "factor": 8.0}})
    directory(
        "mistral-f16-old-headdim", "mistral", 13, torch.float16, old=True, tie_word_embeddings=False, head_dim=12,
        rope_parameters=default, sliding_window=None, **tiny)
    gguf_file("qwen3-split", "qwen3", 11, {"": "BF16"}, split=10, tie_word_embeddings=True, **small)
    # Windows that are in use: of every layer, of the later layers, of those that do not know positions.
    directory(
        "mistral-bf16-window", "mistral", 14, torch.bfloat16, tie_word_embeddings=True, rope_parameters=default,
        sliding_window=7, **tiny)
    directory(
        "qwen3-f16-old-window", "qwen3", 15, torch.float16, old=True, tie_word_embeddings=True, head_dim=12,
        rope_parameters=default, use_sliding_window=True, sliding_window=9, max_window_layers=1, **tiny)
    directory(
        "smollm3-bf16-window", "smollm3", 16, torch.bfloat16, tie_word_embeddings=False, rope_parameters=default,
        no_rope_layer_interval=2, use_sliding_window=True, sliding_window=11, **tiny)
    gguf_file("smollm3-q8_0", "smollm3", 17, {"": "Q8_0"}, tie_word_embeddings=True, rope_parameters=linear,
              **{**tiny, "num_hidden_layers": 4})
    directory(
        "olmo2-bf16-untied", "olmo2", 18, torch.bfloat16, tie_word_embeddings=False, rope_parameters=default, **tiny)
    gguf_file("olmo2-q4_1", "olmo2", 19, {"token_embd": "Q8_0", "": "Q4_1"}, tie_word_embeddings=False,
              rope_parameters=default, **tiny)
    directory(
        "llama-f16-biases", "llama", 20, torch.float16, tie_word_embeddings=True, rope_parameters=default,
        attention_bias=True, mlp_bias=True, **tiny)
    gguf_file("llama-q8_0-biases", "llama", 21, {"": "Q8_0"}, tie_word_embeddings=True, rope_parameters=default,
              attention_bias=True, mlp_bias=True, **tiny)


def smollm2(path):
    path = pathlib.Path(path).resolve()
    made = AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype=torch.float32).eval()
    words = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
    cases = []
    for prompt in [
        "<|im_start|>user\nA box holds 7 apples. How many apples do 6 boxes hold?<|im_end|>\n<|im_start|>assistant\n",
        "The history of mathematics begins",
    ]:
        ids = words(prompt, add_special_tokens=False, return_tensors="pt").input_ids
        out, past = ids, None
        with torch.no_grad():
            for _ in range(64):
                step = made(out if past is None else out[:, -1:], past_key_values=past, use_cache=True)
                past = step.past_key_values
                out = torch.cat([out, step.logits[:, -1:].argmax(-1)], 1)
            logits = made(out).logits[0].float()
        logprobs = torch.log_softmax(logits, -1)
        top = logprobs.topk(2, -1).values
        start = ids.shape[1]
        print(start, "smallest margin", float((top[start - 1 : -1, 0] - top[start - 1 : -1, 1]).min()),
              words.decode(out[0]))
        cases.append({
            "prompt": ids[0].tolist(), "greedy": out[0, start:].tolist(),
            "logprobs": logprobs[start - 1 : -1].gather(1, out[0, start:, None])[:, 0].tolist(),
        })
    folder = FOLDER.parent / "smollm2"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "greedy.json").write_text(json.dumps(cases, indent=1) + "\n")


torch.set_num_threads(1)
if __name__ == "__main__":
    smollm2(sys.argv[2]) if sys.argv[1:2] == ["smollm2"] else tiny()
