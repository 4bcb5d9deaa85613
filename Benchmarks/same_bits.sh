#!/usr/bin/env bash
# Twenty steps of every method under one seed, and the checksums of what they leave: a change of structure must not
# change a line of it.    Benchmarks/same_bits.sh .build/release/genac > before.txt
# Checked are the weights, the rollouts of the last step, and the metrics without their times. Takes half a
# minute on two cores. The kernels are those of x86-64-v3, so that the bits are every machine's.
set -euo pipefail
genac=$(realpath "$1")
root=$(realpath "$(dirname "$0")/..")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cp "$root"/sessions/*.jsonl .
common="data.seed=7 trainer.total_training_steps=20 trainer.save_minutes=0 --wait"
rollouts="data.train_files=starter:jumps:train data.train_batch_size=4 rollout.n=4 rollout.response_length=48"
validation="trainer.test_freq=10 data.val_files=starter:jumps:dev data.val_max_samples=50"
policy="model.path=starter:actor $rollouts $validation"
told="data.actors=starter:actor,starter:good $rollouts"
run() {
    local name=$1 stage=$2
    shift 2
    local script="train $stage trainer.experiment_name=$name $* $common"
    GENAC_KERNELS=x86-64-v3 "$genac" --bare -c "$script" >"$name.log" 2>&1 ||
        { echo "$name failed" >&2; cat "$name.log" >&2; exit 1; }
    find "runs/$name" -name '*.safetensors' -o -path '*/rollouts/*.jsonl' | sort | xargs sha256sum
    sed -E 's/"(timing_s|perf)[^,}]*//g; s/"time":[^,}]*//g' "runs/$name/metrics.jsonl" | sha256sum |
        sed "s|-|$name metrics|"
}
run sft sft model.path=starter:actor data.train_files=school-sft.jsonl data.train_batch_size=4
run critic-rl critic-rl model.path=starter:critic "$told" critic.num_samples=2 critic.icc.dropout=0.2
run critic-rl-loo critic-rl model.path=starter:critic "$told" critic.num_samples=3 critic.baseline=leave_one_out
run value-head value-head model.path=starter:critic "$told" critic.ppo_epochs=2
run genac genac "$policy" critic.model.path=starter:critic critic.num_samples=2 actor.use_kl_loss=true
run genac-kl genac "$policy" critic.model.path=starter:critic algorithm.use_kl_in_reward=true trainer.critic_warmup=3 \
    rollout.truncated=mask actor.ppo_epochs=2 actor.ppo_mini_batch_size=2 data.max_token_len_per_gpu=1024
run ppo ppo "$policy" critic.model.path=starter:critic
run vineppo vineppo "$policy" algorithm.mc_rollouts=3
run grpo grpo "$policy" actor.entropy_coeff=0.01
run rloo rloo "$policy" actor.loss_agg_mode=seq-mean-token-mean
