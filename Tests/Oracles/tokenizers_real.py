"""Compares ids and decoded texts of 10,000 strings in vocabularies of published models with `tokenizers`.

    python Tests/Oracles/tokenizers_real.py make FOLDER VOCABULARY…
    GENAC_VOCABULARIES=FOLDER swift test -c release --skip-build --filter RealVocabularyTests
    python Tests/Oracles/tokenizers_real.py check FOLDER

A vocabulary is a tokenizer.json, or a GGUF file of a byte-level model, such as llama.cpp's models/ggml-vocab-*.gguf,
which the source distribution of llama-cpp-python has. Nothing of them is committed. From a GGUF file the peer is made
of tokens and merges with the published parts that tokenizers_pipelines.py has under the file's tokenizer.ggml.pre.
`check` reads the tokenizer.json files that our writer made, and prints the differences of those.
"""
import json, os, random, shutil, sys, sysconfig
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, models

from tokenizers_pipelines import published, tokenizer as parts_of
from tokenizers_vocabularies import digest, strings

SAME = {"refact": "smollm", "starcoder": "smollm", "command-r": "smollm", "mpt": "gpt-2", "olmo": "gpt-2"}
SCRIPTS = ("The quick brown fox; naïve café, größer Straße. Привет, как дела? Ελληνικά γλώσσα. 中文測試，數學問題。日本語のテスト、"
           "カタカナ。한국어 시험입니다. "
           "עברית שלום العربية مرحبا हिन्दी में परीक्षण ภาษาไทย ทดสอบ বাংলা தமிழ் ქართული አማርኛ ខ្មែរ မြန်မာ").split(" ")


def all_strings(specials):
    random.seed(20261130)
    library = Path(sysconfig.get_paths()["stdlib"])
    paths = sorted(library.glob("*.py"))[:60]
    lines = [line for path in paths for line in path.read_text(errors="ignore").split("\n")]
    result = list(dict.fromkeys(strings()[::3] + [line for line in random.sample(lines, 2000) if line]))
    pools = [
        SCRIPTS, specials + [s[:-1] for s in specials] + [s.upper() for s in specials],
        [" ", "  ", "\n", "\n\n", "\t", "\r\n", " \n ", "\u00a0", "\u3000", "\u200b", "       "],
        ["0", "12", "345", "6789", "1,234.5", "٣٤", "Ⅷ", "½", "1234567890123"],
        ["'s", "'S", "'Re", "'LL", "'ſ", "’s", "n't", "'"],
        ["!!", "?!", "...", "--", "/*", "*/", "://", "=>", "{}", "[];"],
        ["😀", "👩‍👩‍👧", "🇩🇪", "👍🏽", "e\u0301", "a\u0308\u0323", "\u0301", "\u200d", "\ufe0f"],
        ["\x00", "\x1b", "\x7f", "\ufffd"],
        ["camelCase", "HTTPServer", "snake_case", "XMLHttpRequest", "Iſt", "ǅ", "ʕ", "ﬁn", "İstanbul", "ΑΒΓαβγ"]]
    while len(result) < 10_000:
        result.append("".join(random.choice(random.choice(pools)) for _ in range(random.choice([2, 3, 5, 8, 13, 30]))))
    longs = ["".join(random.choice("abcdefgh") for _ in range(3000)), " " * 3000, "7" * 3000, "\n" * 3000, "ab " * 1000]
    return [text for text in result[:10_000 - len(longs)] + longs]


def from_gguf(path):
    import gguf
    fields = gguf.GGUFReader(path).fields
    value = lambda key: fields["tokenizer.ggml." + key].contents()
    tokens, merges, types, pre = value("tokens"), value("merges"), value("token_type"), value("pre")
    parts = parts_of(published()[SAME.get(pre, pre)])
    peer = Tokenizer(models.BPE(
        vocab={t: i for i, t in enumerate(tokens)}, merges=[tuple(m.split(" ")) for m in merges],
        ignore_merges=pre in ("llama-bpe", "tekken", "glm4")))
    peer.pre_tokenizer, peer.decoder = parts.pre_tokenizer, parts.decoder
    if parts.normalizer:
        peer.normalizer = parts.normalizer
    for kind, add in ((4, peer.add_tokens), (3, peer.add_special_tokens)):
        add([AddedToken(t, normalized=False, special=kind == 3) for t, k in zip(tokens, types) if k == kind])
    assert peer.get_vocab_size() == len(tokens)
    return peer


def decode(peer, ids, odd={}):
    """The text of ids. `tokenizers` takes an added token such as DeepSeek's ö for a spelling of one byte, so that its
    text is lost; we keep it. The ids between such tokens are decoded by themselves."""
    if id(peer) not in odd:
        odd[id(peer)] = {i: t.content for i, t in peer.get_added_tokens_decoder().items()
                         if not t.content.isascii() and all(ord(c) < 0x144 for c in t.content)}
    text, part = "", []
    for token in [*ids, None]:
        if token is None or token in odd[id(peer)]:
            text += peer.decode(part, skip_special_tokens=False) + odd[id(peer)].get(token, "")
            part = []
        else:
            part.append(token)
    return text


def rows(peer, texts):
    blob = []
    plain, recognised = [], []
    for recognise, ids in ((False, plain), (True, recognised)):
        peer.encode_special_tokens = not recognise
        ids += [e.ids for e in peer.encode_batch(texts, add_special_tokens=False)]
    for a, b in zip(plain, recognised):
        blob.append(digest(a) + digest(b) + digest(list(decode(peer, a).encode())))
    return blob


def make(folder, paths):
    folder.mkdir(parents=True, exist_ok=True)
    texts = all_strings(["<|endoftext|>", "<|im_start|>", "<|begin_of_text|>", "<|eot_id|>", "<think>", "<s>", "</s>",
                         "<｜begin▁of▁sentence｜>", "<fim_prefix>", "<BOS_TOKEN>", "<|tool_call|>"])
    (folder / "strings.json").write_text(json.dumps(texts))
    for path in map(Path, paths):
        name = path.stem.replace("ggml-vocab-", "")
        peer = from_gguf(str(path)) if path.suffix == ".gguf" else Tokenizer.from_file(str(path))
        (folder / f"{name}.ids").write_bytes(b"".join(rows(peer, texts)))
        shutil.copy(path, folder / f"{name}{path.suffix}")


def check(folder):
    texts = json.loads((folder / "strings.json").read_text())
    for path in sorted(folder.glob("*.written.json")):
        name = path.name[:-len(".written.json")]
        expected = (folder / f"{name}.ids").read_bytes()
        found = rows(Tokenizer.from_file(str(path)), texts)
        differences = sum(row != expected[18 * i:18 * i + 18] for i, row in enumerate(found))
        print(f"{name}: written again, {differences} differences")


if __name__ == "__main__":
    {"make": make, "check": lambda folder, _: check(folder)}[sys.argv[1]](Path(sys.argv[2]), sys.argv[3:])
