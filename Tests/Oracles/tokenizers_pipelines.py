"""Cuts 1,000 strings into words with the pre-tokenizers (and normalisers) of many families, by `tokenizers` itself.

    /tmp/venv/bin/python Tests/Oracles/tokenizers_pipelines.py

Writes Tests/Fixtures/tokenizers/pipelines.json (by name, the parts of a tokenizer.json: the published ones, and one for
each behaviour and construct) and pipelines.words (per pipeline and string a digest as in tokenizers_vocabularies.py, of
each word's length in bytes and its bytes). The strings are every tenth of strings.json.
"""
import json
from pathlib import Path

from tokenizers import Tokenizer, pre_tokenizers

from tokenizers_vocabularies import OUT, digest

CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
SIGNS = r" ?[^\s\p{L}\p{N}]+"
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LLAMA3 = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|" + SIGNS + r"[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN2 = LLAMA3.replace("{1,3}", "")
QWEN35 = QWEN2.replace(r"\p{L}+", r"[\p{L}\p{M}]+").replace(SIGNS, r" ?[^\s\p{L}\p{M}\p{N}]+")
TEKKEN = (r"[^\r\n\p{L}\p{N}]?" + UPPER + "*" + LOWER + r"+|[^\r\n\p{L}\p{N}]?" + UPPER + "+" + LOWER
          + r"*|\p{N}|" + SIGNS + r"[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")
GPT4O = (TEKKEN.replace(LOWER + "+|", LOWER + "+" + CONTRACTIONS + "?|")
         .replace(LOWER + "*|", LOWER + "*" + CONTRACTIONS + "?|").replace(r"|\p{N}|", r"|\p{N}{1,3}|"))


def split(pattern, behavior="Isolated", invert=False, kind="Regex"):
    return {"type": "Split", "pattern": {kind: pattern}, "behavior": behavior, "invert": invert}


def byte_level(use_regex=False, add_prefix_space=False):
    return {"type": "ByteLevel", "add_prefix_space": add_prefix_space, "trim_offsets": True, "use_regex": use_regex}


def sequence(*steps):
    return {"type": "Sequence", "pretokenizers": list(steps)}


def pipelines():
    result = {name: {"pre_tokenizer": sequence(split(pattern), byte_level())} for name, pattern in [
        ("gpt2 as split", GPT2), ("llama3", LLAMA3), ("qwen2", QWEN2), ("qwen35", QWEN35), ("gpt-4o", GPT4O),
        ("tekken", TEKKEN)]}
    digits = {"type": "Digits", "individual_digits": True}
    result["starcoder"] = {"pre_tokenizer": sequence(digits, byte_level(True))}
    result["gpt-neox"] = {"pre_tokenizer": byte_level(True)}
    result["prefix space"] = {"pre_tokenizer": sequence(digits, byte_level(True, True))}
    result["digit runs"] = {"pre_tokenizer": sequence({**digits, "individual_digits": False}, byte_level())}
    result["punctuation, then bytes, then digits"] = {"pre_tokenizer": sequence(
        {"type": "Punctuation", "behavior": "Contiguous"}, byte_level(True), {**digits, "individual_digits": False})}
    for behavior in ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]:
        for invert in [False, True]:
            result[f"blank {behavior} {invert}"] = {
                "pre_tokenizer": sequence(split(" ", behavior, invert, "String"), byte_level())}
            result[f"gpt2 {behavior} {invert}"] = {
                "pre_tokenizer": sequence(split(GPT2, behavior, invert), byte_level())}
        result[f"punctuation {behavior}"] = {
            "pre_tokenizer": sequence({"type": "Punctuation", "behavior": behavior}, byte_level())}
    for name in ["Whitespace", "WhitespaceSplit", "BertPreTokenizer"]:
        result[name] = {"pre_tokenizer": sequence({"type": name}, byte_level())}
    result["digits behind bytes"] = {"pre_tokenizer": sequence(byte_level(), digits)}
    return result


def tokenizer(parts):
    empty = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
             "pre_tokenizer": None, "post_processor": None, "decoder": {"type": "ByteLevel", "add_prefix_space": False,
             "trim_offsets": True, "use_regex": True}, "model": {"type": "BPE", "vocab": {}, "merges": []}}
    return Tokenizer.from_str(json.dumps({**empty, **parts}))


def words(tokenizer, text, alphabet={}):
    if not alphabet:
        for byte in range(256):  # one byte, by the scalar that ByteLevel spells it with
            alphabet[bytes_char(byte)] = byte
    if tokenizer.normalizer:
        text = tokenizer.normalizer.normalize_str(text)
    return [bytes(alphabet[c] for c in word) for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(text)]


def bytes_char(byte):
    printable = [*range(0x21, 0x7f), *range(0xa1, 0xad), *range(0xae, 0x100)]
    if byte in printable:
        return chr(byte)
    return chr(0x100 + [b for b in range(256) if b not in printable].index(byte))


def main():
    texts = json.loads((OUT / "strings.json").read_text())[::10]
    parts = pipelines()
    (OUT / "pipelines.json").write_text(json.dumps(parts, ensure_ascii=False, indent=0) + "\n")
    blob = b""
    for name in parts:
        peer = tokenizer(parts[name])
        for text in texts:
            blob += digest([number for word in words(peer, text) for number in [len(word), *word]])
    (OUT / "pipelines.words").write_bytes(blob)
    print(f"{len(parts)} pipelines, {len(texts)} strings")


if __name__ == "__main__":
    main()
