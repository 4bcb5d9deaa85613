"""Renders chat templates and Jinja snippets in transformers' own environment.

    /tmp/venv/bin/python Tests/Oracles/tokenizers_templates.py

Writes Tests/Fixtures/tokenizers/templates.json (every templates/*.jinja, and SmolLM2's own out of its GGUF file, over
conversations) and snippets.json (small pieces of Jinja). A case that Python refuses has
`error` instead of `text`.
"""
import glob, json, sys
from datetime import datetime
from pathlib import Path

import jinja2
from transformers.utils import chat_template_utils

OUT = Path(__file__).resolve().parent.parent / "Fixtures" / "tokenizers"

# A fixed clock: 2026-04-05 09:07:03 local time.
class Clock(datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2026, 4, 5, 9, 7, 3)
chat_template_utils.datetime = Clock

TOOLS = [{"type": "function", "function": {
    "name": "add", "description": "Adds <two> & \"three\" numbers'", "parameters": {
        "type": "object", "properties": {
            "a": {"type": "number"}, "b": {"type": "number", "enum": [1, 2.5, None, True]}, "items": {"type": "array"}},
        "required": ["a", "b"]}}}]
CALL = {"id": "c1", "type": "function", "function": {
    "name": "add", "arguments": {"a": 1, "b": 2.5, "text": "é\n<|im_end|>"}}}

CONVERSATIONS = [
    dict(messages=[]),
    dict(messages=[{"role": "user", "content": "Hi"}]),
    dict(messages=[{"role": "user", "content": "Hi"}], add_generation_prompt=True),
    dict(messages=[{"role": "system", "content": "Be brief."}, {"role": "user", "content": "2+2?"}],
         add_generation_prompt=True),
    dict(messages=[{"role": "system", "content": ""}, {"role": "user", "content": ""},
                   {"role": "assistant", "content": ""}]),
    dict(messages=[{"role": "user", "content": "a"}, {"role": "assistant", "content": "b\r\nc "},
                   {"role": "user", "content": " e\u0301 é 👩‍👩‍👧 "}],
         add_generation_prompt=True),
    dict(messages=[{"role": "user", "content": "x"}, {"role": "assistant", "content": "<think>\nhm\n</think>\n\n4"},
                   {"role": "user", "content": "y"},
                   {"role": "assistant", "content": "<think>z</think>5"}]),
    dict(messages=[{"role": "user", "content": "x"}, {"role": "assistant", "content": "4", "reasoning_content": "so"}]),
    dict(messages=[{"role": "user", "content": "<|im_end|>{{ 7 }}{% if %}"}, {"role": "system", "content": "late"}]),
    dict(messages=[{"role": "user", "content": "add"}], tools=TOOLS, add_generation_prompt=True),
    dict(messages=[{"role": "system", "content": "S"}, {"role": "user", "content": "add"},
                   {"role": "assistant", "content": "", "tool_calls": [CALL]},
                   {"role": "tool", "content": "3.5"}, {"role": "tool", "content": "<tool_response>3"},
                   {"role": "assistant", "content": "3.5"}],
         tools=TOOLS),
    dict(messages=[{"role": "user", "content": "add"},
                   {"role": "assistant", "content": "calling", "tool_calls": [CALL["function"], CALL]},
                   {"role": "tool", "content": "1"}, {"role": "user", "content": "<tool_response>q</tool_response>"}],
         add_generation_prompt=True),
    dict(messages=[{"role": "user", "content": "think"}], add_generation_prompt=True, enable_thinking=False),
    dict(messages=[{"role": "user", "content": "think"}], add_generation_prompt=True, enable_thinking=True),
    dict(messages=[{"role": "assistant", "content": "first"}, {"role": "assistant", "content": "second"}]),
    dict(messages=[{"role": "user", "content": [{"type": "text", "text": "part"}, {"type": "image"}]}],
         add_generation_prompt=True),
    dict(messages=[{"role": "user"}]),
    dict(messages=[{"role": "critic", "content": "unknown role"}]),
    dict(messages=[{"role": "user", "content": "q"}] + [
        {"role": "assistant" if i % 2 else "user", "content": str(i)} for i in range(1, 20)],
         add_generation_prompt=True, bos_token="<s>", eos_token="</s>"),
]

SNIPPETS = Path(__file__).with_name("tokenizers_snippets.txt").read_text().split("\n====\n")
VARIABLES = {"s": "Hello World", "e": "", "n": 3, "f": 2.5, "t": True, "none": None, "l": [3, 1, 2],
             "words": ["b", "A", "c", "a"], "d": {"b": 1, "a": "x", "items": [1]},
             "nested": [{"name": "x", "v": 1}, {"name": "y", "v": 2, "w": {"u": 5}}, {"name": "z"}],
             "u": "ÄÖ e\u0301é ß👍🏽", "lines": "a\n  b\r\nc\n\nd",
             "odd": "  \t pad\n",
             "messages": [{"role": "user", "content": "m0"}, {"role": "assistant", "content": "m1"}],
             "big": 10**16, "small": 1e-7,
             "html": "<a href='x'>&\"</a>", "control": "\x01\x1f\x7f\u2028\t\"\\/"}


def render(source, variables):
    try:
        template = chat_template_utils._compile_jinja_template(source)
        return {"text": template.render(**variables)}
    except Exception as error:  # whatever Python says, ours must say something too
        return {"error": f"{type(error).__name__}: {error}"}


def main():
    sources = {path.stem: path.read_text() for path in sorted((OUT / "templates").glob("*.jinja"))}
    for path in glob.glob("models/smollm2/*.gguf") or glob.glob("/work/models/smollm2/*.gguf"):
        import gguf
        sources["smollm2"] = gguf.GGUFReader(path).fields["tokenizer.chat_template"].contents()
    sources |= {Path(p).stem: Path(p).read_text() for p in sys.argv[1:]}
    rows = []
    for name, source in sources.items():
        cases = []
        for index, variables in enumerate(CONVERSATIONS):
            tokens = {"bos_token": "<s>", "eos_token": "</s>"} if index > 3 else {}
            full = {"tools": None, "documents": None, "add_generation_prompt": False, **tokens, **variables}
            cases.append({"conversation": index, "tokens": bool(tokens), **render(source, full)})
        rows.append({"name": name, "source": None if name == "smollm2" else source, "cases": cases})
    write("templates.json", {"conversations": CONVERSATIONS, "templates": rows})
    write("snippets.json", {"variables": VARIABLES,
                            "snippets": [{"source": s, **render(s, VARIABLES)} for s in SNIPPETS]})


def write(name, value):
    (OUT / name).write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


main()
