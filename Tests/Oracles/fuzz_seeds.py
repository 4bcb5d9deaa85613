"""The small inputs that `make fuzz` begins with: two tokenizers and three GGUF models of one layer.

    python Tests/Oracles/fuzz_seeds.py            # needs gguf; writes Tests/Fuzz/seeds/tokenizer and gguf

Templates and valid.gguf, valid.safetensors there are copies of Tests/Fixtures.
"""

import json
import pathlib

import gguf
import numpy as np

SEEDS = pathlib.Path(__file__).resolve().parent.parent / "Fuzz" / "seeds"
LLAMA3 = (
    r"(?i:'s|'t)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def added(number, content, **flags):
    plain = dict(special=True, lstrip=False, rstrip=False, single_word=False, normalized=False)
    return {"id": number, "content": content, **plain, **flags}


def model(vocabulary, merges, **more):
    return {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
            "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": False,
            "vocab": vocabulary, "merges": merges, **more}


def byte_level():
    vocabulary = {t: i for i, t in enumerate([*"abehlost1", "Ġ", "Ċ", "th", "the", "Ġthe", "ll"])}
    end = len(vocabulary)
    split = {"type": "Split", "pattern": {"Regex": LLAMA3}, "behavior": "Isolated", "invert": False}
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
    special = {"id": "<|end|>", "ids": [end], "tokens": ["<|end|>"]}
    single = [{"SpecialToken": {"id": "<|end|>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}]
    return {
        "version": "1.0", "added_tokens": [added(end, "<|end|>", rstrip=True)], "normalizer": {"type": "NFC"},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [split, level]},
        "post_processor": {"type": "TemplateProcessing", "single": single, "pair": [],
                           "special_tokens": {"<|end|>": special}},
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": model(vocabulary, [["t", "h"], ["th", "e"], ["Ġ", "the"], ["l", "l"]], ignore_merges=True),
    }


def pieces():
    specials = ["<unk>", "<s>", "</s>"]
    bytes_ = [f"<0x{b:02X}>" for b in (0, 10, 13, 32, 0xC3, 0xA9, 0xFF)]
    vocabulary = {t: i for i, t in enumerate(specials + bytes_ + ["▁", "t", "h", "e", "th", "▁the", "▁▁", "1"])}
    replace = {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
    back = {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}
    strip = {"type": "Strip", "content": " ", "start": 1, "stop": 0}
    return {
        "version": "1.0", "added_tokens": [added(i, t) for i, t in enumerate(specials)],
        "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, replace]},
        "pre_tokenizer": None, "post_processor": None,
        "decoder": {"type": "Sequence", "decoders": [back, {"type": "ByteFallback"}, {"type": "Fuse"}, strip]},
        "model": model(vocabulary, [["t", "h"], ["▁", "the"], ["▁", "▁"]], unk_token="<unk>", fuse_unk=True,
                       byte_fallback=True),
    }


def write_gguf(architecture, tokenizer, tokens, **vocabulary):
    writer = gguf.GGUFWriter(SEEDS / "gguf" / f"{architecture}.gguf", architecture)
    writer.add_context_length(16)
    writer.add_embedding_length(4)
    writer.add_block_count(1)
    writer.add_feed_forward_length(4)
    writer.add_head_count(2)
    writer.add_head_count_kv(1)
    writer.add_key_length(2)
    writer.add_value_length(2)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(1e4)
    if architecture == "gemma3":
        writer.add_sliding_window(4)
    writer.add_tokenizer_model(tokenizer)
    writer.add_token_list(tokens)
    writer.add_chat_template("{% for m in messages %}{{ m.content }}{% endfor %}")
    for key, value in vocabulary.items():
        getattr(writer, "add_" + key)(value)
    tensor = lambda name, *shape: writer.add_tensor(name, np.full(shape, 0.5, np.float32))
    tensor("token_embd.weight", len(tokens), 4)
    tensor("output_norm.weight", 4)
    norms = ["attn_norm", "ffn_norm"]
    if architecture == "gemma3":
        norms += ["post_attention_norm", "post_ffw_norm"]
    if architecture in ("gemma3", "qwen3"):
        tensor("blk.0.attn_q_norm.weight", 2)
        tensor("blk.0.attn_k_norm.weight", 2)
    for name in norms:
        tensor(f"blk.0.{name}.weight", 4)
    for name, rows in dict(attn_q=4, attn_k=2, attn_v=2, attn_output=4, ffn_gate=4, ffn_up=4, ffn_down=4).items():
        tensor(f"blk.0.{name}.weight", rows, 4)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    for name, tokenizer in {"byte-level": byte_level(), "pieces": pieces()}.items():
        text = json.dumps(tokenizer, ensure_ascii=False)
        (SEEDS / "tokenizer" / f"{name}.json").write_text(text + "\n")
    words = [*"the1", "Ġ", "Ċ", "th", "the", "<|im_end|>"]
    level = dict(tokenizer_pre="qwen2", token_types=[1] * 8 + [3], token_merges=["t h", "th e"], eos_token_id=8)
    write_gguf("llama", "gpt2", words, **{**level, "tokenizer_pre": "smollm"})
    write_gguf("qwen3", "gpt2", words, **level)
    bytes_ = [f"<0x{b:02X}>" for b in range(256)]
    texts = ["<unk>", "<eos>", "<bos>", *bytes_, "▁", "t", "h", "th", "▁th", "<end_of_turn>", "</s>"]
    scores = [0.0] * 259 + [-4.0, -5.0, -6.0, -1.0, -2.0, 0.0, 0.0]
    types = [2, 3, 3] + [6] * 256 + [1] * 5 + [3, 4]
    write_gguf("gemma3", "llama", texts, token_scores=scores, token_types=types, bos_token_id=2, eos_token_id=1)


if __name__ == "__main__":
    main()
