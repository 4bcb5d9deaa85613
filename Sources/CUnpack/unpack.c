#include "CUnpack.h"

#include <snappy-c.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

struct genac_unpacker {
  int format;
  int ended;  // a gzip member is over; the next byte begins another
  z_stream gzip;
  ZSTD_DStream *zstd;
};

genac_unpacker *genac_unpacker_open(int format, int window_log) {
  genac_unpacker *unpacker = calloc(1, sizeof *unpacker);
  if (!unpacker) return NULL;
  unpacker->format = format;
  if (format == GENAC_UNPACK_GZIP) {
    if (inflateInit2(&unpacker->gzip, 16 + MAX_WBITS) == Z_OK) return unpacker;
  } else {
    unpacker->zstd = ZSTD_createDStream();
    if (unpacker->zstd) {
      if (!ZSTD_isError(ZSTD_DCtx_setParameter(unpacker->zstd, ZSTD_d_windowLogMax, window_log))) return unpacker;
      ZSTD_freeDStream(unpacker->zstd);
    }
  }
  free(unpacker);
  return NULL;
}

void genac_unpacker_close(genac_unpacker *unpacker) {
  if (unpacker->format == GENAC_UNPACK_GZIP) {
    inflateEnd(&unpacker->gzip);
  } else {
    ZSTD_freeDStream(unpacker->zstd);
  }
  free(unpacker);
}

static int gzip_step(genac_unpacker *unpacker, const void *input, size_t count, size_t *taken, void *output,
                     size_t room, size_t *made) {
  const size_t most = 1u << 30;  // zlib counts in unsigned int
  z_stream *stream = &unpacker->gzip;
  if (unpacker->ended && count > 0) {
    if (inflateReset(stream) != Z_OK) return GENAC_UNPACK_DAMAGED;
    unpacker->ended = 0;
  }
  if (unpacker->ended) return GENAC_UNPACK_WHOLE;
  uInt given = (uInt)(count < most ? count : most), free_bytes = (uInt)(room < most ? room : most);
  stream->next_in = (Bytef *)input;
  stream->avail_in = given;
  stream->next_out = output;
  stream->avail_out = free_bytes;
  int status = inflate(stream, Z_NO_FLUSH);
  *taken = given - stream->avail_in;
  *made = free_bytes - stream->avail_out;
  switch (status) {
    case Z_OK:
    case Z_BUF_ERROR: return GENAC_UNPACK_GOES_ON;
    case Z_STREAM_END: unpacker->ended = 1; return GENAC_UNPACK_WHOLE;
    case Z_MEM_ERROR: return GENAC_UNPACK_NO_MEMORY;
    default: return GENAC_UNPACK_DAMAGED;
  }
}

static int zstd_step(genac_unpacker *unpacker, const void *input, size_t count, size_t *taken, void *output,
                     size_t room, size_t *made) {
  ZSTD_inBuffer in = {input, count, 0};
  ZSTD_outBuffer out = {output, room, 0};
  size_t status = ZSTD_decompressStream(unpacker->zstd, &out, &in);
  *taken = in.pos;
  *made = out.pos;
  if (!ZSTD_isError(status)) return status == 0 ? GENAC_UNPACK_WHOLE : GENAC_UNPACK_GOES_ON;
  switch (ZSTD_getErrorCode(status)) {
    case ZSTD_error_frameParameter_windowTooLarge: return GENAC_UNPACK_WINDOW;
    case ZSTD_error_memory_allocation: return GENAC_UNPACK_NO_MEMORY;
    default: return GENAC_UNPACK_DAMAGED;
  }
}

int genac_unpacker_step(genac_unpacker *unpacker, const void *input, size_t count, size_t *taken, void *output,
                        size_t room, size_t *made) {
  *taken = 0;
  *made = 0;
  if (unpacker->format == GENAC_UNPACK_GZIP) return gzip_step(unpacker, input, count, taken, output, room, made);
  return zstd_step(unpacker, input, count, taken, output, room, made);
}

int64_t genac_snappy_length(const void *input, size_t count) {
  size_t length = 0;
  if (snappy_uncompressed_length(input, count, &length) != SNAPPY_OK || length > INT32_MAX) return -1;
  return (int64_t)length;
}

int genac_snappy_unpack(const void *input, size_t count, void *output, size_t room) {
  size_t length = room;
  return snappy_uncompress(input, count, output, &length) == SNAPPY_OK && length == room;
}

uint32_t genac_crc32(const void *input, size_t count) {
  uint32_t sum = (uint32_t)crc32(0, NULL, 0);
  const unsigned char *bytes = input;
  while (count > 0) {
    uInt piece = (uInt)(count < 1u << 30 ? count : 1u << 30);
    sum = (uint32_t)crc32(sum, bytes, piece);
    bytes += piece;
    count -= piece;
  }
  return sum;
}
