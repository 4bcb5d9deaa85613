"""Advantages and losses for training_steps.py, from their definitions: one formula each, on whole batches."""
import torch


def gae(rewards, values, gamma, lam):
    """A_k = sum over l of (gamma lam)^l delta_{k+l},  delta_k = r_k + gamma V_{k+1} - V_k,  V past the end 0."""
    after = list(values[1:]) + [0.0]
    deltas = [r + gamma * n - v for r, n, v in zip(rewards, after, values)]
    return [sum((gamma * lam) ** (j - k) * deltas[j] for j in range(k, len(deltas))) for k in range(len(deltas))]


def by_steps(borders, values, rewards, gamma, lam):
    """GAE whose states are the borders of steps (lam counts steps); every token has its step's advantage."""
    ends = borders[1:] + [len(rewards)]
    steps = gae([sum(rewards[b:e]) for b, e in zip(borders, ends)], values, gamma, lam)
    return [a for a, b, e in zip(steps, borders, ends) for _ in range(b, e)]


def whitened(rows):
    """verl's masked_whiten: (x - mean) / sqrt(unbiased variance + 1e-8) over all tokens of an iteration."""
    every = torch.tensor([a for row in rows for a in row], dtype=torch.float64)
    mean, scale = every.mean().item(), (every.var() + 1e-8).rsqrt().item()
    return [[(a - mean) * scale for a in row] for row in rows]


def others(scores):
    """Each score less the mean of the others."""
    if max(scores) == min(scores):
        return [0.0] * len(scores)
    return [s - sum(scores[:i] + scores[i + 1:]) / (len(scores) - 1) for i, s in enumerate(scores)]


def group(scores, scaled):
    """GRPO: (r - mean) / (sample deviation + 1e-6); Dr.GRPO: r - mean."""
    if max(scores) == min(scores):
        return [0.0] * len(scores)
    r = torch.tensor(scores, dtype=torch.float64)
    return ((r - r.mean()) / (r.std() + 1e-6) if scaled else r - r.mean()).tolist()


def divergence(kind, logp, reference):
    """Schulman's estimates under verl's names, of tensors."""
    if kind == "kl":
        return logp - reference
    if kind == "abs":
        return (logp - reference).abs()
    if kind == "mse":
        return (logp - reference).square() / 2
    gap = (reference - logp).clamp(-20, 20)
    return (gap.exp() - gap - 1).clamp(-10, 10)


def aggregated(losses, mode, horizon):
    """verl's loss_agg_mode over the responses of a mini-batch, [response][token]."""
    losses = [loss for loss in losses if len(loss)]
    if mode == "token-mean":
        return torch.cat(losses).mean()
    sums = torch.stack([loss.mean() if mode == "seq-mean-token-mean" else loss.sum() for loss in losses])
    return sums.mean() / horizon if mode == "seq-mean-token-sum-norm" else sums.mean()


def clipped_policy(logp, old, advantage, low, high, dual):
    """PPO's clipped loss with dual clip, of each token."""
    ratio = (logp - old).clamp(-20, 20).exp()
    loss = torch.maximum(-advantage * ratio, -advantage * ratio.clamp(1 - low, 1 + high))
    return torch.where(advantage < 0, torch.minimum(loss, -advantage * dual), loss)


def clipped_value(values, old, returns, clip):
    """max((v - R)², (clip(v, old - c, old + c) - R)²) / 2, of each state."""
    plain = (values - returns).square()
    if not clip:
        return plain / 2
    bounded = torch.maximum(torch.minimum(values, old + clip), old - clip)
    return torch.maximum(plain, (bounded - returns).square()) / 2
