"""Dumps of rollouts as trainers write them, for Tests/ProblemsTests and Tests/ShellTests.

    python Tests/Oracles/rollouts.py           # needs pandas, pyarrow; writes Tests/Fixtures/rollouts

verl.jsonl   RayPPOTrainer's dump (trainer.rollout_data_dir): the prompt decoded without special tokens, as Qwen2.5's
             template leaves it, and what DAPO's reward function adds (acc, pred)
trl.parquet  GRPOTrainer's completions/completions_STEP.parquet, by pandas: prompts with their special tokens, a column
             a reward function, no answers
openrlhf.jsonl  batch_inference's: input, output, reward of a reward model
"""

import json
import pathlib

import pandas as pd

HERE = pathlib.Path(__file__).resolve().parent.parent / "Fixtures" / "rollouts"
QUESTIONS = [("What is 3 + 4?", "7"), ("What is 6 * 7?", "42"), ("What is 1/2 + 1/4?", "\\frac{3}{4}")]
ANSWERS = [["7", "8", "7"], ["42", "forty", "24"], ["0.75", "\\frac34", "\\frac{1}{2}"]]


def said(answer):
    return f"Let me think.\nSo it is \\boxed{{{answer}}}."


def lines(name, rows):
    HERE.mkdir(parents=True, exist_ok=True)
    (HERE / name).write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def verl():
    rows = []
    for (question, truth), answers in zip(QUESTIONS, ANSWERS):
        for answer in answers:
            # DAPO's grader compares text: it calls 0.75 and \frac34 wrong.
            right = answer == truth
            prompt = "system\nYou are a helpful assistant.\nuser\n" + question + "\nassistant\n"
            rows.append({
                "input": prompt, "output": said(answer), "gts": truth, "score": 1.0 if right else -1.0, "step": 3,
                "acc": right, "pred": answer})
    rows.append(dict(rows[0], output="", acc=False, score=-1.0))
    lines("verl.jsonl", rows)


def trl():
    table = {"step": [], "prompt": [], "completion": [], "accuracy_reward": [], "format_reward": [], "advantage": []}
    for (question, truth), answers in zip(QUESTIONS, ANSWERS):
        for answer in answers:
            table["step"].append(10)
            turns = [("system", "Think."), ("user", question)]
            prompt = "".join(f"<|im_start|>{role}\n{text}<|im_end|>\n" for role, text in turns)
            table["prompt"].append(prompt + "<|im_start|>assistant\n")
            table["completion"].append(said(answer))
            table["accuracy_reward"].append(1.0 if answer == truth else 0.0)
            table["format_reward"].append(0.5)
            table["advantage"].append(0.1)
    pd.DataFrame(table).to_parquet(HERE / "trl.parquet")


def openrlhf():
    rows = [{"input": f"Human: {question}\nAssistant: ", "output": said(answer), "reward": 0.25 * place - 0.3}
            for (question, _), answers in zip(QUESTIONS, ANSWERS) for place, answer in enumerate(answers)]
    lines("openrlhf.jsonl", rows)


verl()
trl()
openrlhf()
