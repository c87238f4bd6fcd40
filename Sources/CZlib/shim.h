#include <zlib.h>

/* inflateInit2 is a macro, which Swift does not see: with a gzip header. */
static inline int pxelab_inflate_init_gzip(z_stream *stream) {
  return inflateInit2(stream, 16 + MAX_WBITS);
}
