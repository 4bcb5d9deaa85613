"""Tiny random value models (token classifiers of one label) by transformers: their directories, values, and PyTorch's
gradients.

    python Tests/Oracles/value_head.py            # writes Tests/Fixtures/values (needs torch, transformers, tokenizers)
    GENAC_SAVE_TO=/tmp/saved swift test -c release --filter ValueModelTests
    python Tests/Oracles/value_head.py /tmp/saved # loads what we saved, and prints the largest difference of values

Each case: four sequences, three of which share prefixes; loss = sum of coefficient * value over every token.
"""
import json
import pathlib
import shutil
import sys

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    AutoModelForTokenClassification, LlamaConfig, LlamaForTokenClassification, PreTrainedTokenizerFast, Qwen2Config,
    Qwen2ForTokenClassification, Qwen3Config, Qwen3ForTokenClassification,
)

OUT = pathlib.Path(__file__).resolve().parent.parent / "Fixtures" / "values"
VOCABULARY = 61
COMMON = dict(
    vocab_size=VOCABULARY, max_position_embeddings=128, rms_norm_eps=1e-5, attention_dropout=0.0, num_labels=1,
    classifier_dropout=0.0, bos_token_id=0, eos_token_id=1)
CASES = {
    "llama": (LlamaConfig, LlamaForTokenClassification, dict(
        hidden_size=36, intermediate_size=32, num_hidden_layers=2, num_attention_heads=6, num_key_value_heads=2,
        head_dim=6, rope_theta=10000.0, tie_word_embeddings=False)),
    "qwen2": (Qwen2Config, Qwen2ForTokenClassification, dict(
        hidden_size=32, intermediate_size=32, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
        rope_theta=10000.0, tie_word_embeddings=True)),
    "qwen3": (Qwen3Config, Qwen3ForTokenClassification, dict(
        hidden_size=16, intermediate_size=16, num_hidden_layers=2, num_attention_heads=3, num_key_value_heads=1,
        head_dim=10, rope_theta=10000.0, tie_word_embeddings=False)),
}


def words():
    """Two special tokens and the first 59 of the byte alphabet: enough for a directory to be whole."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {"<s>": 0, "</s>": 1, **{letter: 2 + i for i, letter in enumerate(alphabet[:VOCABULARY - 2])}}
    bpe = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=bpe, bos_token="<s>", eos_token="</s>")


def values_of(model, sequences):
    return [model(torch.tensor([s])).logits[0, :, 0].float() for s in sequences]


def case(name, seed):
    config_class, model_class, fields = CASES[name]
    torch.manual_seed(seed)
    config = config_class(**COMMON, **fields)
    config._attn_implementation = "eager"
    model = model_class(config).float().eval()
    with torch.no_grad():
        for key, p in model.named_parameters():
            p.copy_(1 + 0.2 * torch.randn_like(p) if "norm" in key else 0.15 * torch.randn_like(p))
    draw = lambda n: torch.randint(0, VOCABULARY, (n,)).tolist()
    trunk, branch = draw(20), draw(7)
    sequences = [trunk + draw(50), trunk + branch + draw(9), trunk + branch + draw(4), draw(6)]
    coefficients = [torch.randn(len(s)).tolist() for s in sequences]
    values = values_of(model, sequences)
    sum((v * torch.tensor(c)).sum() for v, c in zip(values, coefficients)).backward()
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    words().save_pretrained(folder)
    save_file({k: p.grad.contiguous() for k, p in model.named_parameters()}, folder / "gradients.expected.safetensors")
    (folder / "case.json").write_text(json.dumps(dict(
        trunk=len(trunk), branch=len(branch), sequences=sequences, coefficients=coefficients,
        values=[v.tolist() for v in values])))


def check(saved):
    worst = 0.0
    for name in CASES:
        expected = json.loads((OUT / name / "case.json").read_text())
        model, info = AutoModelForTokenClassification.from_pretrained(
            saved / name, dtype=torch.float32, output_loading_info=True)
        left = {key: found for key, found in info.items() if found}
        assert not left, left
        assert model.config.num_labels == 1
        with torch.no_grad():
            found = values_of(model.eval(), expected["sequences"])
        difference = max(float((v - torch.tensor(e)).abs().max()) for v, e in zip(found, expected["values"]))
        print(f"{name}: {type(model).__name__}, nothing missing, largest difference of values {difference:.2e}")
        worst = max(worst, difference)
    return worst


if len(sys.argv) > 1:
    sys.exit(check(pathlib.Path(sys.argv[1])) > 1e-5)
for index, name in enumerate(CASES):
    case(name, 200 + index)
