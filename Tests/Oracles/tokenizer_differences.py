"""Compares genac's ids with those of the peers on 10,000 strings and more, in vocabularies of any size.

    /tmp/venv/bin/python Tests/Oracles/tokenizer_differences.py .build/release/genac VOCABULARY...

A VOCABULARY is a tokenizer.json (its peer: tokenizers), a tokenizer.model or *.model* of SentencePiece's BPE (its peer:
sentencepiece), or the .gguf of a model of such pieces (its peer: tokenizers, put together as transformers does, which
does not know how a byte-level one cuts texts: tokenizers_real.py compares those). A file gets random weights of 8
dimensions around it, so that genac loads it. Special tokens are recognised; SentencePiece recognises none, so that
texts that spell one are left out there. Prints how many ids differ (0 everywhere), and the first few.
"""
import json, random, shutil, subprocess, sys, tempfile
from pathlib import Path

import numpy
from safetensors.numpy import save_file

STRINGS = Path(__file__).resolve().parent.parent / "Fixtures" / "tokenizers" / "strings.json"


def strings():
    """The strings of the fixtures, and runs of blanks, line breaks and markers, which pieces are made of."""
    random.seed(20261130)
    parts = [" ", "  ", "\n", "\t", "a", "the ", "\u2581", "<s>", "</s>", "<bos>", "<end_of_turn>", "[INST]", "é", "漢",
             "😀", "1", "23", "<0x41>", "<unk>"]
    texts = json.loads(STRINGS.read_text())
    for n in range(1, 70):
        texts += [" " * n + "x", "a" + " " * n, "\n" * n, "\t" * n]
    texts += ["".join(random.choice(parts) for _ in range(random.randrange(2, 30))) for _ in range(1000)]
    return [text for text in dict.fromkeys(texts) if "\0" not in text]


def weights(folder, rows):
    shapes = {"model.embed_tokens.weight": (rows, 8), "model.norm.weight": (8,)}
    layer = {"input_layernorm": (8,), "post_attention_layernorm": (8,), "mlp.gate_proj": (8, 8), "mlp.up_proj": (8, 8),
             "mlp.down_proj": (8, 8), **{f"self_attn.{x}_proj": (8, 8) for x in "qkvo"}}
    shapes.update({f"model.layers.0.{name}.weight": shape for name, shape in layer.items()})
    save_file({name: numpy.ones(shape, numpy.float32) for name, shape in shapes.items()}, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps({
        "model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 8, "intermediate_size": 8,
        "num_hidden_layers": 1, "num_attention_heads": 1, "num_key_value_heads": 1, "vocab_size": rows,
        "max_position_embeddings": 8192, "rms_norm_eps": 1e-6, "rope_theta": 1e4, "tie_word_embeddings": True,
        "hidden_act": "silu"}))


def peer(path, folder):
    """What genac loads, and the peer's ids of a text; None for a text that the peer reads otherwise."""
    if path.suffix == ".gguf":
        import gguf
        from transformers.integrations.gguf.gguf_tokenizer_mapping import convert_gguf_tokenizer, get_gguf_tokenizer
        architecture, settings, _ = get_gguf_tokenizer(str(path))
        fields = gguf.GGUFReader(path).fields
        if fields["tokenizer.ggml.model"].contents() == "gpt2":
            sys.exit(f"{path}: byte-level; tokenizers_real.py compares those")
        for key in ("token_type", "scores"):
            if f"tokenizer.ggml.{key}" in fields:
                settings[key] = fields[f"tokenizer.ggml.{key}"].contents()
        tokenizer, _ = convert_gguf_tokenizer(architecture, settings)
        return path, lambda text: tokenizer.encode(text, add_special_tokens=False).ids
    if path.suffix == ".json":
        from tokenizers import Tokenizer
        tokenizer = Tokenizer.from_file(str(path))
        shutil.copy(path, folder / "tokenizer.json")
        weights(folder, max(tokenizer.get_vocab().values()) + 1)
        return folder, lambda text: tokenizer.encode(text, add_special_tokens=False).ids
    import sentencepiece
    processor = sentencepiece.SentencePieceProcessor(model_file=str(path))
    shutil.copy(path, folder / "tokenizer.model")
    weights(folder, processor.get_piece_size())
    spelled = [processor.id_to_piece(i) for i in range(processor.get_piece_size())
               if processor.is_control(i) or processor.is_unknown(i)]
    return folder, lambda text: None if any(piece in text for piece in spelled) else processor.encode(text)


def typed(text):
    return "$'" + json.dumps(text)[1:-1].replace("'", "\\'") + "'"


def genac(program, model, texts):
    with tempfile.TemporaryDirectory() as workspace:
        script = Path(workspace, "tokenize.genac")
        script.write_text("\n".join([f"load actor {json.dumps(str(model))}"] + [f"tokenize {typed(t)}" for t in texts]))
        run = subprocess.run([program, "--bare", "--json", "--workspace", workspace, str(script)], capture_output=True,
                             text=True)
    if run.returncode:
        sys.exit(f"{model}: genac ended with {run.returncode}\n{run.stdout[-1000:]}{run.stderr[-1000:]}")
    results = [json.loads(line) for line in run.stdout.split("\n") if line]
    return [result["ids"] for result in results if result["command"] == "tokenize"]


def main():
    texts = [text for text in strings() if text]
    for name in sys.argv[2:]:
        with tempfile.TemporaryDirectory() as folder:
            model, ids = peer(Path(name), Path(folder))
            found = genac(sys.argv[1], model, texts)
        assert len(found) == len(texts)
        pairs = [(text, ids(text), mine) for text, mine in zip(texts, found)]
        compared = [pair for pair in pairs if pair[1] is not None]
        differing = [pair for pair in compared if pair[1] != pair[2]]
        print(f"{name}: {len(compared)} strings, {len(differing)} differ")
        for text, wanted, mine in differing[:5]:
            print(f"  {text[:60]!r}\n    peer  {wanted[:20]}\n    genac {mine[:20]}")


if __name__ == "__main__":
    main()
