"""One training step of every stage, done again in PyTorch in float64: advantages, gradient and update must agree.

    python Tests/Oracles/training_steps.py .build/release/genac [--stage NAME] [--list] [--keep FOLDER]

Needs torch (a CPU build will do), numpy, safetensors and tokenizers, and some four minutes of one core. genac trains in
a folder of its own; starter models and prompts are this repository's, and tiny Qwen2 models those of Tests/Fixtures.
NAME is a stage (grpo), one case (grpo-clips), or finished. Exits 1 if any bound fails.

A case runs genac for a step or two and takes from the run only what went in and what came out: the rollouts (ids,
log-probabilities, outcomes, borders of steps, texts of prompts and chains, the rates that vineppo measured), the
settings, the weights before and after, and the optimiser's first moment. Everything between is computed anew
(steps_decoder.py, steps_credits.py, steps_stages.py, torch.optim.AdamW, torch's clip_grad_norm_). Text is encoded by
Hugging Face's tokenizers. A case of two steps replays the second, from the weights and moments after the first: there
the reference is another model, and the moments' bias counts. `grpo-clips` learns from rollouts whose log-probabilities
and scores were changed, so that every clip acts.

What is compared, and the bounds (BOUNDS):
  logprob    largest difference of a sampled token's log-probability (value heads: of a recorded value), 1e-4
  advantage  largest difference of an advantage of a token or of a chain (value heads: of a return), 1e-4, for whitening
             divides the values' error, which is float32's, by their spread
  gradient   |g - g*| / |g*| over all weights, after clipping, 1e-4. g is read out of the first moment:
             (m_after - beta1^n m_before) / (1 - beta1), for n updates in a step their sum, the older ones decayed
  adamw      |dw - dw*| / |dw*| over all weights, dw* by AdamW on genac's own gradient, 1e-3 (single updates only)
  update     the same with dw* by AdamW on the oracle's own gradient, 1e-3. AdamW's first steps move a weight by about
             lr g / (|g| + 1e-8): by its gradient's sign, however small that is. So it is taken over the weights whose
             gradient is known to a hundredth even if all the error that `gradient` allows were theirs: |g*| of at
             least 100 * 1e-4 of its root mean square. `unsure` is the share of the others, `whole` the error with them
  torch32    the gradient's error of the same decoder in torch's float32, for comparison; `norm` is that of the last
             update before clipping. These four have no bound
Also exact: how many updates the optimiser made, and which solutions are masked; and to 1e-4 the norm before clipping
that metrics.jsonl tells, a step's mean. A step in which nothing can be learned (all masked) must make no update.

Then nearly finished finetunings (loss below 0.01), whose log-probabilities are close to 0: the error of genac's
gradient must be at most twice that of the same decoder in torch's float32, both against float64. The same for a step of
ppo by those models at temperature 0.7.
"""
import argparse
import json
import pathlib
import random
import shutil
import sys
import tempfile

import torch

from steps_runs import ROOT, Workplace, apart
from steps_stages import REPLAYS, check_masks

BOUNDS = {"logprob": 1e-4, "advantage": 1e-4, "gradient": 1e-4, "update": 1e-3, "adamw": 1e-3}
COLUMNS = [*BOUNDS, "torch32", "whole", "unsure", "norm"]
QWEN2 = ROOT / "Tests/Fixtures/checkpoints"

JUMPS = "data.train_files=starter:jumps:train "
ROWS = "data.train_files={rows} data.chat_template=off data.train_batch_size=16 data.shuffle=false actor.optim.lr=1e-4 "
ACTOR = "model.path=starter:actor data.train_batch_size=8 actor.optim.lr=1e-4 " + JUMPS
FROZEN = ("data.actors=starter:actor,starter:good data.train_batch_size=4 critic.max_prefixes=4 critic.optim.lr=1e-4 "
          + JUMPS)
WRITER = "critic.model.path=starter:critic critic.optim.lr=1e-4 data.train_batch_size=3 "
HEAD = "critic.model.path=starter:head critic.optim.lr=1e-4 "
MASK = "rollout.truncated=mask rollout.response_length=19 "
NOTHING = "rollout.truncated=mask rollout.response_length=2 "

# name: (stage, settings, steps); a later setting replaces an earlier one, {rows} and the like are made before.
CASES = {
    "sft": ("sft", ROWS + "model.path=starter:actor", 1),
    "sft-qwen2": ("sft", ROWS + "model.path={tied} data.max_token_len_per_gpu=200 actor.grad_clip=0.05 "
                  "actor.optim.weight_decay=0.1 actor.optim.lr=1e-3", 1),
    "sft-untied": ("sft", ROWS + "model.path={untied} actor.optim.lr=1e-3", 1),
    "sft-second": ("sft", ROWS + "model.path=starter:actor actor.optim.lr_scheduler_type=cosine "
                   "actor.optim.min_lr_ratio=0.1 actor.optim.betas=0.8,0.95", 2),
    "critic-rl": ("critic-rl", FROZEN + "model.path=starter:critic", 1),
    "critic-rl-raw": ("critic-rl", FROZEN + "model.path=starter:critic critic.baseline=none critic.temperature=0.7 "
                      "critic.loss_agg_mode=seq-mean-token-mean critic.response_length=20 critic.grad_clip=0.02", 1),
    "critic-rl-mask": ("critic-rl", FROZEN + MASK + "model.path=starter:critic "
                       "critic.loss_agg_mode=seq-mean-token-sum", 1),
    "critic-rl-nothing": ("critic-rl", FROZEN + NOTHING + "model.path=starter:critic", 1),
    "value-head": ("value-head", FROZEN + "model.path=run:fresh-head@1", 1),
    "value-head-epochs": ("value-head", FROZEN + MASK + "model.path=starter:head critic.ppo_epochs=3 "
                          "critic.cliprange_value=0.03 critic.optim.betas=0.8,0.99 critic.optim.lr=2e-5", 1),
    "value-head-nothing": ("value-head", FROZEN + NOTHING + "model.path=starter:head", 1),
    "genac": ("genac", ACTOR + WRITER, 1),
    "genac-second": ("genac", ACTOR + WRITER + "critic.max_prefixes=2 algorithm.lam=0.7 algorithm.gamma=0.9 "
                     "algorithm.use_kl_in_reward=true algorithm.kl_ctrl.kl_coef=0.3 algorithm.kl_penalty=low_var_kl "
                     "rollout.temperature=0.7 critic.response_length=20 "
                     "critic.loss_agg_mode=seq-mean-token-sum-norm", 2),
    "genac-mask": ("genac", ACTOR + WRITER + MASK, 1),
    "genac-nothing": ("genac", ACTOR + WRITER + "rollout.truncated=mask data.rollouts={source},{cut}", 2),
    "ppo": ("ppo", ACTOR + HEAD, 1),
    "ppo-second": ("ppo", ACTOR + HEAD + MASK + "algorithm.use_kl_in_reward=true algorithm.kl_ctrl.kl_coef=0.3 "
                   "algorithm.adaptive_lam=true algorithm.gamma=0.95 critic.lam=0.8 critic.ppo_epochs=2 "
                   "critic.cliprange_value=0.02 rollout.temperature=0.7 actor.entropy_coeff=0.01", 2),
    "ppo-qwen2": ("ppo", ACTOR + "model.path={tied} critic.model.path=run:fresh-tiny@1 critic.optim.lr=1e-3 "
                  "rollout.response_length=24 rollout.truncated=keep", 1),
    "ppo-nothing": ("ppo", ACTOR + HEAD + "rollout.truncated=mask data.rollouts={source},{cut}", 2),
    "grpo": ("grpo", ACTOR, 1),
    "grpo-dr": ("grpo", ACTOR + "algorithm.norm_adv_by_std_in_grpo=false actor.grad_clip=0.001 "
                "actor.loss_agg_mode=seq-mean-token-sum-norm actor.entropy_coeff=0.02 rollout.temperature=0.7", 1),
    "grpo-second": ("grpo", ACTOR + "actor.use_kl_loss=true actor.kl_loss_coef=0.5 actor.entropy_coeff=0.01 "
                    "rollout.temperature=0.7 actor.loss_agg_mode=seq-mean-token-mean", 2),
    "grpo-clips": ("grpo", ACTOR + "data.rollouts={replay} actor.use_kl_loss=true actor.kl_loss_type=mse "
                   "actor.kl_loss_coef=0.5 actor.clip_ratio_high=0.28 actor.ppo_epochs=2 actor.ppo_mini_batch_size=4 "
                   "algorithm.use_kl_in_reward=true algorithm.kl_penalty=abs algorithm.kl_ctrl.kl_coef=0.1", 1),
    "rloo": ("rloo", ACTOR, 1),
    "rloo-mask": ("rloo", ACTOR + MASK + "actor.loss_agg_mode=seq-mean-token-sum data.train_batch_size=16", 1),
    "vineppo": ("vineppo", ACTOR, 1),
    "vineppo-mask": ("vineppo", ACTOR + MASK + "rollout.response_length=24 algorithm.mc_rollouts=4 "
                     "critic.max_prefixes=1 algorithm.gamma=0.9", 1),
}


def prepare(place):
    """Rows to finetune on, rollouts that another model might have made, two tiny Qwen2, value heads as they begin."""
    made = place.train("source", "grpo", ACTOR)
    place.write("rows", made.texts())
    place.write("source", made.rows)
    place.write("cut", [row | {"finish": "length"} for row in made.rows])
    chance = random.Random(1)
    for row in made.rows:
        row["score"] = chance.choice([0, 0.25, 0.5, 1])
        row["logprobs"] = [min(0, p + chance.gauss(0, chance.choice([0.05, 0.3, 1.5]))) for p in row["logprobs"]]
    place.write("replay", made.rows)
    for name, source in (("tied", "qwen2-bf16-tied"), ("untied", "qwen2-f16-old-untied")):
        folder = shutil.copytree(QWEN2 / source, place.folder / name)
        config = json.loads((folder / "config.json").read_text())
        config["max_position_embeddings"] = 2048  # prompts are long in its few words
        (folder / "config.json").write_text(json.dumps(config))
        place.files[name] = str(folder)
    place.train("fresh-head", "value-head", FROZEN + "model.path=starter:critic")
    place.train("fresh-tiny", "value-head", FROZEN + "model.path={tied} data.actors={tied} rollout.response_length=24")


def show(name, role, result):
    good = result["ok"] and all(result[key] <= bound for key, bound in BOUNDS.items() if key in result)
    cells = [f"{result[key]:.1e}" if key in result else "-" for key in COLUMNS]
    notes = [result["note"]] if "note" in result else []
    notes += [f"{result['parsed']} of {result['chains']} chains parsed"] if result.get("chains") else []
    cells = "".join(f"{cell:>10}" for cell in cells)
    print(f"{name:20}{role:8}{cells}  {'ok' if good else 'FAIL':6}{', '.join(notes)}", flush=True)
    return good


def check(place, name):
    stage, settings, steps = CASES[name]
    run = place.train(name, stage, settings, steps)
    check_masks(run)
    if run.refused:
        good = not run.used
        print(f"{name:20}nothing to learn from, and genac says so  {'ok' if good else 'FAIL'}", flush=True)
        return good
    learners, report = REPLAYS[stage](run)
    single = REPLAYS[stage](run, torch.float32)[0]
    results = []
    for role, learner in learners.items():
        result = report.get(role, {}) | learner.compare(unsure=100 * BOUNDS["gradient"])
        if learner.updates:
            result["torch32"] = apart(single[role].gradient, learner.gradient)
        if len(run.used) < len(run.rows):
            result.setdefault("note", f"{len(run.rows) - len(run.used)} of {len(run.rows)} masked")
        results.append(show(name, role, result))
    return all(results)


def finished(place):
    """Gradients where log-probabilities are close to 0: genac's error and torch float32's, both against float64."""
    place.write("few", place.train("few", "grpo", ACTOR + "data.train_batch_size=16 rollout.n=2").texts()[::2])
    rows, good = ROWS + "data.train_files={few} ", True
    for steps in (40, 300):
        name = f"finished-{steps}"
        teach = rows + "model.path=starter:actor actor.optim.lr=1e-3 trainer.save_freq=0"
        done = place.train(name, "sft", teach, steps)
        loss = json.loads((done.folder / "metrics.jsonl").read_text().splitlines()[-1])["train/loss"]
        good &= loss < 0.01
        print(f"\nloss after {steps} steps on 16 rows: {loss:.1e} (below 0.01)  {'ok' if loss < 0.01 else 'FAIL'}")
        model = f"model.path=run:{name}@{steps} "
        good &= compared(place, f"{name}-sft", "sft", rows + model)
        # One solution of a problem: several that are alike would cancel out.
        good &= compared(place, f"{name}-ppo", "ppo", ACTOR + HEAD + model + "data.train_batch_size=32 rollout.n=1 "
                         "rollout.temperature=0.7")
    return good


def compared(place, name, stage, settings):
    run = place.train(name, stage, settings)
    truth, single = (REPLAYS[stage](run, dtype)[0]["actor"] for dtype in (torch.float64, torch.float32))
    ours, other = apart(truth.found_gradient(), truth.gradient), apart(single.gradient, truth.gradient)
    good = ours <= 2 * other
    print(f"{name:18}error of the gradient: genac {ours:.1e}, torch float32 {other:.1e}, {ours / other:.2f} times "
          f"(at most 2); its norm {truth.norms[0]:.1e}  {'ok' if good else 'FAIL'}", flush=True)
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("genac", help="the program")
    parser.add_argument("--stage", help="a stage, a case, or finished")
    parser.add_argument("--list", action="store_true", help="names the cases")
    parser.add_argument("--keep", help="a new folder to train in, which stays")
    asked = parser.parse_args()
    chosen = [name for name, case in CASES.items() if asked.stage in (None, name, case[0])]
    if asked.list or not chosen and asked.stage != "finished":
        print("\n".join([*CASES, "finished"]))
        return asked.list
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        if asked.keep:
            pathlib.Path(asked.keep).mkdir(parents=True)
        place = Workplace(asked.genac, pathlib.Path(asked.keep or folder).resolve())
        prepare(place)
        print(f"{'case':20}{'model':8}" + "".join(f"{column:>10}" for column in COLUMNS))
        results = [check(place, name) for name in chosen]
        if asked.stage in (None, "finished"):
            results.append(finished(place))
    return all(results)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
