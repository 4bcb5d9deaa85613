"""Tiny random value models (token classifiers of one label) by transformers: their directories, values, and PyTorch's
gradients.

    python Tests/Oracles/value_head.py            # writes Tests/Fixtures/values (needs torch, transformers, tokenizers)
    python Tests/Oracles/value_head.py critics    # writes Tests/Fixtures/critics: as TRL, OpenRLHF and ORZ save theirs
    GENAC_SAVE_TO=/tmp/saved swift test -c release --filter ValueModelTests
    python Tests/Oracles/value_head.py /tmp/saved # loads what we saved, and prints the largest difference of values

Each case of values: four sequences, three of which share prefixes; loss = sum of coefficient * value over every token.
"""
import json
import pathlib
import shutil
import sys

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    AutoModel, AutoModelForTokenClassification, LlamaConfig, LlamaForSequenceClassification,
    LlamaForTokenClassification, MistralConfig, MistralForCausalLM, PreTrainedTokenizerFast, Qwen2Config,
    Qwen2ForTokenClassification, Qwen2PreTrainedModel, Qwen3Config, Qwen3ForTokenClassification, Qwen3PreTrainedModel,
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


# Value models as other trainers save them. Each is written here after what the trainer's source does: which module
# reads which hidden state, under which names save_pretrained stores it, and what goes into config.json.


class Critic:
    """OpenRLHF's (openrlhf/models/model.py) and Open-Reasoner-Zero's (orz/ppo/models.py): a linear layer without a bias
    on the last hidden state, under a prefix that config.json may name; values less a mean, by a deviation."""

    @staticmethod
    def of(base, prefix):
        class CriticModel(base):
            def __init__(self, config):
                super().__init__(config)
                self.model = AutoModel.from_config(config)
                setattr(self, prefix, torch.nn.Linear(config.hidden_size, 1, bias=False))
                self.post_init()

            def forward(self, ids):
                values = getattr(self, prefix)(self.model(ids).last_hidden_state)
                if getattr(self.config, "normalize_reward", False):
                    values = (values - getattr(self.config, "mean", 0.0)) / getattr(self.config, "std", 1.0)
                return values

        return CriticModel


class WithValueHead(torch.nn.Module):
    """TRL's AutoModelForCausalLMWithValueHead: `summary` on hidden_states[-1], stored as v_head beside the model."""

    def __init__(self, language_model):
        super().__init__()
        self.pretrained_model = language_model
        self.v_head = torch.nn.Module()
        self.v_head.summary = torch.nn.Linear(language_model.config.hidden_size, 1)

    def forward(self, ids):
        return self.v_head.summary(self.pretrained_model(ids, output_hidden_states=True).hidden_states[-1])

    def save_pretrained(self, folder):
        state = self.pretrained_model.state_dict()
        state |= {"v_head." + key: value for key, value in self.v_head.state_dict().items()}
        self.pretrained_model.save_pretrained(folder, state_dict=state)


SMALL = dict(
    vocab_size=VOCABULARY, max_position_embeddings=128, hidden_size=16, intermediate_size=16, num_hidden_layers=2,
    num_attention_heads=2, num_key_value_heads=1, head_dim=8, attention_dropout=0.0, bos_token_id=0, eos_token_id=1)


def critic(name, seed, config, make):
    torch.manual_seed(seed)
    config._attn_implementation = "eager"
    model = make(config).float().eval()
    with torch.no_grad():
        for key, p in model.named_parameters():
            p.copy_(1 + 0.2 * torch.randn_like(p) if "norm" in key else 0.15 * torch.randn_like(p))
    sequences = [torch.randint(0, VOCABULARY, (n,)).tolist() for n in (40, 7)]
    with torch.no_grad():
        # A model for sequences gives one value, its last position's: of every beginning.
        values = [[float(model(torch.tensor([ids[:end]])).logits[0, 0]) for end in range(1, len(ids) + 1)]
                  if hasattr(model, "num_labels") and hasattr(model, "score") and not isinstance(model, CRITICS)
                  else model(torch.tensor([ids]))[0, :, 0].tolist() for ids in sequences]
    folder = OUT.parent / "critics" / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    words().save_pretrained(folder)
    (folder / "case.json").write_text(json.dumps(dict(sequences=sequences, values=values)))
    print(name, json.loads((folder / "config.json").read_text())["architectures"], values[1])


ORZ = Critic.of(Qwen2PreTrainedModel, "value_head")
OPENRLHF = Critic.of(Qwen3PreTrainedModel, "reader")
CRITICS = (ORZ, OPENRLHF)


def critics():
    critic("trl-sequences", 301, LlamaConfig(**SMALL, num_labels=1), LlamaForSequenceClassification)
    critic("trl-beside", 302, MistralConfig(**SMALL, sliding_window=None, tie_word_embeddings=False),
           lambda config: WithValueHead(MistralForCausalLM(config)))
    critic("orz", 303, Qwen2Config(**SMALL, normalize_reward=False), ORZ)
    critic("openrlhf", 304, Qwen3Config(
        **SMALL, value_head_prefix="reader", normalize_reward=True, mean=-0.375, std=1.7), OPENRLHF)


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


if sys.argv[1:] == ["critics"]:
    critics()
elif len(sys.argv) > 1:
    sys.exit(check(pathlib.Path(sys.argv[1])) > 1e-5)
else:
    for index, name in enumerate(CASES):
        case(name, 200 + index)
