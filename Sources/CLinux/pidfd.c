#include "pidfd.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* All architectures have these numbers (include/uapi/asm-generic/unistd.h). */
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

int clinux_pidfd_open(int pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int clinux_pidfd_send_signal(int descriptor, int signal) {
  return (int)syscall(SYS_pidfd_send_signal, descriptor, signal, NULL, 0);
}

/* The first form of linux/pidfd.h's struct pidfd_info, 64 bytes, which later kernels take too. */
struct info {
  uint64_t mask;
  uint64_t cgroup;
  uint32_t identifiers[11];
  int32_t exit_code;
};

#define GET_INFO _IOWR(0xFF, 11, struct info)
#define INFO_EXIT (UINT64_C(1) << 3)

int clinux_pidfd_wait_status(int descriptor, int *status) {
  struct info info;
  memset(&info, 0, sizeof info);
  info.mask = INFO_EXIT;
  if (ioctl(descriptor, GET_INFO, &info) != 0) return -1;
  if (!(info.mask & INFO_EXIT)) {
    errno = ENODATA;
    return -1;
  }
  *status = info.exit_code;
  return 0;
}
