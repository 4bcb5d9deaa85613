"""Renders every chat template of a folder with transformers over 200 conversations, for PublicTemplatesTests.

    python Tests/Oracles/chat_templates.py FOLDER OUT [SEED]
    GENAC_TEMPLATES=OUT swift test -c release --filter PublicTemplatesTests

FOLDER holds *.jinja (public ones, which are not ours to commit; Tests/Fixtures/tokenizers/templates are). OUT gets
conversations.json, the variables of each rendering as transformers passes them on, and NAME.json for each template:
`texts` holds, for each conversation, what transformers gives, or `{"raised": MESSAGE}` for the template's own refusal,
or `{"error": WORDS}`. Needs transformers 5.24 (jinja2 3.1.6).
"""
import json, random, sys
from datetime import datetime
from pathlib import Path

import jinja2
from transformers.utils import chat_template_utils as utils


class Clock(datetime):
    """Stands at 2026-04-05 09:07:03 local time."""
    @classmethod
    def now(cls, tz=None):
        return cls(2026, 4, 5, 9, 7, 3)


utils.datetime = Clock

WORDS = ["Hi", "2 + 2 = ?", "", " ", "\n", "a\r\nb", "trailing  \n", "\n\n  leading", "é e\u0301 👩‍👩‍👧 ẞ",
         "<b>&\"'</b>",
         "{{ 7 * 7 }}{% if x %}", "<|im_end|>", "[INST] x [/INST]", "</s>", "日本語。", "a\tb\\n", "x" * 40, "/no_think",
         "Ünïcode\u00a0space\u2028line", "1e10", "None", "<tool_call>{}</tool_call>", "/think please",
         "line one\nline two\n\n"]
THOUGHTS = ["", "hm", "so\n\n2 + 2\n", "  spaced  ", "a < b\n</think>"]
TOKENS = [("<s>", "</s>"), ("<|begin_of_text|>", "<|eot_id|>"), ("<bos>", "<eos>"), ("", "<|im_end|>"), (None, "</s>")]


def tool(name, more=()):
    described = f"Does <{name}> & \"more\"\nin two lines"
    return {"type": "function", "function": {"name": name, "description": described, "parameters": {
        "type": "object", "properties": {
            "a": {"type": "number", "description": "first"}, "b": {"type": "string", "enum": ["x", "y é"]},
            "c": {"type": ["integer", "null"], "default": None}, "d": {"type": "array", "items": {"type": "string"}},
            "e": {"type": "object", "properties": {"f": {"type": "boolean", "default": True}}, "required": ["f"]}},
        "required": ["a", *more]}, "return": {"type": "string", "description": "the answer"}}}


TOOLS = [tool("add"), tool("get_weather", ["b"]), {"type": "function", "function": {
    "name": "ping", "description": "No arguments.", "parameters": {"type": "object", "properties": {}}}}]


def text(draw):
    return " ".join(draw.choice(WORDS) for _ in range(draw.choice([1, 1, 1, 2, 3])))


def parts(draw):
    made = [{"type": "text", "text": text(draw)} for _ in range(draw.randint(1, 3))]
    if draw.random() < 0.2:
        made.insert(draw.randint(0, 1), {"type": draw.choice(["image", "video", "audio", "image_url"])})
    return made


def content(draw):
    return parts(draw) if draw.random() < 0.03 else text(draw)


def call(draw, number):
    arguments = draw.choice([{}, {"a": 1}, {"a": 2.5, "b": "y é"}, {"d": ["p", "q"], "e": {"f": True}, "c": None},
                             {"b": "two\nlines \"quoted\" <x>", "a": -1e-7}])
    if draw.random() < 0.15:
        arguments = json.dumps(arguments)
    function = {"name": draw.choice(["add", "get_weather", "ping"]), "arguments": arguments}
    made = {"type": "function", "function": function}
    if draw.random() < 0.8:
        made["id"] = draw.choice([f"call{number:05d}", f"abcdefgh{number % 10}"])
    return made if draw.random() < 0.93 else function


def assistant(draw, calls):
    message = {"role": "assistant", "content": content(draw)}
    if draw.random() < 0.25:
        thought = draw.choice(THOUGHTS)
        if draw.random() < 0.5:
            message["content"] = f"<think>{thought}</think>{draw.choice(['', chr(10) * 2])}{text(draw)}"
        else:
            message[draw.choice(["reasoning_content", "reasoning", "thinking"])] = thought
    if calls:
        message["tool_calls"] = [call(draw, draw.randint(0, 99999)) for _ in range(draw.choice([1, 1, 2]))]
        if draw.random() < 0.5:
            message["content"] = draw.choice(["", None])
    return message


def answers(draw, message):
    """A tool's answer to each call."""
    for made in message["tool_calls"]:
        answer = {"role": draw.choice(["tool", "tool", "tool", "ipython"]), "content": draw.choice(
            [text(draw), '{"result": 3.5}', "sunny"])}
        if draw.random() < 0.7:
            answer["tool_call_id"] = made.get("id", "call00000")
        if draw.random() < 0.6:
            answer["name"] = made.get("function", made)["name"]
        yield answer


def messages(draw):
    made = []
    if draw.random() < 0.45:
        made.append({"role": draw.choice(["system"] * 9 + ["developer"]), "content": content(draw)})
    uses_tools = draw.random() < 0.3
    for _ in range(draw.choice([1, 1, 1, 2, 2, 3, 5])):
        made.append({"role": "user", "content": content(draw)})
        calls = uses_tools and draw.random() < 0.6
        reply = assistant(draw, calls)
        made.append(reply)
        if calls:
            made += answers(draw, reply)
            if draw.random() < 0.7:
                made.append(assistant(draw, False))
    if draw.random() < 0.6 and made[-1]["role"] == "assistant":
        made.pop()
    if draw.random() < 0.05:
        made.append({"role": draw.choice(["user", "assistant", "critic"]), "content": text(draw)})
    if draw.random() < 0.08 and made:
        made[-1]["name"] = draw.choice(["Ann", "search"])
    return made


def conversation(draw):
    made = {"messages": messages(draw), "add_generation_prompt": draw.random() < 0.6}
    if draw.random() < 0.4:
        made["tools"] = draw.sample(TOOLS, draw.randint(1, 3))
    if draw.random() < 0.06:
        made["documents"] = [{"title": "T1", "text": text(draw)}, {"title": "é", "text": "two"}]
    for name, token in zip(["bos_token", "eos_token"], draw.choice(TOKENS)):
        if token is not None:
            made[name] = token
    if draw.random() < 0.35:
        made["enable_thinking"] = draw.random() < 0.5
    for name, values, chance in [
            ("thinking", [True, False], 0.1), ("reasoning_effort", ["low", "high"], 0.08),
            ("date_string", ["26 Jul 2024"], 0.1), ("custom_tools", [TOOLS[:1]], 0.03),
            ("tools_in_user_message", [False], 0.05), ("add_vision_id", [True], 0.03),
            ("xml_tools", [TOOLS[:2]], 0.02),
            ("builtin_tools", [["code_interpreter", "browser"]], 0.04), ("pad_token", ["<pad>"], 0.5),
            ("unk_token", ["<unk>"], 0.5), ("model_identity", ["You are X."], 0.03), ("date", ["2026-01-02"], 0.03),
            ("functions", [[TOOLS[0]["function"]], "f"], 0.1),
            ("additional_special_tokens", [["<a>", "<b>"] * 20], 0.1)]:
        if draw.random() < chance:
            made[name] = draw.choice(values)
    if draw.random() < 0.06 and made["messages"] and isinstance(made["messages"][-1].get("content"), str):
        made["messages"][-1]["content"] += "CONTINUE_FINAL_MESSAGE_TAG "
    return made


def as_transformers_passes_it(made):
    """What a template sees: no member is none, reasoning has its aliases, tools and documents are there."""
    chat = utils._alias_reasoning_fields(utils._plain_template_data(utils._normalize_chat_messages(made["messages"])))
    return {"tools": None, "documents": None, **made, "messages": chat}


def render(template, variables):
    try:
        return template.render(**json.loads(json.dumps(variables)))
    except jinja2.exceptions.TemplateError as error:
        if type(error) is jinja2.exceptions.TemplateError:
            return {"raised": str(error)}
        return {"error": f"{type(error).__name__}: {error}"}
    except Exception as error:  # whatever Python says, ours must say something too
        return {"error": f"{type(error).__name__}: {error}"}


class Broken:
    def __init__(self, error):
        self.error = error

    def render(self, **_):
        raise self.error


def compiled(source):
    try:
        return utils._compile_jinja_template(source)
    except Exception as error:
        return Broken(error)


def main():
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    draw = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 20)
    variables = [as_transformers_passes_it(conversation(draw)) for _ in range(200)]
    out.mkdir(parents=True, exist_ok=True)
    for stale in out.glob("*.json"):
        stale.unlink()
    write(out / "conversations.json", variables)
    for path in sorted(folder.glob("*.jinja")):
        source = path.read_bytes().decode()
        template = compiled(source)
        write(out / f"{path.stem}.json", {
            "source": source, "texts": [render(template, conversation) for conversation in variables]})


def write(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False))


if __name__ == "__main__":
    main()
