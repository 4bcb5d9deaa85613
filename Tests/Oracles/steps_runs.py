"""Runs of genac for training_steps.py: starting them, what they leave, the model that a step of theirs begins with."""
import json
import os
import pathlib
import re
import subprocess
import sys

import numpy
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from steps_decoder import Decoder

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Workplace:
    """A folder in which genac trains, and the runs in it."""

    def __init__(self, genac, folder):
        self.genac, self.folder = str(pathlib.Path(genac).resolve()), pathlib.Path(folder)
        self.environment = dict(os.environ, GENAC_HOME=os.environ.get("GENAC_HOME", str(ROOT)))
        self.home = pathlib.Path(self.environment["GENAC_HOME"])
        self.files = {}

    def train(self, name, stage, settings, steps=1):
        words = dict(word.split("=", 1) for word in settings.format(**self.files).split())
        words = {"trainer.save_freq": "1", **words}
        words |= {"trainer.total_training_steps": str(steps), "trainer.experiment_name": name}
        command = f"train {stage} " + " ".join(f"{k}={v}" for k, v in words.items()) + " --wait"
        done = subprocess.run(
            [self.genac, "--bare", "-c", command], cwd=self.folder, env=self.environment, capture_output=True,
            text=True)
        run = Run(self, name, steps)
        if run.checkpoint(steps).exists() and not done.returncode:
            return run
        if "no update was made" in done.stdout + done.stderr and not run.checkpoint(steps).exists():
            run.refused = True
            return run
        sys.exit(f"{command}\n{done.stdout}{done.stderr}")

    def write(self, name, rows):
        """A JSON Lines file that settings call {name}."""
        file = self.folder / f"{name}.jsonl"
        file.write_text("".join(json.dumps(row) + "\n" for row in rows))
        self.files[name] = str(file)

    def model(self, source, role):
        """The folder of what `load` would take."""
        if source.startswith("starter:"):
            return self.home / "starter" / source.split(":")[1]
        if source.startswith("run:"):
            run, step = re.fullmatch(r"run:(.*)@(\d+)", source).groups()
            return self.folder / f"runs/{run}/checkpoints/{step}/{role}"
        return pathlib.Path(source)


class Run:
    """What a run of `steps` steps left, of which the last is to be done again."""

    def __init__(self, place, name, steps):
        self.place, self.folder, self.steps = place, place.folder / "runs" / name, steps
        # Whether genac said that there was nothing to learn from, and saved nothing.
        self.refused = False
        recipe = json.loads((self.folder / "recipe.json").read_text())
        self.stage, self.settings = recipe["stage"], recipe["settings"]
        file = self.folder / f"rollouts/{steps}.jsonl"
        self.rows = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
        self.used = [row for row in self.rows if row["masked"] is None]

    def texts(self):
        """Rows to finetune on, what the rollouts said."""
        return [{"prompt": row["input"], "response": row["output"]} for row in self.rows]

    def number(self, key):
        return float(self.settings[key])

    def flag(self, key):
        return self.settings[key] == "true"

    def checkpoint(self, step):
        return self.folder / "checkpoints" / str(step)

    def source(self, role):
        """The folder of the weights that a role of the run began with."""
        key = "critic.model.path" if role == "critic" and self.stage in ("genac", "ppo") else "model.path"
        return self.place.model(self.settings[key], role)


class Learner:
    """A model of a run before the step, and torch's AdamW as the settings and the moments before it have it."""

    def __init__(self, run, role, dtype=torch.float64):
        self.run, self.role, self.dtype = run, role, dtype
        before = run.steps - 1
        self.folder = run.checkpoint(before) / role if before else run.source(role)
        self.model = Decoder(self.folder, dtype)
        self.tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        self.weights = self.model.weights
        self.start = {name: w.detach().clone() for name, w in self.weights.items()}
        self.betas = tuple(float(b) for b in run.settings[f"{role}.optim.betas"].split(","))
        self.moments = self.saved_moments(before)
        self.updates, self.gradient, self.norms, self.state_updates = 0, None, [], self.counted(before)
        self.optimiser = self.adamw(self.weights)

    def saved_moments(self, step):
        if not step:
            return {}
        return load_file(self.run.checkpoint(step) / f"{self.role}-optimiser.safetensors")

    def counted(self, step):
        if not step:
            return 0
        return json.loads((self.run.checkpoint(step) / "state.json").read_text())[f"{self.role}_updates"]

    def rate(self):
        number = lambda key: self.run.number(f"{self.role}.optim.{key}")
        rate, step = number("lr"), self.run.steps - 1
        if self.run.settings[f"{self.role}.optim.lr_scheduler_type"] == "cosine":
            wave = (1 + numpy.cos(numpy.pi * step / self.run.steps)) / 2
            rate *= number("min_lr_ratio") + (1 - number("min_lr_ratio")) * wave
        return rate

    def adamw(self, weights):
        optimiser = torch.optim.AdamW(
            list(weights.values()), lr=self.rate(), betas=self.betas, eps=1e-8,
            weight_decay=self.run.number(f"{self.role}.optim.weight_decay"), foreach=False)
        for name, weight in weights.items() if self.moments else ():
            optimiser.state[weight] = {
                "step": torch.tensor(float(self.state_updates)),
                "exp_avg": self.moments["mean." + name].to(self.dtype),
                "exp_avg_sq": self.moments["square." + name].to(self.dtype)}
        return optimiser

    def encode(self, text):
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def update(self, sequences, loss, temperature=1.0):
        """One update on loss(first, second) of steps_decoder's `backward`."""
        self.optimiser.zero_grad(set_to_none=False)
        for weight in self.weights.values():
            weight.grad = torch.zeros_like(weight)
        self.model.backward(sequences, loss, temperature)
        self.norms.append(norm({name: weight.grad for name, weight in self.weights.items()}))
        clip = self.run.number(f"{self.role}.grad_clip")
        if clip:
            torch.nn.utils.clip_grad_norm_(list(self.weights.values()), clip, foreach=False)
        new = {name: weight.grad.clone() for name, weight in self.weights.items()}
        old = self.gradient
        self.gradient = {name: new[name] + (self.betas[0] * old[name] if old else 0) for name in new}
        self.updates += 1
        self.optimiser.step()

    # What genac did

    def found_gradient(self):
        """Out of the first moments before and after."""
        after = self.saved_moments(self.run.steps)
        keep = self.betas[0] ** self.updates
        before = lambda name: self.moments["mean." + name].double() if self.moments else 0
        return {name: (after["mean." + name].double() - keep * before(name)) / (1 - self.betas[0])
                for name in self.start}

    def found_weights(self):
        file = self.run.checkpoint(self.run.steps) / self.role / "model.safetensors"
        return {name: weight.double() for name, weight in load_file(file).items()}

    def compare(self, unsure):
        """What came of the step beside what should have.

        - Parameter unsure: gradients below this share of their root mean square may have either sign in float32.
        """
        weights = self.found_weights()
        made = self.counted(self.run.steps) - self.state_updates
        moved = {name: weights[name] - self.start[name].double() for name in self.start}
        if not self.updates:
            after = self.saved_moments(self.run.steps)
            kept = all(torch.equal(after[name], moment) for name, moment in self.moments.items())
            said = f"nothing to learn from: {made} updates, weights moved by {norm(moved):.1e}"
            return {"ok": kept and norm(moved) == 0 and made == 0, "note": said}
        found = self.found_gradient()
        own = {name: self.weights[name].detach() - self.start[name] for name in self.start}
        size = norm(self.gradient) / count(self.gradient) ** 0.5
        sure = {name: (g.abs() >= unsure * size) | (g == 0) for name, g in self.gradient.items()}
        only = lambda tensors: {name: tensors[name] * sure[name] for name in tensors}
        result = {
            "gradient": apart(found, self.gradient), "update": apart(only(moved), only(own)),
            "whole": apart(moved, own), "unsure": 1 - sum(s.sum().item() for s in sure.values()) / count(own),
            "norm": self.norms[-1], "ok": True}
        if self.updates == 1:
            result["adamw"] = apart(moved, self.moved_by(found))
        if made != self.updates:
            result |= {"ok": False, "note": f"{made} updates, not {self.updates}"}
        told, mean = self.told_norm(), sum(self.norms) / len(self.norms)
        if abs(told - mean) > 1e-4 * mean:
            result |= {"ok": False, "note": f"metrics say grad_norm {told}, not {mean}"}
        return result

    def told_norm(self):
        name = "train" if self.run.stage == "sft" else self.role
        return json.loads((self.run.folder / "metrics.jsonl").read_text().splitlines()[-1])[f"{name}/grad_norm"]

    def moved_by(self, gradient):
        weights = {name: w.clone().requires_grad_() for name, w in self.start.items()}
        optimiser = self.adamw(weights)
        for name, weight in weights.items():
            weight.grad = gradient[name].clone()
        optimiser.step()
        return {name: w.detach() - self.start[name] for name, w in weights.items()}


def norm(tensors):
    return sum(t.double().square().sum().item() for t in tensors.values()) ** 0.5


def count(tensors):
    return sum(t.numel() for t in tensors.values())


def apart(found, right):
    size = norm(right)
    gap = norm({name: found[name].double() - right[name].double() for name in right})
    return gap / size if size else (0.0 if gap == 0 else float("inf"))


def differences(found, right):
    """The largest of two lists of lists' differences."""
    return max((abs(a - b) for f, r in zip(found, right, strict=True) for a, b in zip(f, r, strict=True)), default=0.0)


def lists(tensors):
    return [t.tolist() for t in tensors]
