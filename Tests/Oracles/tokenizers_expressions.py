"""Cuts texts at regular expressions with the engine inside `tokenizers` (Oniguruma, Ruby's syntax).

    /tmp/venv/bin/python Tests/Oracles/tokenizers_expressions.py

Writes Tests/Fixtures/tokenizers/expressions.json: rows of a pattern, a text, and the pieces; or of a pattern alone that
Oniguruma itself refuses. 400 rows are of random patterns on random texts.
"""
import json, random

from tokenizers import Regex, pre_tokenizers

from tokenizers_vocabularies import OUT

WRITTEN = [
    (r"a$", ["a\na", "a\n", "ba"]), (r"^a", ["ba\na", "a\n"]), (r"^", ["a\n\nb\n"]), (r"$", ["a\n\nb\n", ""]),
    (r"\s+$", ["a  \nb  ", "a \n\n", " \n "]), (r"a{2}+", ["aaaaab"]), (r"a{1,2}+", ["aaaab"]), (r"a{,2}", ["aaab"]),
    (r"a{2,}", ["aaaa a aa"]), (r"a{2,3}?", ["aaaaaa"]), (r"a{", ["a{"]), (r"a{,}", ["a{,}"]), (r"\h+", ["gazF09"]),
    (r".+", ["ab\ncd\r\ne"]), (r"(?m:.+)", ["ab\ncd"]), (r"(?m).", ["a\nb"]), (r"\R", ["a\r\nb\nc\u2028\u0085\x0b"]),
    (r"[\p{L}&&[a-c]]", ["abcdé"]), (r"[[:punct:]]+", ["a$+!b"]), (r"\p{Punct}+", ["a$+!b"]), (r"[a-c&&[^b]]", ["abc"]),
    (r"[^a-c&&b-d]", ["abcd"]), (r"(?<=a|bc)x", ["ax bcx cx"]), (r"(?<!\S)a", ["a ba\na"]), (r"(?<=\s)\S+",
    ["a bc  d"]),
    (r"(?<!a)b", ["ab bb b"]), (r"(?<=^)a", ["a\na ba"]), (r"x*", ["aaa", "axxb"]), (r"(?=a)", ["baab"]), (r"\b",
    ["ab cd"]),
    (r"\B", ["ab cd"]), (r"\d+", ["a12٣²"]), (r"\w+", ["aé_1²़् ⁀"]), (r"\s+", ["a\x0b\x85\u2028\u180eb"]),
    (r"(?i)k", ["K\u212ak"]), (r"[^a]", ["a\nb"]), (r"\p{^L}+", ["a12b"]), (r"\P{L}+", ["a12b"]), (r"\u00e9", ["éa"]),
    (r"\x{1F600}", ["a😀"]), (r"\x41", ["AB"]), (r"(?>a+)b", ["aaab"]), (r"(?>a+)ab", ["aaab"]), (r"a++a", ["aaa"]),
    (r"a*+b", ["aab"]), (r"a?+a", ["aa"]), (r"[a-]+", ["a-b"]), (r"(?#x)a", ["aa"]), (r"\Z", ["a\n", "a"]), (r"\z",
    ["a\n"]),
    (r"\Aa", ["aa"]), (r"\e", ["\x1b"]), (r"(?<n>a)b", ["abab"]), (r"\p{Han}+", ["漢字a々〇"]),
    (r"\p{L}{2,}?", ["abcd"]), (r"(?i:[^s])", ["sSſx"]), (r"[^\W\d]+", ["a1_é"]), (r"(?-i:a)A", ["aA"]),
    (r"(?i)a(?-i)b", ["AbAB"]), (r"a|b(?i)c|d", ["D C bC bd"]), (r"\N+", ["a\n\nb"]), (r"\O+", ["a\n"]), (r"[\b]",
    ["\x08"]),
    (r"\/\-\'", ["/-'"]), (r"\é", ["é"]), (r"a+?", ["aaa"]), (r"a??b", ["aab"]), (r"", ["ab"]), (r"a|", ["ab"]),
    (r"(?:a|ab)(?:c|bcd)", ["abcd"]), (r"(a?){3}", ["aaaa"]), (r"(?:ab)+?c", ["ababc"]), (r"(?!b)\w", ["abc"]),
    (r"\d{1,3}(?=(?:\d{3})*\b)", ["1234567 12 1", "12345a", "123456789012"]), (r"(?=(\d{3})+(?!\d))", ["1234567",
    "123456"]),
    (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|\w+", ["it's IT'S we'RE I'ſ"]), (r"[\r\n]", ["a\r\nb"]), (r"[一-龥]+", ["漢字kana"]),
    (r"[!-/:-~]+", ["a+b;c~"]), (r" ?[^(\s|.,!?…。，、।۔،)]+", ["Hi, (you) there. a|b"]), (r"\p{N}{1}", ["123"]),
    (r"[^\S\n]+", ["a \n\t b"]), (r"(?:[^\r\n\p{L}]?\p{L}+)+", ["a b-c d"]), (r"\t\r\n\f\v\a", ["\t\r\n\f\v\a"]),
    (r"[\d\-x]+", ["1-x"]), (r"[\p{L}\p{M}]+", ["ne\u0301e"]), (r"[^\p{L}\p{N}]+", ["a1 -b"]), (r"[[a-c][x-z]]+",
    ["abxyd"]),
    (r"[[:^alpha:]]+", ["a12b"]), (r"(?:(?:a+)b?)+c", ["aababc"]), (r"(?<![a-z])[a-z]{2}", ["abcd ef"]),
    (r"(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+", ["a b c", "e\u0301 a1"]), (r"IMGIMG(A|B){1,4}Z", ["IMGIMGABZ IMGIMGABABAZ"]),
    (r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+",
     ["I'll say: it's 12!!\n\n  ok", "a\n \n b'S"]), (r"\s{4}(?!\S)|\s{1,2}(?!\S)|\s{1}", ["a       b  c   "]),
]
REFUSED = ["(", ")", "*", "[b-a]", "[\\d-x]", "[a-\\d]", "\\p{Foo}", "(?s:a)", "\\p{L", "[", "a\\", "(?<=a+)", "(?=a"]


def cut(pattern, text):
    return [piece for piece, _ in pre_tokenizers.Split(Regex(pattern), "isolated").pre_tokenize_str(text)]


def random_pattern(depth):
    kind = random.random()
    if depth == 0 or kind < 0.35:
        return random.choice(["a", "b", "ab", r"\s", r"\S", r"\p{L}", r"\d", "[ab]", "[^a]", r"[\s\d]", ".", " ",
        r"\w", "1",
                              r"\b", "^", "$", r"(?!a)", r"(?=b)", r"(?<=a)", r"(?<!\s)", r"[^\s\p{L}]", "\\n"])
    if kind < 0.6:
        return random_pattern(depth - 1) + random_pattern(depth - 1)
    if kind < 0.75:
        return "(?:" + random_pattern(depth - 1) + "|" + random_pattern(depth - 1) + ")"
    if kind < 0.8:
        return random.choice(["(?=", "(?!", "(?>", "(?i:"]) + random_pattern(depth - 1) + ")"
    return "(?:" + random_pattern(depth - 1) + ")" + random.choice(
        ["*", "+", "?", "*?", "+?", "??", "*+", "++", "?+", "{2}", "{1,2}", "{2,}", "{,2}", "{1,3}?"])


def main():
    random.seed(20261130)
    rows = [[pattern, text, cut(pattern, text)] for pattern, texts in WRITTEN for text in texts if text]
    for pattern in REFUSED:
        try:
            cut(pattern, "a")
        except Exception:
            rows.append([pattern])
    while len(rows) < 600:
        pattern = random_pattern(random.choice([2, 3, 4]))
        text = "".join(random.choice("aabb 1\né") for _ in range(random.choice([3, 6, 12])))
        try:
            rows.append([pattern, text, cut(pattern, text)])
        except Exception:
            pass
    (OUT / "expressions.json").write_text(json.dumps(rows, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(len(rows), "rows")


if __name__ == "__main__":
    main()
