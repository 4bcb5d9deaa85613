"""Cuts 1,000 strings into words with the pre-tokenizers (and normalisers) of many families, by `tokenizers` itself.

    /tmp/venv/bin/python Tests/Oracles/tokenizers_pipelines.py

Writes Tests/Fixtures/tokenizers/pipelines.json (by name, the parts of a tokenizer.json: the published ones, with "gguf"
under their names in GGUF files, and one for each behaviour and construct) and pipelines.words (per pipeline and string
a digest as in tokenizers_vocabularies.py, of each word's length in bytes and its bytes). The strings are every tenth of
strings.json.
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


CASED = ("A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫ"
         "ᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-ώᾀ-ᾴᾶ-ᾼιῂ-ῄῆ-ῌῐ-ΐῖ-Ίῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤΩℨK-ℭℯ-"
         "ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃")
DIGITS = {"type": "Digits", "individual_digits": True}
CJK = "[一-龥\u3040-ゟ゠-ヿ]+"
DEEPSEEK = (r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+"""
            "[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+")
BLOOM = r" ?[^(\s|.,!?…。，、।۔،)]+"


def published():
    """By the name in tokenizer.ggml.pre: the parts of the family's tokenizer.json."""
    def splits(*patterns, **more):
        return {"pre_tokenizer": sequence(*[split(pattern) for pattern in patterns], byte_level()), **more}

    nfc = {"normalizer": {"type": "NFC"}}
    deepseek_tail = ["[一-龥ࠀ-一가-\ud7ff]+", r"\p{N}"]
    return {
        "gpt-2": {"pre_tokenizer": byte_level(True)},
        "smollm": {"pre_tokenizer": sequence(DIGITS, byte_level(True))},
        "llama-bpe": splits(LLAMA3), "dbrx": splits(LLAMA3), "glm4": splits(LLAMA3),
        "qwen2": splits(QWEN2, **nfc), "deepseek-r1-qwen": splits(QWEN2, **nfc), "qwen35": splits(QWEN35, **nfc),
        "stablelm2": splits(QWEN2), "gpt-4o": splits(GPT4O), "tekken": splits(TEKKEN),
        "falcon": {"pre_tokenizer": sequence(
            {"type": "Punctuation", "behavior": "Contiguous"}, byte_level(True),
            {**DIGITS, "individual_digits": False}, split("[0-9][0-9][0-9]"))},
        "minicpm5": splits(r"\p{N}{1,3}", LLAMA3.replace("{1,3}", "+")),
        "jais-2": splits(LLAMA3.replace(r"\s+(?!\S)|\s+", "|".join(
            [r"\s{%d}(?!\S)" % n for n in (512, 256, 128, 64, 32, 16, 8, 4)] + [r"\s{1,2}(?!\S)|\s{1}"]))),
        "ufakzeka": splits(QWEN2.replace(CONTRACTIONS + "|", "")),
        "laguna": splits(r"[^\n]+|[\n]+", QWEN2),
        "bailingmoe": splits(r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|"
                             r"\s*[\r\n]|\s+(?!\S)|\s+"),
        "seed-coder": splits(CONTRACTIONS + "|[^\r\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1}| ?[^\\s\\p{L}\\p{N}\r\n]+|"
                             "\\s*[\r\n]+|\\s+(?!\\S)|\\s+"),
        "exaone-moe": splits(CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N}|"
                             r" ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+"),
        "tiny_aya": splits(r"\d{1,3}(?=(?:\d{3})*\b)", GPT4O),
        "youtu": splits("[가-힣ㄱ-ㆎ]+|[！…“”‘’—：；，、-〿︰-﹏]+|[ㄅ-ㄯ]+|" + CJK, GPT4O.replace("{1,3}", "")),
        "deepseek-llm": splits("[\r\n]", r"\s?[%s]+" % CASED, r"\s?[!-/:-~！-／：-～‘-‟　-。]+", r"\s+$", *deepseek_tail),
        "deepseek-coder": splits("[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", *deepseek_tail),
        "deepseek-v3": splits(r"\p{N}{1,3}", CJK, DEEPSEEK),
        "spark2_5": splits(r"\p{N}{1,3}", CJK, DEEPSEEK.replace("[\r\n]*|\\s*[\r\n]+", "|[\r\n]"), r"\p{N}"),
        "bloom": splits(BLOOM), "viking": splits(BLOOM, r"\p{N}"), "superbpe": splits(r"\p{N}+", r"(?=(\d{3})+(?!\d))"),
    }


def pipelines():
    result = {name: dict(parts, gguf=True) for name, parts in published().items()}
    result["gpt2 as split"] = {"pre_tokenizer": sequence(split(GPT2), byte_level())}
    result["prefix space"] = {"pre_tokenizer": sequence(DIGITS, byte_level(True, True))}
    result["digit runs"] = {"pre_tokenizer": sequence({**DIGITS, "individual_digits": False}, byte_level())}
    for behavior in ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]:
        for invert in [False, True]:
            result[f"blank {behavior} {invert}"] = {
                "pre_tokenizer": sequence(split(" ", behavior, invert, "String"), byte_level())}
            result[f"words {behavior} {invert}"] = {
                "pre_tokenizer": sequence(split(r"\w+|(?<=\s)[^\w\s]|(?=\d)", behavior, invert), byte_level())}
        result[f"punctuation {behavior}"] = {
            "pre_tokenizer": sequence({"type": "Punctuation", "behavior": behavior}, byte_level())}
    for name in ["Whitespace", "WhitespaceSplit", "BertPreTokenizer"]:
        result[name] = {"pre_tokenizer": sequence({"type": name}, byte_level())}
    result["digits behind bytes"] = {"pre_tokenizer": sequence(byte_level(), DIGITS)}
    steps = {name: {"type": name} for name in ["NFD", "NFKC", "NFKD", "Lowercase"]}
    steps["strip"] = {"type": "Strip", "strip_left": True, "strip_right": False}
    steps["replace"] = {"type": "Replace", "pattern": {"Regex": r"\s+|(?<=a)b"}, "content": "_ "}
    steps["prepend"] = {"type": "Prepend", "prepend": "x "}
    for name, step in steps.items():
        result[name] = {"normalizer": step, "pre_tokenizer": byte_level()}
    result["several"] = {"pre_tokenizer": byte_level(True), "normalizer": {
        "type": "Sequence", "normalizers": [steps["NFKC"], steps["Lowercase"], steps["strip"], steps["replace"]]}}
    return result


def tokenizer(parts):
    empty = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
             "pre_tokenizer": None, "post_processor": None, "decoder": {"type": "ByteLevel", "add_prefix_space": False,
             "trim_offsets": True, "use_regex": True}, "model": {"type": "BPE", "vocab": {}, "merges": []}}
    return Tokenizer.from_str(json.dumps({**empty, **{key: parts[key] for key in parts if key != "gguf"}}))


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
