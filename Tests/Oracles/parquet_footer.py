"""Parquet files that pyarrow does not write, made by changing the footer or a page's header of those it does: older
spellings of lists, and things that are refused. Used by parquet.py.

A structure of Thrift's compact protocol is a dict {field: (type, value)} here, a list (element type, [values]).
"""

import json
import struct

import pyarrow as pa
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

TRUE, FALSE, I8, I16, I32, I64, BINARY, LIST, STRUCT = 1, 2, 3, 4, 5, 6, 8, 9, 12
SCHEMA, ROWS, GROUPS = 2, 3, 4


class Reader:
    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def varint(self):
        value, shift = 0, 0
        while True:
            b = self.byte()
            value |= (b & 127) << shift
            shift += 7
            if b < 128:
                return value

    def zigzag(self):
        v = self.varint()
        return v >> 1 ^ -(v & 1)

    def value(self, kind):
        if kind == I8:
            return self.byte()
        if kind in (I16, I32, I64):
            return self.zigzag()
        if kind == BINARY:
            n = self.varint()
            self.at += n
            return bytes(self.data[self.at - n:self.at])
        if kind == LIST:
            h = self.byte()
            n, of = (self.varint() if h >> 4 == 15 else h >> 4), h & 15
            return of, [self.value(of) for _ in range(n)]
        if kind == STRUCT:
            return self.structure()
        raise ValueError(kind)

    def structure(self):
        fields, last = {}, 0
        while h := self.byte():
            last = last + (h >> 4) if h >> 4 else self.zigzag()
            kind = h & 15
            fields[last] = (kind, None if kind in (TRUE, FALSE) else self.value(kind))
        return fields


def varint(v):
    out = b""
    while v > 127:
        out += bytes([v & 127 | 128])
        v >>= 7
    return out + bytes([v])


def written(kind, value):
    if kind in (TRUE, FALSE):
        return b""
    if kind == I8:
        return bytes([value])
    if kind in (I16, I32, I64):
        return varint(value << 1 if value >= 0 else (-value << 1) - 1)
    if kind == BINARY:
        return varint(len(value)) + value
    if kind == LIST:
        of, items = value
        head = bytes([len(items) << 4 | of]) if len(items) < 15 else bytes([0xF0 | of]) + varint(len(items))
        return head + b"".join(written(of, item) for item in items)
    out, last = b"", 0
    for field in sorted(value):
        kind_, inner = value[field]
        out += bytes([field - last << 4 | kind_]) if field - last < 16 else bytes([kind_]) + written(I16, field)
        out += written(kind_, inner)
        last = field
    return out + b"\0"


def split(path):
    data = path.read_bytes()
    length = struct.unpack("<I", data[-8:-4])[0]
    return data[:-8 - length], Reader(data, len(data) - 8 - length).structure()


def save(path, body, meta):
    footer = written(STRUCT, meta)
    path.write_bytes(body + footer + struct.pack("<I", len(footer)) + b"PAR1")


def edit(path, change):
    body, meta = split(path)
    change(meta)
    save(path, body, meta)


def schema(meta):
    return meta[SCHEMA][1][1]


def chunk(meta, column=0):
    return meta[GROUPS][1][1][0][1][1][1][column]


def column(meta, number=0):
    return chunk(meta, number)[3][1]


def edit_page(path, change, number=0):
    """Changes the header of a column's first page."""
    body, meta = split(path)
    told = column(meta, number)
    start = told[11][1] if 11 in told else told[9][1]
    reader = Reader(body, start)
    header = reader.structure()
    before = reader.at - start
    change(header)
    new = written(STRUCT, header)
    body = body[:start] + new + body[reader.at:]
    longer = len(new) - before
    told[7] = (I64, told[7][1] + longer)
    for other in (column(meta, n) for n in range(len(meta[GROUPS][1][1][0][1][1][1]))):
        for place in (9, 11):
            if place in other and other[place][1] > start:
                other[place] = (I64, other[place][1] + longer)
    save(path, body, meta)


def plain(path, table, **options):
    pq.write_table(table, path, **{"compression": "none", "use_dictionary": False, "store_schema": False, **options})
    return path


# Older spellings of lists: the levels are the same, so that the pages need no change.

def old_lists(folder, expect):
    needed = pa.field("element", pa.int32(), nullable=False)
    ints = pa.table({"l": pa.array([[1, 2], [], [3], None, [4, 5, 6]], pa.list_(needed))})
    pair = pa.field("element", pa.struct([("a", pa.int32())]), nullable=False)
    structs = pa.table({"l": pa.array([[{"a": 1}, {"a": None}], None, [], [{"a": 3}]], pa.list_(pair))})
    always = pa.table([pa.array([[1, 2], [], [3]], pa.list_(needed))],
                      schema=pa.schema([pa.field("l", pa.list_(needed), nullable=False)]))

    def two_levels(meta):
        _, _, _, element = schema(meta)
        element.update({3: (I32, 2)})
        del schema(meta)[2]

    def bare(meta):
        del schema(meta)[1:3]
        schema(meta)[1].update({3: (I32, 2), 4: (BINARY, b"l")})

    def named(name):
        def change(meta):
            schema(meta)[2][4] = (BINARY, name)
            schema(meta)[2][5] = schema(meta)[3][5]
            del schema(meta)[3]
        return change

    def keys_alone(meta):
        schema(meta)[2][5] = (I32, 1)
        meta.pop(7)
        del schema(meta)[4], meta[GROUPS][1][1][0][1][1][1][1]

    sets = pa.table({"m": pa.array([[("a", 1), ("b", None)], [], None], pa.map_(pa.string(), pa.int8()))})
    for name, table, change in [("map-keys-alone", sets, keys_alone),
                                ("two-level-list", ints, two_levels), ("bare-repeated", always, bare),
                                ("array-list", structs, named(b"array")), ("tuple-list", structs, named(b"l_tuple"))]:
        path = plain(folder / f"{name}.parquet", table)
        edit(path, change)
        expect(name)


# What is refused, and words that the error must have.

class Kms(pe.KmsClient):
    def __init__(self, config):
        super().__init__()

    def wrap_key(self, key, name):
        return key

    def unwrap_key(self, key, name):
        return key


def encrypted(path, table, **options):
    factory = pe.CryptoFactory(Kms)
    config = pe.EncryptionConfiguration(footer_key="f", column_keys={"c": ["i64"]}, double_wrapping=False, **options)
    properties = factory.file_encryption_properties(pe.KmsConnectionConfig(), config)
    with pq.ParquetWriter(path, table.schema, encryption_properties=properties) as writer:
        writer.write_table(table)


def bomb(path, one_row):
    """Nulls without end, in a run of nine bytes: as many rows, or as many elements of one row's list."""
    many = 2**31 - 1
    table = pa.table({"l": pa.array([[None, None]])}) if one_row else pa.table({"n": pa.nulls(2, pa.int32())})
    plain(path, table.cast(pa.schema([("l", pa.list_(pa.int32()))])) if one_row else table)
    body, meta = split(path)
    run = lambda value, count: varint(count << 1) + bytes([value])
    levels = [run(0, 1) + run(1, many - 1), run(2, many)] if one_row else [run(0, many)]
    page = b"".join(struct.pack("<I", len(level)) + level for level in levels)
    header = {1: (I32, 0), 2: (I32, len(page)), 3: (I32, len(page)),
              5: (STRUCT, {1: (I32, many), 2: (I32, 0), 3: (I32, 3), 4: (I32, 3)})}
    told = column(meta)
    data = written(STRUCT, header) + page
    told.update({5: (I64, many), 7: (I64, len(data)), 9: (I64, 4)})
    told.pop(11, None)
    if not one_row:
        meta[ROWS] = meta[GROUPS][1][1][0][3] = (I64, many)
    save(path, b"PAR1" + data, meta)


def refused(folder, table, chats):
    words = {}

    def add(name, *expected, **options):
        words[name] = list(expected)
        return plain(folder / f"{name}.parquet", options.pop("table", table), **options)

    def edited(name, change, *expected, **options):
        edit(add(name, *expected, **options), change)

    def page(name, change, *expected, number=0, **options):
        edit_page(add(name, *expected, **options), change, number)

    def put(where, field, kind, value):
        return lambda meta: where(meta).update({field: (kind, value)})

    add("brotli", "Brotli", "column flag", compression="brotli")
    add("lz4", "LZ4", compression="lz4")
    edited("lzo", put(column, 4, I32, 3), "LZO")
    edited("codec", put(column, 4, I32, 99), "codec 99")
    encrypted(folder / "encrypted.parquet", table)
    encrypted(folder / "encrypted-column.parquet", table, plaintext_footer=True)
    words["encrypted"] = words["encrypted-column"] = ["encrypted"]
    level = lambda header: header[5][1]
    page("encoding", put(level, 2, I32, 15), "encoding 15", "column flag", "page 1")
    page("bit-packed", put(level, 2, I32, 4), "BIT_PACKED")
    page("other-encoding", put(level, 2, I32, 5), "BOOLEAN", "DELTA_BINARY_PACKED")
    page("bit-packed-levels", put(level, 3, I32, 4), "levels in the encoding BIT_PACKED")
    page("index-page", put(lambda h: h, 1, I32, 1), "index page")
    page("page-kind", put(lambda h: h, 1, I32, 9), "kind 9")
    page("page-counts", put(level, 1, I32, 9), "9 values where 8 are left")
    page("page-negative", put(level, 1, I32, -9), "-9")
    page("page-long", put(lambda h: h, 3, I32, 10**9), "1000000000 bytes", "page 1")
    page("page-bigger", put(lambda h: h, 2, I32, 2**26), "snappy", compression="snappy", number=2)
    page("page-bigger-zstd", put(lambda h: h, 2, I32, 2**26), "zstd", compression="zstd", number=2)
    page("page-smaller-gzip", put(lambda h: h, 2, I32, 3), "gzip", compression="gzip", number=2)
    page("check-sum", put(lambda h: h, 4, I32, 7), "check sum", write_page_checksum=True)
    page("held", put(lambda h: h, 2, I32, 2**31 - 1), "held at once", compression="zstd", number=2)
    second = lambda header: header[8][1]
    page("levels-long", put(second, 5, I32, 999), "levels of 999", number=1, data_page_version="2.0")
    dictionary = lambda header: header[7][1]
    page("dictionary-short", put(dictionary, 1, I32, 2), "of a dictionary of 2", number=1, use_dictionary=True)
    page("dictionary-long", put(dictionary, 1, I32, 9999), "ends too early", number=1, use_dictionary=True)
    edited("type", put(lambda m: schema(m)[2], 1, I32, 9), "i32", "type 9")
    edited("type-differs", put(lambda m: schema(m)[2], 1, I32, 2), "column i32", "INT64")
    edited("kind-differs", put(lambda m: schema(m)[2], 6, I32, 0), "INT32 values of the kind STRING")
    edited("kind", put(lambda m: schema(m)[2], 6, I32, 77), "number 77")
    edited("logical-kind", put(lambda m: schema(m)[2], 10, STRUCT, {33: (STRUCT, {})}), "number 33")
    interval = pa.table({"wait": pa.array([b"123456789012"], pa.binary(12))})
    edited("interval", put(lambda m: schema(m)[1], 6, I32, 21), "INTERVAL", "column wait", table=interval)
    nested = chats.select(["reward_model"])
    edited("variant", put(lambda m: schema(m)[1], 10, STRUCT, {16: (STRUCT, {})}), "VARIANT", "column reward_model",
           table=nested)
    raw = pa.table({"raw": pa.array([b"a", b"\xff\xfe"])})
    edited("not-utf8", put(lambda m: schema(m)[1], 6, I32, 0), "UTF-8", "column raw", table=raw)
    edited("elsewhere", put(chunk, 1, BINARY, b"part-1.parquet"), "another file", "column flag")
    edited("rows", put(lambda m: m, ROWS, I64, 7), "7 rows")
    edited("chunk-rows", put(column, 5, I64, 7), "8 values where 7 are left")
    edited("chunk-long", put(column, 7, I64, 2**40), str(2**40))
    edited("chunk-before", put(column, 9, I64, -2), "-2", "column flag")
    edited("children", put(lambda m: schema(m)[0], 5, I32, 2**31 - 1), "ends within a group")
    edited("orphans", put(lambda m: schema(m)[0], 5, I32, 3), "belong to no group")
    edited("fewer-columns", lambda m: m[GROUPS][1][1][0][1][1][1].pop(), "7 columns where the schema has 8")
    bad_keys = pa.table({"m": pa.array([[({"a": 1}, 2)]], pa.map_(pa.struct([("a", pa.int8())]), pa.int8()))})
    add("map-keys", "keys are not single values", "column m", table=bad_keys)
    add("twice", "i32", "name", table=pa.table([[1], [2]], names=["i32", "i32"]))
    kind = pa.int32()
    for _ in range(40):
        kind = pa.list_(kind)
    add("depth", "nested deeper", table=pa.table({"l": pa.array([None], kind)}))
    bomb(folder / "row-bomb.parquet", one_row=False)
    bomb(folder / "list-bomb.parquet", one_row=True)
    words["row-bomb"], words["list-bomb"] = ["unpacks to more than"], ["a row of more than", "column l"]
    whole = add("cut", "does not end with PAR1")
    whole.write_bytes(whole.read_bytes()[:-1])
    zeros = folder / "zeros.parquet"
    zeros.write_bytes(b"PAR1" + b"\0" * 40 + b"PAR1")
    words["zeros"] = ["footer is empty"]
    (folder / "long-footer.parquet").write_bytes(b"PAR1" + b"\xff" * 8 + b"PAR1")
    words["long-footer"] = ["longer than the file"]
    (folder / "refused.json").write_text(json.dumps(words, indent=1) + "\n")
