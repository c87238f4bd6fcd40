#ifndef PXELAB_CMOUNTS_H
#define PXELAB_CMOUNTS_H

#include <sys/types.h>

/// Shows a file at a place, which is a file too, as a user's own: whoever owns it, there it is the
/// user's and the group's, and what is written stays its owner's (mount_setattr(2),
/// MOUNT_ATTR_IDMAP; Linux 5.12, and a file system that can).
///
/// 0, or -1 with errno; EINVAL where the file system cannot.
int cmounts_show(const char *source, const char *place, uid_t user, gid_t group);

#endif
