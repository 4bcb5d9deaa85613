"""Small safetensors and GGUF files written by the real packages, and what they read back.

    /tmp/venv/bin/python Tests/Oracles/formats.py

Writes Tests/Fixtures/formats/: valid.safetensors, valid.gguf, lines.jsonl (with the hand-written config.json
there, the seeds of the damage tests), and Tests/Fixtures/gguf-types/: TYPE.gguf (one tensor "t" of 4 x 64,
quantised by gguf-py; of K-quants, which it cannot make, 4 x 512 of random blocks) beside expected.safetensors (f32,
dequantised by gguf-py, one tensor per TYPE).
"""

import json
import pathlib

import gguf
import numpy as np
from safetensors.numpy import save_file

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "Fixtures"
TYPES = ["F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1"]
# Where the fp16 factors of a block stand.
K_TYPES = {"Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208]}


def bf16(values):
    return gguf.quants.quantize(values, gguf.GGMLQuantizationType.BF16)


def random_blocks(rng, kind, factors, blocks):
    """Every bit of a block is drawn, but for its factors: they are numbers."""
    stored = rng.integers(0, 256, (blocks, gguf.GGML_QUANT_SIZES[kind][1]), dtype=np.uint8)
    for at in factors:
        stored[:, at:at + 2] = rng.standard_normal((blocks, 1)).astype(np.float16).view(np.uint8)
    return stored


def gguf_types():
    folder = FIXTURES / "gguf-types"
    folder.mkdir(parents=True, exist_ok=True)
    expected = {}
    for name in TYPES:
        kind = gguf.GGMLQuantizationType[name]
        rng = np.random.default_rng(100 + kind)
        values = rng.standard_normal((4, 64)).astype(np.float32)
        values[0, :32] = 0  # a block with no scale
        values[1, 3] = 60.0  # an outlier
        expected[name] = one_type(folder, name, kind, gguf.quants.quantize(values, kind))
    for name, factors in K_TYPES.items():
        kind = gguf.GGMLQuantizationType[name]
        stored = random_blocks(np.random.default_rng(100 + kind), kind, factors, 8)
        expected[name] = one_type(folder, name, kind, stored.reshape(4, -1))
    save_file(expected, folder / "expected.safetensors")


def one_type(folder, name, kind, stored):
    """Writes the file of one tensor, and returns what its numbers are."""
    writer = gguf.GGUFWriter(folder / f"{name}.gguf", "test")
    writer.add_tensor("t", stored, raw_dtype=kind)
    write(writer)
    return gguf.quants.dequantize(stored, kind).astype(np.float32)


def write(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def valid_gguf(rng, path):
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_uint32("test.count", 7)
    writer.add_int8("test.negative", -3)
    writer.add_uint64("test.large", 2**63 + 5)
    writer.add_float32("test.float", 0.5)
    writer.add_float64("test.double", 0.1)
    writer.add_bool("test.flag", True)
    writer.add_string("test.text", "héllo")
    writer.add_array("test.tokens", ["a", "é", "e\u0301", ""])
    writer.add_array("test.types", [1, 2, -3])
    writer.add_array("test.scores", [0.25, -1.5])
    kind = gguf.GGMLQuantizationType
    writer.add_tensor("a", rng.standard_normal((3, 32)).astype(np.float32))
    for name in ["F16", "BF16", "Q8_0", "Q4_1", "Q4_0", "Q5_0"]:
        values = rng.standard_normal((2, 64)).astype(np.float32)
        writer.add_tensor(name.lower(), gguf.quants.quantize(values, kind[name]), raw_dtype=kind[name])
    writer.add_tensor("tq2_0", gguf.quants.quantize(np.ones((1, 256), np.float32), kind.TQ2_0), raw_dtype=kind.TQ2_0)
    writer.add_tensor("cube", np.arange(24, dtype=np.float32).reshape(2, 3, 4))
    write(writer)


def valid_safetensors(rng, path):
    import torch
    from safetensors.torch import save_file as save_torch

    save_torch(
        {
            "weight": torch.arange(12, dtype=torch.float32).reshape(3, 4),
            "half": torch.arange(6).reshape(2, 3).to(torch.float16),
            "brain": torch.arange(6).reshape(2, 3).to(torch.bfloat16) / 3,
            "bytes": torch.arange(3, dtype=torch.uint8),
            "scalar": torch.tensor(2.5),
            "empty": torch.zeros(0, 4),
            "e\u0301": torch.ones(2),
            "\u00e9": torch.zeros(2),
        },
        path,
        metadata={"format": "pt", "note": "héllo"},
    )


def main():
    rng = np.random.default_rng(7)
    folder = FIXTURES / "formats"
    folder.mkdir(parents=True, exist_ok=True)
    gguf_types()
    valid_gguf(rng, folder / "valid.gguf")
    valid_safetensors(rng, folder / "valid.safetensors")
    rows = [{"question": f"{i} + {i}?", "answer": f"#### {2 * i}", "é": None, "n": [i, i / 3]} for i in range(8)]
    lines = [json.dumps(row, ensure_ascii=i % 2 == 0) + "\n" for i, row in enumerate(rows)]
    (folder / "lines.jsonl").write_text("".join(lines))


main()
