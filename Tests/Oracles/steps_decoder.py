"""A Llama, Qwen2 or Qwen3 decoder in plain PyTorch, in any precision, for training_steps.py.

Written from the models' definitions: RMS norm (of every head's q and k too, where there are weights for it), rotary
positions by halves, grouped queries, SiLU-gated MLP, a head that may be the embedding, or a value head of one number.
It knows nothing of how genac lays out its passes: every sequence is computed by itself from its first token on (padded
at the right, which a causal model never sees).
"""
import json
import pathlib

import torch
from safetensors.torch import load_file

CHUNK = 4096  # tokens with a graph at a time


class Decoder:
    def __init__(self, folder, dtype=torch.float64):
        folder = pathlib.Path(folder)
        config = json.loads((folder / "config.json").read_text())
        self.layers, self.heads = config["num_hidden_layers"], config["num_attention_heads"]
        self.groups = config.get("num_key_value_heads", self.heads)
        self.size = config.get("head_dim") or config["hidden_size"] // self.heads
        self.epsilon = config["rms_norm_eps"]
        self.theta = (config.get("rope_parameters") or config).get("rope_theta", 10000.0)
        self.weights = {k: v.to(dtype).requires_grad_() for k, v in load_file(folder / "model.safetensors").items()}
        tied = config.get("tie_word_embeddings", False)
        self.head = self.weights["model.embed_tokens.weight" if tied else "lm_head.weight"] \
            if "score.weight" not in self.weights else None
        self.dtype = dtype

    def norm(self, x, name):
        return x / (x.pow(2).mean(-1, keepdim=True) + self.epsilon).sqrt() * self.weights[name]

    def linear(self, x, name):
        y = x @ self.weights[name + ".weight"].T
        bias = self.weights.get(name + ".bias")
        return y if bias is None else y + bias

    def rotate(self, x):
        """x: [batch, heads, length, size]; the pair of dimension i is i + size / 2."""
        half = self.size // 2
        frequency = self.theta ** (-torch.arange(half, dtype=torch.float64) / half)
        angle = torch.arange(x.shape[2], dtype=torch.float64)[:, None] * frequency
        cos, sin = angle.cos().to(self.dtype), angle.sin().to(self.dtype)
        a, b = x[..., :half], x[..., half:]
        return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)

    def attention(self, x, name):
        batch, length, _ = x.shape

        def split(letter, heads):
            y = self.linear(x, f"{name}.{letter}_proj").view(batch, length, heads, self.size).transpose(1, 2)
            norm = f"{name}.{letter}_norm.weight"
            return self.norm(y, norm) if norm in self.weights else y
        q, k = self.rotate(split("q", self.heads)), self.rotate(split("k", self.groups))
        k, v = (t.repeat_interleave(self.heads // self.groups, 1) for t in (k, split("v", self.groups)))
        scores = q @ k.transpose(2, 3) / self.size ** 0.5
        future = torch.ones(length, length, dtype=torch.bool).triu(1)
        mixed = scores.masked_fill(future, float("-inf")).softmax(-1) @ v
        return self.linear(mixed.transpose(1, 2).reshape(batch, length, -1), name + ".o_proj")

    def hidden(self, ids):
        x = self.weights["model.embed_tokens.weight"][ids]
        for layer in range(self.layers):
            name = f"model.layers.{layer}."
            x = x + self.attention(self.norm(x, name + "input_layernorm.weight"), name + "self_attn")
            y = self.norm(x, name + "post_attention_layernorm.weight")
            gate = torch.nn.functional.silu(self.linear(y, name + "mlp.gate_proj"))
            x = x + self.linear(gate * self.linear(y, name + "mlp.up_proj"), name + "mlp.down_proj")
        return self.norm(x, "model.norm.weight")

    def scored(self, sequences, temperature):
        """Of each (ids, places): log-probability of what stands at each place, and entropy there; with a value head,
        the values read at the places, and None. Yields lists of (index, first, second), a chunk's graph at a time."""
        for chunk in chunks([len(ids) for ids, _ in sequences]):
            longest = max(len(sequences[i][0]) for i in chunk)
            x = self.hidden(torch.tensor([sequences[i][0] + [0] * (longest - len(sequences[i][0])) for i in chunk]))
            found = []
            for row, index in enumerate(chunk):
                ids, places = sequences[index]
                places = torch.tensor(places, dtype=torch.long)
                if self.head is None:
                    found.append((index, self.linear(x[row, places], "score")[:, 0], None))
                    continue
                logp = (x[row, places - 1] @ self.head.T / temperature).log_softmax(-1)
                taken = logp.gather(-1, torch.tensor(ids)[places][:, None])[:, 0]
                found.append((index, taken, -(logp.exp() * logp).sum(-1)))
            yield found

    def look(self, sequences, temperature=1.0):
        """Per sequence the numbers of `scored`, without graphs."""
        with torch.no_grad():
            return [found[1:] for chunk in self.scored(sequences, temperature) for found in chunk]

    def backward(self, sequences, loss, temperature=1.0):
        """Adds the gradient of loss(first, second), a function of what `look` finds, to the weights'."""
        seen = [tuple(None if t is None else t.clone().requires_grad_() for t in pair)
                for pair in self.look(sequences, temperature)]
        value = loss([pair[0] for pair in seen], [pair[1] for pair in seen])
        value.backward()
        for chunk in self.scored(sequences, temperature):
            pairs = [(t, s.grad) for i, *both in chunk for t, s in zip(both, seen[i]) if t is not None]
            pairs = [(t, g) for t, g in pairs if g is not None]
            torch.autograd.backward([t for t, _ in pairs], [g for _, g in pairs])
        return value.item()


def chunks(lengths):
    """Indices in order, at most CHUNK padded tokens together."""
    chunk = []
    for index, length in enumerate(lengths):
        if chunk and max(length, *(lengths[i] for i in chunk)) * (len(chunk) + 1) > CHUNK:
            yield chunk
            chunk = []
        chunk.append(index)
    if chunk:
        yield chunk
