"""One step of each stage for training_steps.py: REPLAYS[stage](run) updates models as genac should have.

Each gives its learners by role (`actor`, `critic`), and by role what it found of log-probabilities and advantages.
"""
import itertools
import json
import re

import numpy
import torch

from steps_credits import (
    aggregated, by_steps, clipped_policy, clipped_value, divergence, gae, group, others, whitened,
)
from steps_decoder import Decoder
from steps_runs import Learner, differences, lists


def check_masks(run):
    """What the limit cut off is left out, or fails."""
    for row in run.rows:
        cut, how = row["finish"] == "length", run.settings["rollout.truncated"]
        assert (row["masked"] is not None) == (cut and how == "mask"), "not that solution is masked"
        assert not (cut and how == "zero" and row["score"]), "a solution that was cut off succeeds"


def finetune(run, dtype=torch.float64):
    learner = Learner(run, "actor", dtype)
    end = learner.tokenizer.token_to_id(
        json.loads((learner.folder / "tokenizer_config.json").read_text())["eos_token"])
    rows = [json.loads(line) for line in open(run.settings["data.train_files"])]
    size = int(run.number("data.train_batch_size"))
    first = (run.steps - 1) * size % len(rows)
    sequences = []
    for row in rows[first:first + size]:
        prompt, response = learner.encode(row["prompt"]), learner.encode(row["response"]) + [end]
        sequences.append((prompt + response, list(range(len(prompt), len(prompt) + len(response)))))
    learner.update(sequences, lambda logp, _: -torch.cat(logp).mean())
    return {"actor": learner}, {}


def written_score(chain, tokenizer):
    """The integer that a chain ends in by itself, or None."""
    text, ended = chain["text"], len(tokenizer.decode(chain["ids"][-1:], skip_special_tokens=True)) == 0
    found = re.search(r"Score: (\d+)\s*$", text)
    return int(found[1]) if found and ended and text.count("Score:") == 1 and int(found[1]) <= 10 else None


def reinforce(learner):
    """A generative critic's update on the chains of a step, and what it was."""
    run, sequences, advantages, kept, given, values, parsed = learner.run, [], [], [], [], [], 0
    for row in run.used:
        values.append([])
        for prefix in row["prefixes"]:
            if not prefix["chains"]:
                continue
            prompt = learner.encode(prefix["prompt"])
            assert len(prompt) == prefix["prompt_tokens"], "tokenizers encodes the prompt otherwise"
            scores = [written_score(chain, learner.tokenizer) for chain in prefix["chains"]]
            parsed += sum(score is not None for score in scores)
            rewards = [0.0 if s is None else 1 - (row["score"] - s / 10) ** 2 for s in scores]
            pushes = others(rewards) if run.settings["critic.baseline"] == "leave_one_out" else rewards
            rate = (row["actor"].get("successRate") or {}).get("value")
            values[-1].append(sum(rate if s is None else s / 10 for s in scores) / len(scores))
            for chain, push in zip(prefix["chains"], pushes):
                sequences.append((prompt + chain["ids"], list(range(len(prompt), len(prompt) + len(chain["ids"])))))
                advantages.append(push)
                kept.append(chain["logprobs"])
                given.append(chain["advantage"])
    report = {"chains": len(sequences), "parsed": parsed}
    if not sequences:
        return report, values, lambda: None
    temperature = run.number("critic.temperature")
    report["logprob"] = differences(kept, lists(t for t, _ in learner.model.look(sequences, temperature)))
    report["advantage"] = differences([given], [advantages])

    def loss(logp, _):
        pushed = [-a * p for a, p in zip(advantages, logp)]
        return aggregated(pushed, run.settings["critic.loss_agg_mode"], run.number("critic.response_length"))
    return report, values, lambda: learner.update(sequences, loss, temperature)


def critic_rl(run, dtype=torch.float64):
    learner = Learner(run, "critic", dtype)
    report, _, update = reinforce(learner)
    update()
    return {"critic": learner}, {"critic": report}


def readings(learner, states):
    """What a value head reads of each rollout: the opening, which is the bare problem's prompt, then the sampled ids;
    the value of a state is read at the token before the next action."""
    result = []
    for row, borders in zip(learner.run.used, states):
        opening = learner.encode(row["prefixes"][0]["prompt"])
        assert row["prefixes"][0]["end"] == 0 and len(opening) == row["prefixes"][0]["prompt_tokens"]
        result.append((opening + row["ids"][:max(borders)], [len(opening) - 1 + border for border in borders]))
    return result


def regress(learner, sequences, old, returns):
    clip = learner.run.number("critic.cliprange_value")
    old, returns = (torch.tensor(sum(x, []), dtype=learner.dtype) for x in (old, returns))
    for _ in range(int(learner.run.number("critic.ppo_epochs"))):
        learner.update(sequences, lambda values, _: clipped_value(torch.cat(values), old, returns, clip).mean())


def value_head(run, dtype=torch.float64):
    learner = Learner(run, "critic", dtype)
    if not run.used:
        return {"critic": learner}, {}
    sequences = readings(learner, [[prefix["end"] for prefix in row["prefixes"]] for row in run.used])
    old = lists(t for t, _ in learner.model.look(sequences))
    kept = [[prefix["value"] for prefix in row["prefixes"]] for row in run.used]
    returns = [[row["score"]] * len(row["prefixes"]) for row in run.used]
    regress(learner, sequences, old, returns)
    return {"critic": learner}, {"critic": {"logprob": differences(kept, old)}}


def states(row):
    """Borders of the steps that are rated; the record's last prefix is the whole response, whose value is 0."""
    return [prefix["end"] for prefix in row["prefixes"][:-1]]


def at_states(rows, numbers):
    return [[of[border] for border in states(row)] for row, of in zip(rows, numbers)]


def token_rewards(run, old, reference):
    rewards = []
    for i, row in enumerate(run.used):
        one = [0.0] * len(row["ids"])
        if run.flag("algorithm.use_kl_in_reward"):
            kl = divergence(run.settings["algorithm.kl_penalty"], torch.tensor(old[i], dtype=torch.float64),
                            torch.tensor(reference[i], dtype=torch.float64))
            one = (-run.number("algorithm.kl_ctrl.kl_coef") * kl).tolist()
        one[-1] += row["score"]
        rewards.append(one)
    return rewards


def head_credit(learner, rewards, report):
    run, used = learner.run, learner.run.used
    sequences = readings(learner, [list(range(len(row["ids"]))) for row in used])
    values = lists(t for t, _ in learner.model.look(sequences))
    kept = [[prefix["value"] for prefix in row["prefixes"][:-1]] for row in used]
    report["critic"] = {"logprob": differences(kept, at_states(used, values))}
    gamma = run.number("algorithm.gamma")
    if run.flag("algorithm.adaptive_lam"):
        lams = [max(0.0, 1 - 1 / (0.05 * len(row["ids"]))) for row in used]
    else:
        lams = [run.number("algorithm.lam")] * len(used)
    advantages = [gae(r, v, gamma, lam) for r, v, lam in zip(rewards, values, lams)]
    returns = [[a + b for a, b in zip(gae(r, v, gamma, run.number("critic.lam")), v)] for r, v in zip(rewards, values)]
    shown = [[prefix["return"] for prefix in row["prefixes"][:-1]] for row in used]
    report["critic"]["advantage"] = differences(shown, at_states(used, returns))
    regress(learner, sequences, values, returns)
    return whitened(advantages)


def vine_values(run, row):
    most, rollouts = int(run.number("critic.max_prefixes")), run.number("algorithm.mc_rollouts")
    values = [prefix["value"] for prefix in row["prefixes"][:-1]]
    assert all(abs(v * rollouts - round(v * rollouts)) < 1e-9 for v in values[:most]), "no rate of that many rollouts"
    return values[:most] + [row["score"]] * len(values[most:])


def step_credit(run, values, rewards, lam):
    gamma = run.number("algorithm.gamma")
    return whitened([by_steps(states(row), v, r, gamma, lam) for row, v, r in zip(run.used, values, rewards)])


def group_credit(run, rewards):
    totals = [sum(r) for r in rewards]
    scaled = run.stage == "grpo" and run.flag("algorithm.norm_adv_by_std_in_grpo")
    advantages = [None] * len(totals)
    for problem in {row["problem"]["id"] for row in run.used}:
        members = [i for i, row in enumerate(run.used) if row["problem"]["id"] == problem]
        scores = [totals[i] for i in members]
        if len(members) == 1:
            # verl's: mean 0 and deviation 1 in GRPO, the score itself in RLOO.
            found = [scores[0] / (1 + 1e-6) if scaled else scores[0]]
        elif run.stage == "rloo":
            found = others(scores)
        else:
            found = group(scores, scaled)
        for i, advantage in zip(members, found):
            advantages[i] = [advantage] * len(rewards[i])
    return advantages


def policy(run, dtype=torch.float64):
    actor, used, report = Learner(run, "actor", dtype), run.used, {}
    learners, temperature = {"actor": actor}, run.number("rollout.temperature")
    if run.stage in ("genac", "ppo"):
        learners = {"critic": Learner(run, "critic", dtype), "actor": actor}
    if not used:
        return learners, report
    prompts = [actor.encode(row["input"]) for row in used]
    sequences = [(p + row["ids"], list(range(len(p), len(p) + len(row["ids"])))) for p, row in zip(prompts, used)]
    old = [[float(numpy.float32(p)) for p in row["logprobs"]] for row in used]
    reference = None
    if run.flag("actor.use_kl_loss") or run.flag("algorithm.use_kl_in_reward"):
        reference = lists(t for t, _ in Decoder(run.source("actor"), dtype).look(sequences, temperature))
    rewards = token_rewards(run, old, reference)
    if run.stage == "ppo":
        advantages = head_credit(learners["critic"], rewards, report)
    elif run.stage == "genac":
        report["critic"], values, update = reinforce(learners["critic"])
        advantages = step_credit(run, values, rewards, run.number("algorithm.lam"))
        update()
    elif run.stage == "vineppo":
        advantages = step_credit(run, [vine_values(run, row) for row in used], rewards, 0.0)
    else:
        advantages = group_credit(run, rewards)
    report["actor"] = {"advantage": differences([row["advantages"] for row in used], advantages)}
    if not run.settings["data.rollouts"]:
        report["actor"]["logprob"] = differences(old, lists(t for t, _ in actor.model.look(sequences, temperature)))
    tensors = [[None if x is None else torch.tensor(x[i], dtype=dtype) for x in (old, advantages, reference)]
               for i in range(len(used))]
    for _ in range(int(run.number("actor.ppo_epochs"))):
        for batch in mini_batches(run):
            actor.update([sequences[i] for i in batch], policy_loss(run, [tensors[i] for i in batch]), temperature)
    return learners, report


def mini_batches(run):
    """Rollouts of so many problems at a time, in their order."""
    size = int(run.number("actor.ppo_mini_batch_size"))
    problems = [list(g) for _, g in itertools.groupby(range(len(run.used)), lambda i: run.used[i]["problem"]["id"])]
    size = size or len(problems)
    return [sum(problems[i:i + size], []) for i in range(0, len(problems), size)]


def policy_loss(run, tokens):
    number, kind = run.number, run.settings["actor.kl_loss_type"]
    clips = [number(f"actor.clip_ratio_{end}") for end in ("low", "high", "c")]

    def loss(logps, entropies):
        losses = []
        for logp, entropy, (old, advantage, reference) in zip(logps, entropies, tokens):
            one = clipped_policy(logp, old, advantage, *clips) - number("actor.entropy_coeff") * entropy
            if run.flag("actor.use_kl_loss"):
                one = one + number("actor.kl_loss_coef") * divergence(kind, logp, reference)
            losses.append(one)
        return aggregated(losses, run.settings["actor.loss_agg_mode"], number("rollout.response_length"))
    return loss


POLICIES = ("genac", "ppo", "grpo", "rloo", "vineppo")
REPLAYS = {"sft": finetune, "critic-rl": critic_rl, "value-head": value_head, **dict.fromkeys(POLICIES, policy)}
