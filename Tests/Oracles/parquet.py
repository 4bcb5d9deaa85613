"""Parquet files by pyarrow, and what pyarrow reads in each, for Tests/ParquetTests.

    python Tests/Oracles/parquet.py            # needs pyarrow, numpy; writes Tests/Fixtures/parquet

NAME.parquet beside NAME.json: its rows as genac is to give them. Sources/Parquet/Values says what values become; the
rule here is written anew from pyarrow's scalars. NaN and infinity, which JSON has no word for, stand as "$nan", "$inf".
The files in `refused` are each a thing that is not read; parquet_footer.py makes them.
"""

import base64
import datetime as dt
import decimal
import json
import pathlib
import shutil
import uuid

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import parquet_footer as footer

HERE = pathlib.Path(__file__).resolve().parent.parent / "Fixtures" / "parquet"
D = decimal.Decimal


# What pyarrow reads, as JSON.

def number(x, kind):
    if np.isnan(x):
        return "$nan"
    if np.isinf(x):
        return "$inf" if x > 0 else "$-inf"
    return float(x) if x == int(x) and abs(x) < 2**24 else float(str(kind(x)))


def clock(value, unit):
    """A time of the day."""
    text = str(np.datetime64(int(value), unit))
    return text[text.index("T") + 1:]


def say(cell):
    kind = cell.type
    if not cell.is_valid or pa.types.is_null(kind):
        return None
    if isinstance(kind, pa.DictionaryType):
        return say(cell.value)
    if isinstance(kind, pa.UuidType):
        return str(cell.as_py())
    if isinstance(kind, pa.BaseExtensionType):
        return say(cell.value)
    if pa.types.is_struct(kind):
        return {name: say(cell[name]) for name in [f.name for f in kind]}
    if pa.types.is_map(kind):
        return {key_text(say(entry["key"])): say(entry["value"]) for entry in cell.values}
    if isinstance(cell, pa.ListScalar):
        return [say(element) for element in cell.values]
    if pa.types.is_timestamp(kind):
        return str(np.datetime64(cell.value, kind.unit)) + ("Z" if kind.tz else "")
    if pa.types.is_time(kind):
        return clock(cell.value, kind.unit)
    if pa.types.is_date(kind):
        return cell.as_py().isoformat()
    if pa.types.is_duration(kind):
        return cell.value
    if pa.types.is_decimal(kind):
        return whole(int(cell.as_py())) if kind.scale == 0 else format(cell.as_py(), "f")
    if pa.types.is_floating(kind):
        width = {16: np.float16, 32: np.float32, 64: np.float64}[kind.bit_width]
        return number(cell.as_py(), width)
    value = cell.as_py()
    if isinstance(value, bytes):
        # Texts that their writer did not mark as such; a fixed length says that they are none.
        try:
            return base64.b64encode(value).decode() if pa.types.is_fixed_size_binary(kind) else value.decode()
        except UnicodeDecodeError:
            return {"base64": base64.b64encode(value).decode()}
    return whole(value) if isinstance(value, int) and not isinstance(value, bool) else value


def whole(value):
    return value if -2**63 <= value < 2**63 else str(value)


def key_text(key):
    return key if isinstance(key, str) else json.dumps(key)


def rows(path):
    table = pq.read_table(path)
    columns = [[say(cell) for cell in column] for column in table.columns]
    return [dict(zip(table.column_names, row)) for row in zip(*columns)] if columns else []


def expect(name):
    path = HERE / f"{name}.parquet"
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows(path))
    (HERE / f"{name}.json").write_text(f"[{lines}]\n")


def write(name, table, **options):
    options = {"compression": "none", "store_schema": False, "use_dictionary": False, **options}
    pq.write_table(table, HERE / f"{name}.parquet", **options)
    expect(name)


# Tables.

def primitives(count=40):
    order = range(count)
    return pa.table({
        "flag": pa.array([i % 3 == 0 for i in order]),
        "i32": pa.array([i * 7919 - 100000 for i in order], pa.int32()),
        "i64": pa.array([(-1) ** i * 3**min(i, 39) for i in order], pa.int64()),
        "f32": pa.array([i / 7 for i in order], pa.float32()),
        "f64": pa.array([i / 7 for i in order], pa.float64()),
        "text": pa.array([f"The {i}th: \\frac{{{i}}}{{7}} é \U0001F600" for i in order]),
        "maybe": pa.array([None if i % 4 == 1 else "yes" if i % 2 else "no" for i in order]),
        "raw": pa.array([bytes([i, 255 - i]) * (i % 4) for i in order], pa.binary()),
    })


def nulls():
    n = 30
    return pa.table({
        "nothing": pa.nulls(n), "all": pa.array([None] * n, pa.string()),
        "runs": pa.array([None] * 10 + list(range(10)) + [None] * 10, pa.int64()),
        "every": pa.array([None if i % 2 else i / 4 for i in range(n)]),
        "never": pa.array([i % 5 == 0 for i in range(n)]),
        "lists": pa.array([None if i % 3 == 0 else [None] * (i % 4) for i in range(n)], pa.list_(pa.int8())),
    })


def integers():
    columns = {}
    for bits in (8, 16, 32, 64):
        low, high = -2**(bits - 1), 2**(bits - 1) - 1
        columns[f"int{bits}"] = pa.array([low, -1, 0, None, high], getattr(pa, f"int{bits}")())
        columns[f"uint{bits}"] = pa.array([0, 1, 2**bits - 1, None, high + 1], getattr(pa, f"uint{bits}")())
    return pa.table(columns)


def decimals():
    def of(kind, digits):
        point = D(1).scaleb(-kind.scale)
        most = (D(10)**digits - 1) * point
        return pa.array([most, -most, point, -point, D(0), None, (12 * point)], kind)

    with decimal.localcontext() as context:
        context.prec = 80
        return pa.table({
            "d9": of(pa.decimal128(9, 2), 9), "d18": of(pa.decimal128(18, 6), 18), "d38": of(pa.decimal128(38, 10), 38),
            "d76": of(pa.decimal256(76, 75), 76), "whole": of(pa.decimal128(38, 0), 38),
            "small": of(pa.decimal128(18, 0), 18), "huge": of(pa.decimal256(76, 0), 76),
        })


def times():
    stamps = [-2208988800, -1, 0, 951782400, 1709164799, None, 4102444800]
    def at(unit, scale, zone=None):
        values = [None if s is None else s * scale + s % 7 * (scale > 1) for s in stamps]
        return pa.array(values, pa.timestamp(unit, zone))
    clocks = [0, 1, 86399, 43200, None, 3661, 59]
    return pa.table({
        "ms": at("ms", 1000), "us": at("us", 10**6), "ns": at("ns", 10**9), "utc_ms": at("ms", 1000, "UTC"),
        "utc_us": at("us", 10**6, "Europe/Berlin"), "utc_ns": at("ns", 10**9, "UTC"), "s": at("s", 1),
        "day": pa.array([-719162, -1, 0, 11016, 19782, None, 2932896], pa.date32()),
        "t32": pa.array([None if c is None else c * 1000 + 7 for c in clocks], pa.time32("ms")),
        "t64": pa.array([None if c is None else c * 10**6 + 7 for c in clocks], pa.time64("us")),
        "t64ns": pa.array([None if c is None else c * 10**9 + 7 for c in clocks], pa.time64("ns")),
    })


def floats():
    values = [0.0, -0.0, 1.0, -2.5, 0.1, 1 / 3, 65504.0, 6e-8, float("nan"), float("inf"), float("-inf"), None]
    return pa.table({
        "f16": pa.array([None if v is None else np.float16(v) for v in values], pa.float16()),
        "f32": pa.array(values, pa.float32()),
        "f64": pa.array([*values[:-3], 1.7976931348623157e308, 5e-324, None], pa.float64()),
    })


def lists():
    inner = [None, [], [1], [1, None, 3], [None], [], [7, 8]]
    texts = [["a"], None, [], ["b", None, "", "ccc"], ["d"] * 5, [None, None], []]
    return pa.table({
        "ints": pa.array(inner, pa.list_(pa.int64())), "texts": pa.array(texts, pa.list_(pa.string())),
        "large": pa.array(inner, pa.large_list(pa.int16())),
        "two": pa.array([[1, 2], None, [3, None], [5, 6], [7, 8], [9, 10], None], pa.list_(pa.float32(), 2)),
    })


def deep():
    rows = [None, [], [None], [[]], [[None]], [["x"], [], None, ["y", None]], [["z"] * 3] * 3]
    more = [[r, None, r] if i % 2 else None for i, r in enumerate(rows)]
    return pa.table({
        "two": pa.array(rows, pa.list_(pa.list_(pa.string()))),
        "three": pa.array(more, pa.list_(pa.list_(pa.list_(pa.string())))),
    })


def structs():
    inner = pa.struct([("c", pa.string()), ("d", pa.list_(pa.int32()))])
    kind = pa.struct([("a", pa.int64()), ("b", inner), pa.field("e", pa.bool_(), nullable=False)])
    rows = [{"a": 1, "b": {"c": "x", "d": [1, 2]}, "e": True}, None, {"a": None, "b": None, "e": False},
            {"a": 4, "b": {"c": None, "d": None}, "e": True}, {"a": 5, "b": {"c": "", "d": []}, "e": False}]
    needed = [{"a": i, "b": {"c": "y", "d": [i]}, "e": True} for i in range(5)]
    return pa.table([pa.array(rows, kind), pa.array(needed, kind)],
                    schema=pa.schema([("s", kind), pa.field("needed", kind, nullable=False)]))


def maps():
    return pa.table({
        "words": pa.array([[("a", 1), ("b", None)], [], None, [("é", 3)], [("a", 1), ("z", 5), ("a", 9)]],
                          pa.map_(pa.string(), pa.int64())),
        "numbers": pa.array([[(1, "x")], [(-5, None), (2, "")], None, [], [(9, "y")]],
                            pa.map_(pa.int32(), pa.string())),
        "nested": pa.array([[("k", [1, None])], None, [("k", None), ("l", [])], [], [("m", [3])]],
                           pa.map_(pa.string(), pa.list_(pa.int64()))),
        "in_list": pa.array([[[("k", 1)], [], None], None, [], [None], [[("m", 3), ("n", 4)]]],
                            pa.list_(pa.map_(pa.string(), pa.int64()))),
    })


def chats(count=60):
    """As verl's data preparation writes it."""
    def row(i):
        return {
            "data_source": "openai/gsm8k" if i % 2 else "lighteval/MATH",
            "prompt": [{"content": f"What is {i} + {i * i}?", "role": "user"}][: 1 + i % 2]
            + ([{"content": f"And \\boxed{{{i}}}?", "role": "user"}] if i % 5 == 0 else []),
            "ability": "math", "reward_model": {"ground_truth": str(i + i * i), "style": "rule"},
            "extra_info": {"answer": None if i % 7 == 0 else f"#### {i}", "index": i, "split": "train",
                           "tools": None if i % 3 else [f"t{i}", None]},
        }
    return pa.Table.from_pylist([row(i) for i in range(count)])


def other():
    values = ["a", "b", None, "a", "c"]
    return pa.table({
        "category": pa.array(values).dictionary_encode(), "wait": pa.array([1, None, 3, 4, 5], pa.duration("us")),
        "view": pa.array(values, pa.string_view()), "large": pa.array(values, pa.large_string()),
        "raw16": pa.array([bytes(range(i, i + 16)) for i in range(5)], pa.binary(16)),
        "id": pa.array([uuid.UUID(int=i * 7**20).bytes for i in range(5)], pa.uuid()),
        "json": pa.array(['{"a": 1}', "[]", None, "3", '"x"'], pa.json_()),
    })


def names():
    return pa.table({"a.b": [1], "ein Wort": [2], "\u65e5\u672c": [3], "e\u0301": [4], "\u00e9": [5], "": [6]})


def big():
    """100 MB of text in one row group: eight texts of 10 kB, 1250 times."""
    texts = [(f"Step {i}: {i} times 7 is {7 * i}, so we add {i}. " * 300)[:10000] for i in range(8)]
    table = pa.table({"text": texts * 1250, "number": list(range(10000))})
    path = HERE / "big.parquet"
    pq.write_table(table, path, compression="zstd", compression_level=19, use_dictionary=False, data_page_size=1 << 20)
    assert pq.read_table(path).equals(table)
    (HERE / "big.json").write_text(json.dumps(texts) + "\n")


def fixtures():
    encodings = lambda table, name: {"column_encoding": {c: name for c in table.column_names}}
    for codec in ("none", "snappy", "zstd", "gzip"):
        for version in ("1.0", "2.0"):
            write(f"{codec}-v{version[0]}", primitives(), compression=codec, data_page_version=version,
                  use_dictionary=codec in ("snappy", "gzip"))
    write("dictionary-full", primitives(200), use_dictionary=True, dictionary_pagesize_limit=512, data_page_size=256,
          write_batch_size=16)
    write("old-format", primitives(), version="1.0", use_dictionary=True, compression="snappy")
    wide = pa.table({
        "i32": pa.array([2**31 - 1, -2**31, None, 0, *range(300), *([5] * 200)], pa.int32()),
        "i64": pa.array([2**63 - 1, -2**63, None, *[i * i * i for i in range(501)]], pa.int64()),
    })
    write("delta-integers", wide, **encodings(wide, "DELTA_BINARY_PACKED"))
    write("delta-integers-v2", wide, data_page_version="2.0", data_page_size=200, write_batch_size=32,
          **encodings(wide, "DELTA_BINARY_PACKED"))
    texts = pa.table({"text": pa.array([None if i % 11 == 3 else "prefix" * (i % 5) + str(i) for i in range(400)]),
                      "raw": pa.array([bytes([i % 251]) * (i % 9) for i in range(400)], pa.binary())})
    write("delta-lengths", texts, **encodings(texts, "DELTA_LENGTH_BYTE_ARRAY"))
    write("delta-texts", texts, compression="zstd", **encodings(texts, "DELTA_BYTE_ARRAY"))
    fixed = pa.table({"raw": pa.array([i.to_bytes(6, "big") for i in range(300)], pa.binary(6))})
    write("delta-fixed", fixed, **encodings(fixed, "DELTA_BYTE_ARRAY"))
    halves = floats()["f16"].combine_chunks().take(pa.array([i % 12 for i in range(40)]))
    split = primitives().select(["i32", "i64", "f32", "f64"]).append_column("f16", halves)
    write("split-streams", split, compression="zstd", **encodings(split, "BYTE_STREAM_SPLIT"))
    flags = pa.table({"flag": pa.array([None if i % 13 == 5 else i % 50 > 20 for i in range(500)])})
    write("run-length-flags", flags, data_page_version="2.0", **encodings(flags, "RLE"))
    simple = {"nulls": nulls, "integers": integers, "decimals": decimals, "times": times, "floats": floats,
              "lists": lists, "deep": deep, "structs": structs, "maps": maps, "names": names}
    for name, table in simple.items():
        write(name, table(), use_dictionary=name in ("lists", "maps"), compression="snappy",
              data_page_version="2.0" if name in ("deep", "nulls") else "1.0")
    write("decimals-as-integers", decimals().select(["d9", "d18", "small"]), store_decimal_as_integer=True)
    write("int96", times().select(["ns", "us"]), use_deprecated_int96_timestamps=True, use_dictionary=True)
    write("other", other(), store_schema=True, use_dictionary=True, compression="zstd")
    write("verl", chats(), compression="snappy", store_schema=True, use_dictionary=True)
    write("row-groups", chats(), compression="zstd", row_group_size=7, data_page_size=64, write_batch_size=2,
          data_page_version="2.0")
    write("check-sums", primitives(), write_page_checksum=True, compression="gzip")
    write("item-lists", pa.table({"l": lists()["ints"], "m": lists()["texts"]}), use_compliant_nested_type=False)
    write("no-rows", primitives(0))
    small = chats(4).select(["data_source", "extra_info"])
    write("small-v1", small, use_dictionary=True, compression="snappy")
    write("small-v2", small, use_dictionary=True, compression="zstd", data_page_version="2.0")
    short = wide.slice(0, 6).append_column("text", pa.array(["a", "ab", None, "abc", "b", ""]))
    write("small-delta", short, column_encoding={"i32": "DELTA_BINARY_PACKED", "i64": "BYTE_STREAM_SPLIT",
                                                 "text": "DELTA_BYTE_ARRAY"}, compression="gzip")
    write("no-columns", pa.table({}))
    big()


def main():
    shutil.rmtree(HERE, ignore_errors=True)
    (HERE / "refused").mkdir(parents=True)
    fixtures()
    footer.old_lists(HERE, expect)
    footer.refused(HERE / "refused", primitives(8), chats(3))
    total = sum(f.stat().st_size for f in HERE.rglob("*") if f.is_file())
    good, bad = (len(list(folder.glob("*.parquet"))) for folder in (HERE, HERE / "refused"))
    print(f"{good} files, {bad} refused, {total} bytes")


if __name__ == "__main__":
    main()
