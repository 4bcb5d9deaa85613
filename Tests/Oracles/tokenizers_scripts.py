"""Prints Sources/Tokenizers/Scalars/ScalarScripts.swift: the scripts that patterns name, by the engine of `tokenizers`.

    /tmp/venv/bin/python Tests/Oracles/tokenizers_scripts.py > Sources/Tokenizers/Scalars/ScalarScripts.swift

and writes Tests/Fixtures/tokenizers/properties.json: by pattern of one scalar a digest of what matches.
"""
import json, sys

from tokenizers import Regex, pre_tokenizers

from tokenizers_vocabularies import OUT, digest

SCRIPTS = ("Han Hiragana Katakana Hangul Bopomofo Latin Greek Cyrillic Armenian Hebrew Arabic Devanagari Bengali Tamil "
           "Telugu Thai Lao Khmer Myanmar Tibetan Georgian Ethiopic Mongolian").split()
PROPERTIES = ("L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp C Cc Cf Cn Co "
              "Letter Uppercase_Letter Punct Alphabetic Alpha Lowercase Uppercase White_Space").split() + SCRIPTS
CLASSES = [
    r"\w", r"\W", r"\d", r"\s", r"\h", r"[\w]", r"[\W]", r"[^\w]", r"[[:alpha:]]", r"[[:punct:]]", r"[[:digit:]]",
    r"[[:space:]]", r"[[:upper:]]", r"[[:lower:]]", r"[[:alnum:]]", r"[[:^alpha:]]", r".", r"\N",
    r"[\p{L}&&[^\p{Lu}]]", r"[^\s\p{L}\p{N}]", r"(?i:[a-z])", r"(?i:[^a-k])", r"\P{L}", r"\p{^L}",
    r"[^\p{^L}]"]


def members(pattern, scalars):
    splitter = pre_tokenizers.Split(Regex(pattern), "removed")
    found = []
    for start in range(0, len(scalars), 4096):
        chunk = scalars[start:start + 4096]
        kept = set()
        for _, (a, b) in splitter.pre_tokenize_str("".join(map(chr, chunk))):
            kept.update(range(a, b))
        found += [chunk[i] for i in range(len(chunk)) if i not in kept]
    return found


def ranges(scalars):
    result = []
    for c in scalars:
        if result and result[-1][1] == c - 1:
            result[-1][1] = c
        else:
            result.append([c, c])
    return result


def main():
    everything = [c for c in range(0x110000) if not 0xd800 <= c < 0xe000]
    print("/// Which scalars belong to a script, by the tables of the Oniguruma inside `tokenizers` (Unicode 16):")
    print("/// printed by `Tests/Oracles/tokenizers_scripts.py`.")
    print("enum ScalarScripts {\n    static let ranges: [String: [ClosedRange<UInt32>]] = [")
    for name in SCRIPTS:
        line = f'        "{name.lower()}": ['
        for low, high in ranges(members(r"\p{%s}" % name, everything)):
            item = f"0x{low:X}...0x{high:X}, "
            if len(line) + len(item) > 119:
                print(line.rstrip())
                line = " " * 12
            line += item
        print(line.rstrip(", ") + "],")
    print("    ]\n}")
    # A part of Unicode that has everything but most ideographs and Hangul: the tests look at each scalar of it.
    some = [c for c in everything if c < 0x20000 and not 0x3500 <= c < 0xa000 and not 0xac00 <= c < 0xd7a4]
    patterns = [r"\p{%s}" % name for name in PROPERTIES] + CLASSES
    digests = {
        pattern: digest([edge for pair in ranges(members(pattern, some)) for edge in pair]).hex()
        for pattern in patterns}
    (OUT / "properties.json").write_text(json.dumps(digests, indent=0) + "\n")


if __name__ == "__main__":
    main()
