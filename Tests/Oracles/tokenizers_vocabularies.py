"""Trains the small vocabularies of TokenizersTests and encodes 10,000 strings with `tokenizers`.

    /tmp/venv/bin/python Tests/Oracles/tokenizers_vocabularies.py [models/smollm2/*.gguf]

Writes Tests/Fixtures/tokenizers/: gpt2-style.json, qwen2-style.json (tokenizer.json files), strings.json,
NAME.ids (per string: u16 number of ids and u32 FNV-1a of them, first with special tokens as text, then recognised),
decoded.json, scalar-kinds.json.
"""
import glob, json, random, struct, sys, sysconfig, unicodedata
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

OUT = Path(__file__).resolve().parent.parent / "Fixtures" / "tokenizers"
QWEN2 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
         r"|\s*[\r\n]+|\s+(?!\S)|\s+")


def corpus():
    library = Path(sysconfig.get_paths()["stdlib"])
    for path in sorted(library.glob("*.py"))[:120]:
        yield path.read_text(errors="ignore")
    # Some other scripts, so that merges cross bytes of one scalar.
    yield "Ünïcödé naïve café élève über größe señor ação " * 40
    yield "中文测试 汉字 数学 问题 答案 日本語テスト ひらがな カタカナ 한국어 시험 " * 40
    yield "Привет мир как дела задача решение Ελληνικά γλώσσα עברית العربية हिन्दी ไทย 😀👩‍👩‍👧‍👦🇩🇪 " * 40


def train(pre_tokenizer, normalizer, size):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.train_from_iterator(corpus(), trainers.BpeTrainer(
        vocab_size=size, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    return tokenizer


def gpt2_style():
    tokenizer = train(pre_tokenizers.ByteLevel(add_prefix_space=False), None, 2400)
    # GPT-2's own end token is normalised and special; the others try every flag.
    tokenizer.add_special_tokens([
        AddedToken("<|endoftext|>", normalized=True, special=True),
        AddedToken("<mask>", lstrip=True, normalized=False, special=True),
        AddedToken("<end>", rstrip=True, normalized=False, special=True),
        AddedToken("<both>", lstrip=True, rstrip=True, normalized=False, special=True),
        AddedToken("<en", normalized=False, special=True),
    ])
    tokenizer.add_tokens([
        AddedToken("WORD", single_word=True, normalized=False),
        AddedToken("two words", normalized=True),
        AddedToken("é|", normalized=True),
    ])
    return tokenizer


def qwen2_style():
    pre = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(QWEN2), behavior="isolated", invert=False),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer = train(pre, normalizers.NFC(), 3000)
    tokenizer.add_special_tokens(["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>",
                                  "<|vision_pad|>"])
    tokenizer.add_tokens([AddedToken(t, normalized=False, special=False)
                          for t in ["<tool_call>", "</tool_call>", "<think>", "</think>", "<|fim_prefix|>"]])
    tokenizer.add_tokens([AddedToken("naïf", normalized=True), AddedToken("e\u0301toile", normalized=True)])
    return tokenizer


def smollm2(path):
    import gguf
    fields = gguf.GGUFReader(path).fields
    value = lambda key: fields["tokenizer.ggml." + key].contents()
    tokens, merges, types = value("tokens"), value("merges"), value("token_type")
    tokenizer = Tokenizer(models.BPE(vocab={t: i for i, t in enumerate(tokens)},
                                     merges=[tuple(m.split(" ")) for m in merges]))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(t, normalized=False, special=True)
                                  for t, kind in zip(tokens, types) if kind == 3])
    assert tokenizer.get_vocab_size() == len(tokens)
    return tokenizer


def strings():
    random.seed(20260410)
    specials = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<mask>", "<end>", "<both>", "<en", "WORD", "two words",
                "<tool_call>", "</think>", "<think>", "<|fim_prefix|>", "naïf", "nai\u0308f", "étoile", "e\u0301toile",
                "é|", "e\u0301|",
                "<|im_", "end|>", "<|", "|>", "<|vision_pad|>", "<jupyter_start>", "<repo_name>"]
    spaces = [" ", "  ", "   ", "\t", "\n", "\r\n", "\r", "\n\n", " \n", "\n ", "\u00a0", "\u2003", "\u3000", "\u2028",
              "\u0085",
              "\x0b", "\x0c", "\x1c", "\u200b", "\ufeff", "\u180e", " \t \n \t"]
    marks = ["\u0301", "\u0308", "\u0327", "\u0323", "\u20dd", "\u200d", "\u200c", "\ufe0f", "\u0338", "\u3099",
             "\u0345", "\u1ab0"]
    digits = ["0", "7", "42", "2026", "3.14", "1,000", "٣", "५", "²", "½", "Ⅳ", "①", "〇", "𝟘", "九"]
    letters = ["a", "Z", "é", "ß", "ſ", "ﬁ", "İ", "ı", "Å", "Å", "Ω", "Ω", "я", "Ж", "漢", "字", "か", "ガ", "한", "ᄒ", "ᅡ",
               "ᆫ", "ا", "ה", "ก", "ह",
               "ǆ", "ʰ", "ª", "𝒜", "𐐷", "ꙮ", "ᏸ", "the", "Hello", "world", "don", "I", "answer", "Score", "import",
               "self", "return"]
    signs = ["'", "’", "'s", "'S", "'ſ", "'T", "'re", "'RE", "'vE", "'ll", "'LL", "'lL", "'m", "'D", "'x", "!", "?",
             ".", "...", ",", "-", "--", "_",
             "__", "(", ")", "[]", "{}", "<", ">", "/", "\\", "@", "#", "$", "€", "%", "^", "&", "*", "+", "=", "~",
             "`", "\"", ":", ";", "|",
             "。", "、", "«", "»", "→", "∑", "√", "😀", "👍🏽", "👩‍👩‍👧", "🇩🇪", "🏳️‍🌈", "©", "™", "\u00ad"]
    controls = [chr(c) for c in (0, 1, 7, 8, 0x1b, 0x1f, 0x7f, 0x80, 0x9f, 0xfffe, 0xffff, 0xe000, 0x10ffff, 0xfffd)]
    groups = [letters, letters, letters, spaces, spaces, digits, signs, signs, marks, specials, controls]
    weights = [6, 6, 6, 6, 3, 4, 5, 4, 2, 1, 0.6]

    fixed = ["", " ", "  ", "\n", "\r\n", "a", "'", "''s", "I'm you're he'll 'tis", "HE'S IT'LL", "a\u0301", "\u0301",
             "\u0301a", "e\u0301", "é",
             " 's", "\t's", "\u0085's", "x 1 2  3", "12 345", "a  b", "a   ", " a  ", "\na", "\n\na", " \n a",
             "\n \n a", "!\n\n", "! \n", "..\r\n..",
             "\u0958", "\u0344", "\u2126", "\u212b", "가", "가", "각", "각", "각", "\U0001d15e", "\ufb1d", "\u1e9b\u0323",
             "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", "<|im_start|><|im_end|>", " <mask> <end> x",
             "a<mask>b", "  <both>  y",
             "WORD WORDS aWORD WORD.", "éWORD WORDé _WORD", "<end", "<en>", "<<end>", "<|endoftext|",
             "<|endoftext|><|endoftext|>"]
    # Every scalar that a composition or decomposition touches, both ways.
    touched = [c for c in map(chr, range(0x80, 0x30000)) if not 0xd800 <= ord(c) < 0xe000
               and (unicodedata.normalize("NFC", c) != c or unicodedata.normalize("NFD", c) != c)]
    hangul = random.sample([chr(c) for c in range(0xac00, 0xd7a4)], 200)
    touched = [c for c in touched if not 0xac00 <= ord(c) <= 0xd7a3] + hangul
    for start in range(0, len(touched), 40):
        chunk = touched[start:start + 40]
        fixed += ["x".join(chunk), "x".join(unicodedata.normalize("NFD", c) for c in chunk),
                  "".join(unicodedata.normalize("NFD", c) for c in chunk)]
    # Marks that Unicode 9, which the normaliser of `tokenizers` knows, did not have yet: they stay where they are.
    later = "\u07fd\u08d3\u1ac0\u1df8\ua82c\U0001e136\U00011d44\U00010d24\u1dfb\u0315"
    fixed += ["a" + mark + "\u0327" for mark in later]
    fixed += ["k\u0326\u0f73", "\u0f40\u0f72\u0f75", "\u0314\u0f81x", "\U00010437\u0308"]
    fixed += [" " * 700, "7" * 700, "z" * 700, "\n" * 700, "\u0301" * 300, "é" * 300, "漢" * 300, "😀" * 100, "!" * 700,
              " a" * 300, "<" * 300,
              "'" * 300, "'s" * 200, "\r\n" * 300, "<|im_end|>" * 40, "ab" * 400, ("q" * 60 + " ") * 10, "the" * 200]
    seen = list(dict.fromkeys(fixed))
    known = set(seen)
    while len(seen) < 10_000:
        length = random.choice([1, 2, 3, 4, 6, 8, 12, 20])
        if random.random() < 0.06:  # any scalars at all
            text = "".join(chr(random.choice([random.randrange(0x20, 0x3000), random.randrange(0x3000, 0xd800),
                                              random.randrange(0xe000, 0x1ffff)])) for _ in range(length))
        else:
            text = "".join(random.choice(random.choices(groups, weights)[0]) for _ in range(length))
        if text not in known:
            known.add(text)
            seen.append(text)
    return seen


def digest(ids):
    value = 0xcbf29ce484222325
    for token in ids:
        for byte in struct.pack("<i", token):
            value = ((value ^ byte) * 0x100000001b3) & (1 << 64) - 1
    return struct.pack("<HI", len(ids), (value ^ value >> 32) & 0xffffffff)


def encodings(tokenizer, texts):
    blob = b""
    for recognise in (False, True):
        tokenizer.encode_special_tokens = not recognise
        blob += b"".join(digest(e.ids) for e in tokenizer.encode_batch(texts, add_special_tokens=False))
    return blob


def decoded(tokenizer, count):
    random.seed(7)
    size = tokenizer.get_vocab_size()
    rows = []
    for _ in range(count):
        ids = [random.randrange(size) for _ in range(random.choice([1, 2, 3, 5, 9]))]
        rows.append({"ids": ids, "text": tokenizer.decode(ids, skip_special_tokens=False)})
    return rows


def scalar_kinds():
    """Ranges of scalars that each class of the patterns matches, by the regex engine inside `tokenizers`."""
    scalars = [c for c in range(0x110000) if not 0xd800 <= c < 0xe000]
    result = {}
    for name, splitter in [("letter", pre_tokenizers.Split(Regex(r"\p{L}"), "removed")),
                           ("number", pre_tokenizers.Split(Regex(r"\p{N}"), "removed")),
                           ("space", pre_tokenizers.Split(Regex(r"\s"), "removed")),
                           ("digit", pre_tokenizers.Digits(individual_digits=True))]:
        found = []
        for start in range(0, len(scalars), 4096):
            chunk = scalars[start:start + 4096]
            text = "".join(map(chr, chunk))
            if name == "digit":
                found += [ord(piece) for piece, (a, b) in splitter.pre_tokenize_str(text) if b - a == 1 and
                          unicodedata.category(piece)[0] not in "C"
                          and len(splitter.pre_tokenize_str(piece + "aa")) == 2]
            else:
                kept = set()
                for _, (a, b) in splitter.pre_tokenize_str(text):
                    kept.update(range(a, b))
                found += [chunk[i] for i in range(len(chunk)) if i not in kept]
        ranges = []
        for c in found:
            if ranges and ranges[-1][1] == c - 1:
                ranges[-1][1] = c
            else:
                ranges.append([c, c])
        result[name] = ranges
    return result


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    def write(name, value):
        (OUT / name).write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")

    texts = strings()
    write("strings.json", texts)
    tokenizers = {"gpt2-style": gpt2_style(), "qwen2-style": qwen2_style()}
    for name, tokenizer in tokenizers.items():
        tokenizer.save(str(OUT / f"{name}.json"), pretty=False)
    for path in sys.argv[1:] or glob.glob("models/smollm2/*.gguf") or glob.glob("/work/models/smollm2/*.gguf"):
        tokenizers["smollm2"] = smollm2(path)
    for name, tokenizer in tokenizers.items():
        (OUT / f"{name}.ids").write_bytes(encodings(tokenizer, texts))
    write("decoded.json", {name: decoded(tokenizer, 300) for name, tokenizer in tokenizers.items()})

    # Variants of one vocabulary, on a tenth of the strings.
    variants = {}
    base = json.loads((OUT / "gpt2-style.json").read_text())
    few = texts[::10]
    for name, change in [("add_prefix_space", lambda j: j["pre_tokenizer"].update(add_prefix_space=True)),
                         ("ignore_merges", lambda j: j["model"].update(ignore_merges=True))]:
        changed = json.loads(json.dumps(base))
        change(changed)
        (OUT / f"gpt2-style.{name}.ids").write_bytes(encodings(Tokenizer.from_str(json.dumps(changed)), few))
    write("scalar-kinds.json", scalar_kinds())


if __name__ == "__main__":
    main()
