"""Trains two small SentencePiece vocabularies and encodes the 10,000 strings with `tokenizers` and SentencePiece.

    /tmp/venv/bin/python Tests/Oracles/tokenizers_pieces.py

One in Llama 2's manner, one in Gemma's. Writes Tests/Fixtures/tokenizers/: NAME.model (SentencePiece's own file),
NAME.gguf (its vocabulary as llama.cpp's converter writes it), NAME.json (tokenizer.json, converted from the model as
transformers' own converters do), NAME.ids; tiny-style.model, whose pieces fit the checkpoints of Tests/Fixtures; and
pieces-variants.json (by name, other steps around the same model) with pieces-variants.ids (on every tenth string).
Digests are those of tokenizers_vocabularies.py. Where SentencePiece itself must come to the same ids, it is asserted.
"""
import io, json, random

import gguf
import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from tokenizers_vocabularies import OUT, corpus, decoded, encodings

BLANK = "\u2581"
NORMAL, UNKNOWN, CONTROL, USER_DEFINED, BYTE = 1, 2, 3, 4, 6
RUNS = ["\n" * n for n in range(2, 9)] + [BLANK * n for n in range(2, 9)] + ["\t" * n for n in range(2, 5)]
TAGS = ["<table>", "<tr>", "</tr>", "[multimodal]"]


def train(**settings):
    model = io.BytesIO()
    lines = (line for text in corpus() for line in text.split("\n") if line)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=lines, model_writer=model, model_type="bpe", byte_fallback=True, split_digits=True,
        normalization_rule_name="identity", remove_extra_whitespaces=False, allow_whitespace_only_pieces=True,
        character_coverage=0.999, num_threads=1, minloglevel=2, **settings)
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(model.getvalue())
    return proto


def llama():
    proto = train(vocab_size=1500)
    # As in Mistral's, runs of blanks are pieces of one score, below all others.
    runs = {BLANK * n for n in range(2, 15)} | {BLANK * 16}
    for piece in proto.pieces:
        if set(piece.piece) == {BLANK} and piece.type == NORMAL:
            piece.score = -1e9
            runs.discard(piece.piece)
    for run in sorted(runs):
        piece = proto.pieces.add()
        piece.piece, piece.score = run, -1e9
    return proto


def gemma():
    controls = ["<mask>", "<start_of_turn>", "<end_of_turn>"]
    return train(vocab_size=1800, add_dummy_prefix=False, pad_id=0, eos_id=1, bos_id=2, unk_id=3, pad_piece="<pad>",
                 eos_piece="<eos>", bos_piece="<bos>", control_symbols=controls, user_defined_symbols=RUNS + TAGS)


def tiny():
    """Fewer pieces than the checkpoints of Tests/Fixtures have rows, which is 288."""
    proto = sentencepiece_model_pb2.ModelProto()
    def add(text, score, kind):
        piece = proto.pieces.add()
        piece.piece, piece.score, piece.type = text, score, kind
    for text, kind in (("<unk>", UNKNOWN), ("<s>", CONTROL), ("</s>", CONTROL)):
        add(text, 0, kind)
    for byte in range(256):
        add(f"<0x{byte:02X}>", 0, BYTE)
    for rank, text in enumerate([BLANK + "t", "he", BLANK + "the", "in"] + list(BLANK + "etaoinshrdlucmfwypvbgk")):
        add(text, -rank, NORMAL)
    proto.trainer_spec.model_type = 2
    proto.trainer_spec.byte_fallback = True
    proto.normalizer_spec.remove_extra_whitespaces = False
    processor = sentencepiece.SentencePieceProcessor(model_proto=proto.SerializeToString())
    assert processor.encode("the thin", out_type=str) == [BLANK + "the", BLANK + "t", "h", "in"]
    return proto


def merges(proto, rank):
    """Every way of cutting a piece into two others: the best rank first, then the longest left half."""
    vocabulary = {p.piece: i for i, p in enumerate(proto.pieces)}
    found = []
    for i, p in enumerate(proto.pieces):
        for cut in range(1, len(p.piece)):
            left, right = p.piece[:cut], p.piece[cut:]
            if p.type not in (UNKNOWN, CONTROL) and left in vocabulary and right in vocabulary:
                found.append((rank(i, p), -cut, cut - len(p.piece), left, right))
    return vocabulary, [(left, right) for *_, left, right in sorted(found)]


def converted(proto, rank, llama):
    vocabulary, pairs = merges(proto, rank)
    tokenizer = Tokenizer(models.BPE(vocabulary, pairs, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    steps = [decoders.Replace(BLANK, " "), decoders.ByteFallback(), decoders.Fuse()]
    if llama:
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend(BLANK), normalizers.Replace(" ", BLANK)])
        steps.append(decoders.Strip(" ", 1, 0))
    else:
        tokenizer.normalizer = normalizers.Replace(" ", BLANK)
        tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tokenizer.decoder = decoders.Sequence(steps)
    tokenizer.add_special_tokens([AddedToken(p.piece, normalized=False, special=True) for p in proto.pieces
                                  if p.type in (UNKNOWN, CONTROL)])
    tokenizer.add_tokens([AddedToken(p.piece, normalized=False, special=False) for p in proto.pieces
                          if p.type == USER_DEFINED])
    bos = "<s>" if llama else "<bos>"
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A", pair=f"{bos} $A {bos}:1 $B:1", special_tokens=[(bos, vocabulary[bos])])
    return tokenizer


def write_gguf(path, proto, llama):
    writer = gguf.GGUFWriter(path, "llama" if llama else "gemma3")
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    # llama.cpp's converter spells blanks in pieces that a user defined as blanks.
    writer.add_token_list([p.piece.replace(BLANK, " ") if p.type == USER_DEFINED else p.piece for p in proto.pieces])
    writer.add_token_scores([-1000.0 if p.type in (UNKNOWN, CONTROL, USER_DEFINED) else p.score for p in proto.pieces])
    writer.add_token_types([p.type for p in proto.pieces])
    spec = proto.trainer_spec
    writer.add_bos_token_id(spec.bos_id)
    writer.add_eos_token_id(spec.eos_id)
    writer.add_unk_token_id(spec.unk_id)
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(llama)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()


def metaspace(scheme, split):
    return {"normalizer": None, "pre_tokenizer": {
        "type": "Metaspace", "replacement": BLANK, "prepend_scheme": scheme, "split": split}}


def variants(size):
    """Changes of llama-style.json: whole members, and the model's own."""
    escape = {"type": "Replace", "pattern": {"String": " "}, "content": BLANK}
    double = {"type": "Replace", "pattern": {"Regex": "\\A" + BLANK}, "content": BLANK * 2}
    result = {f"metaspace {scheme} {split}": metaspace(scheme, split)
              for scheme in ("first", "always", "never") for split in (False, True)}
    result["sentencepiece's own prefix"] = {
        **metaspace("always", False), "normalizer": {"type": "Sequence", "normalizers": [escape, double]}}
    result["no bytes"] = {"model": {"byte_fallback": False}}
    result["no bytes, unknown not fused"] = {"model": {"byte_fallback": False, "fuse_unk": False}}
    result["no bytes, no unknown"] = {"model": {"byte_fallback": False, "unk_token": None}}
    result["normalised added tokens"] = {"added_tokens": [
        {"id": 1, "content": "<s>", "single_word": False, "lstrip": False, "rstrip": False, "normalized": True,
         "special": True},
        {"id": size, "content": "two words", "single_word": False, "lstrip": True, "rstrip": False, "normalized": True,
         "special": False},
        {"id": size + 1, "content": "WORD", "single_word": True, "lstrip": False, "rstrip": True, "normalized": False,
         "special": False}]}
    return result


def changed(base, change):
    result = {**base, **{key: value for key, value in change.items() if key != "model"}}
    result["model"] = {**base["model"], **change.get("model", {})}
    return result


def check_sentencepiece(proto, tokenizer, texts, but=lambda text: False):
    processor = sentencepiece.SentencePieceProcessor(model_proto=proto.SerializeToString())
    tokenizer.encode_special_tokens = True
    differing = [text for text in texts if not but(text)
                 and processor.encode(text) != tokenizer.encode(text, add_special_tokens=False).ids]
    assert not differing, (len(differing), differing[:5])


def main():
    texts = json.loads((OUT / "strings.json").read_text())
    by_score = lambda i, piece: -piece.score
    by_id = lambda i, piece: i
    made = {"llama-style": (llama(), by_score, True), "gemma-style": (gemma(), by_id, False)}
    (OUT / "tiny-style.model").write_bytes(tiny().SerializeToString())
    samples = {}
    for name, (proto, rank, is_llama) in made.items():
        tokenizer = converted(proto, rank, is_llama)
        # A run of blanks beyond the longest piece is cut elsewhere by SentencePiece, which takes defined pieces first.
        check_sentencepiece(proto, tokenizer, texts, but=lambda text: not is_llama and " " * 9 in text)
        (OUT / f"{name}.model").write_bytes(proto.SerializeToString())
        write_gguf(str(OUT / f"{name}.gguf"), proto, is_llama)
        tokenizer.save(str(OUT / f"{name}.json"), pretty=False)
        (OUT / f"{name}.ids").write_bytes(encodings(tokenizer, texts))
        samples[name] = decoded(tokenizer, 300)
    (OUT / "pieces-decoded.json").write_text(json.dumps(samples, ensure_ascii=False, separators=(",", ":")) + "\n")
    base = json.loads((OUT / "llama-style.json").read_text())
    changes = variants(len(base["model"]["vocab"]))
    (OUT / "pieces-variants.json").write_text(json.dumps(changes, ensure_ascii=False, separators=(",", ":")) + "\n")
    (OUT / "pieces-variants.ids").write_bytes(b"".join(
        encodings(Tokenizer.from_str(json.dumps(changed(base, change))), texts[::10]) for change in changes.values()))


if __name__ == "__main__":
    main()
