// What Swift needs of zlib, libzstd and libsnappy, whose faces are macros and structs of pointers: unpacking a stream
// step by step, snappy in one piece, and the check sum of a page.
#ifndef CUNPACK_H
#define CUNPACK_H

#include <stddef.h>
#include <stdint.h>

typedef struct genac_unpacker genac_unpacker;

enum genac_unpack_format { GENAC_UNPACK_GZIP = 0, GENAC_UNPACK_ZSTD = 1 };

/// What became of a step.
enum genac_unpack_status {
  GENAC_UNPACK_GOES_ON = 0,     // a member (gzip) or a frame (zstd) is not over yet
  GENAC_UNPACK_WHOLE = 1,       // what was taken ends where a member or a frame does
  GENAC_UNPACK_DAMAGED = 2,     // not of this format, or its check sum is wrong
  GENAC_UNPACK_WINDOW = 3,      // zstd asks for a longer window than is allowed
  GENAC_UNPACK_NO_MEMORY = 4,
};

/// A reader of a row of gzip members or zstd frames; NULL without memory. zstd's window has 2^window_log bytes at most.
genac_unpacker *genac_unpacker_open(int format, int window_log);
void genac_unpacker_close(genac_unpacker *unpacker);

/// Reads from `input`, writes to `output`, and says how much of each. After an error the unpacker is only to be closed.
int genac_unpacker_step(genac_unpacker *unpacker, const void *input, size_t count, size_t *taken, void *output,
                        size_t room, size_t *made);

/// How many bytes a snappy block says that it unpacks to; -1 where it says nothing sensible.
int64_t genac_snappy_length(const void *input, size_t count);
/// 1 where the block is whole and unpacks to exactly `room` bytes.
int genac_snappy_unpack(const void *input, size_t count, void *output, size_t room);

/// CRC-32 of gzip, Parquet and PNG.
uint32_t genac_crc32(const void *input, size_t count);

#endif
