"""Packed text files for Tests/UnpackingTests, by Python's gzip and by zstandard.

    python Tests/Oracles/unpacked.py            # needs zstandard; writes Tests/Fixtures/unpacked
"""

import gzip
import json
import pathlib

import zstandard

HERE = pathlib.Path(__file__).resolve().parent.parent / "Fixtures" / "unpacked"
LINES = "".join(json.dumps({"n": i, "text": f"{i} é \U0001F600"}, ensure_ascii=False) + "\n" for i in range(1500))


def main():
    HERE.mkdir(exist_ok=True)
    text, half = LINES.encode(), len(LINES.encode()) // 2
    gz = lambda data: gzip.compress(data, 9, mtime=0)
    zst = zstandard.ZstdCompressor(level=19).compress
    long = zstandard.ZstdCompressor(compression_params=zstandard.ZstdCompressionParameters(window_log=31)).compressobj()
    files = {
        "lines.jsonl": text, "lines.jsonl.gz": gz(text), "lines.jsonl.zst": zst(text),
        "members.jsonl.gz": gz(text[:half]) + gz(b"") + gz(text[half:]),
        "frames.jsonl.zst": b"\x5a\x2a\x4d\x18\x04\0\0\0skip" + zst(text[:half]) + zst(b"") + zst(text[half:]),
        "mark.jsonl.gz": gz(b"\xef\xbb\xbf" + text), "mark.jsonl": b"\xef\xbb\xbf" + text[: text.index(b"\n") + 1],
        "utf-16.jsonl.gz": gz(LINES[:500].encode("utf-16")), "utf-16le.jsonl": LINES[:50].encode("utf-16-le"),
        "utf-16be.jsonl.zst": zst(LINES[:500].encode("utf-16-be")), "utf-32.jsonl": LINES[:50].encode("utf-32"),
        "bomb.jsonl.gz": gz(b"[]\n" * (16 << 20)),
        "window.zst": long.compress(text[:1000]) + long.flush(),
        "empty.gz": gz(b""), "empty": b"", "mark": b"\xef\xbb\xbf", "zip.zip": b"PK\x03\x04" + bytes(30),
        "xz.xz": b"\xfd7zXZ\0" + bytes(30), "bzip2.bz2": b"BZh91AY" + bytes(30),
        "lz4.lz4": b"\x04\x22\x4d\x18" + bytes(9),
    }
    for name, data in files.items():
        (HERE / name).write_bytes(data)
    print(sum(f.stat().st_size for f in HERE.iterdir()), "bytes")


if __name__ == "__main__":
    main()
