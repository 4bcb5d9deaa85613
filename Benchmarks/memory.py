"""What `train` says that it will hold, beside what it held: python3 Benchmarks/memory.py [STAGE…]

Each stage of joint training runs three steps of 8 rollouts on SmolLM2-135M (`make smollm2`); the peak is the kernel's
VmHWM, polled until the process ends. What a pass computes stays for the next step, which samples beside it: one step
alone would show less.
The estimate is a ceiling: solutions and chains as long as allowed, and as many prefixes."""
import json
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
MODEL = ROOT / "models/smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
COMMON = (
    f"model.path={MODEL} data.train_files={ROOT}/sessions/school.jsonl data.train_batch_size=4 "
    "rollout.n=2 rollout.response_length=64 actor.optim.lr=1e-6 trainer.total_training_steps=3 trainer.save_freq=0")
OWN = {
    "genac": "critic.model.path=run:sft-1 critic.num_samples=2 critic.baseline=none critic.max_prefixes=4 "
             "critic.response_length=48 critic.icc.measured_on=2",
    "ppo": f"critic.model.path={MODEL} critic.icc.measured_on=2",
    "grpo": "", "rloo": "", "vineppo": "algorithm.mc_rollouts=3 critic.max_prefixes=4",
}
# Chains that earn nothing, or as much as their siblings, are not trained: genac's critic has learned from 48 rows how
# to end, and has no baseline.
BEFORE = {
    "genac": f"train sft model.path={MODEL} data.train_files={ROOT}/sessions/school-critic.jsonl "
    "data.train_batch_size=4 actor.optim.lr=5e-5 trainer.total_training_steps=16 trainer.save_freq=0 --wait"}


def run(command, folder):
    return subprocess.Popen(
        [ROOT / ".build/release/genac", "--json", "-c", command], cwd=folder, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
        env={"HOME": folder, "PATH": "/usr/bin:/bin", "GENAC_HOME": str(ROOT)})


def peak(process):
    highest = 0
    while process.poll() is None:
        try:
            for line in open(f"/proc/{process.pid}/status"):
                if line.startswith("VmHWM:"):
                    highest = max(highest, int(line.split()[1]) * 1024)
        except OSError:
            pass
        time.sleep(0.02)
    return highest


print(f"{'stage':10} {'estimate':>10} {'measured':>10} {'ratio':>6}")
for stage in sys.argv[1:] or OWN:
    with tempfile.TemporaryDirectory() as folder:
        if stage in BEFORE:
            run(BEFORE[stage], folder).communicate()
        process = run(f"train {stage} {COMMON} {OWN[stage]} --wait", folder)
        measured = peak(process)
        out, errors = process.communicate()
        if process.returncode != 0:
            sys.exit(f"{stage}: {errors}")
        estimate = json.loads(out.splitlines()[-1])["memory_bytes"]
        print(f"{stage:10} {estimate / 1e6:8.0f}MB {measured / 1e6:8.0f}MB {estimate / measured:6.2f}")
