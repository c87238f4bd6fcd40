#ifndef CLINUX_MEMORY_H
#define CLINUX_MEMORY_H

#include <malloc.h>

/// Gives memory that was freed back to the system (malloc_trim(3)); glibc keeps it otherwise.
static inline void clinux_return_freed_memory(void) { malloc_trim(0); }

#endif
