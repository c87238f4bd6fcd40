#define _GNU_SOURCE
#include "cmounts.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The C library's headers have these since 2.36 only (linux/mount.h, asm-generic/unistd.h). */
#ifndef SYS_open_tree
#define SYS_open_tree 428
#endif
#ifndef SYS_move_mount
#define SYS_move_mount 429
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

enum {
  open_tree_clone = 1,
  move_mount_from_empty_path = 0x4,
  mount_attribute_idmap = 0x100000,
};

struct mount_attributes {
  uint64_t set;
  uint64_t clear;
  uint64_t propagation;
  uint64_t user_namespace;
};

/* Closes a descriptor without touching errno. */
static void give_up(int descriptor) {
  int error = errno;
  if (descriptor >= 0) close(descriptor);
  errno = error;
}

static int write_map(pid_t process, const char *name, unsigned from, unsigned to) {
  char path[64], line[64];
  snprintf(path, sizeof path, "/proc/%d/%s", (int)process, name);
  int length = snprintf(line, sizeof line, "%u %u 1\n", from, to);
  int descriptor = open(path, O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return -1;
  int result = write(descriptor, line, (size_t)length) == length ? 0 : -1;
  give_up(descriptor);
  return result;
}

/* A user namespace in which the owner has the other's number: a namespace is made by a process that
   enters it, and needs that process until somebody holds it open. */
static int user_namespace(const struct stat *owner, uid_t user, gid_t group) {
  int ready[2];
  if (pipe2(ready, O_CLOEXEC) != 0) return -1;
  pid_t process = fork();
  if (process == 0) {
    /* Nothing but system calls: other threads may have held locks. */
    char byte = 0;
    if (unshare(CLONE_NEWUSER) != 0) byte = (char)errno;
    if (write(ready[1], &byte, 1) != 1) _exit(1);
    for (;;) pause();
  }
  give_up(ready[1]);
  if (process < 0) {
    give_up(ready[0]);
    return -1;
  }
  char byte = 0;
  int result = -1;
  if (read(ready[0], &byte, 1) != 1) {
    errno = EIO;
  } else if (byte != 0) {
    errno = byte;
  } else if (write_map(process, "uid_map", owner->st_uid, user) == 0 &&
             write_map(process, "gid_map", owner->st_gid, group) == 0) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/user", (int)process);
    result = open(path, O_RDONLY | O_CLOEXEC);
  }
  give_up(ready[0]);
  int error = errno;
  kill(process, SIGKILL);
  while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {
  }
  errno = error;
  return result;
}

int cmounts_show(const char *source, const char *place, uid_t user, gid_t group) {
  int tree = (int)syscall(SYS_open_tree, AT_FDCWD, source, open_tree_clone | O_CLOEXEC);
  if (tree < 0) return -1;
  struct stat owner;
  int namespace = -1;
  if (fstat(tree, &owner) == 0) namespace = user_namespace(&owner, user, group);
  int result = -1;
  if (namespace >= 0) {
    struct mount_attributes attributes = {
        .set = mount_attribute_idmap, .user_namespace = (uint64_t)namespace};
    result = (int)syscall(
        SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &attributes, sizeof attributes);
  }
  if (result == 0) {
    result =
        (int)syscall(SYS_move_mount, tree, "", AT_FDCWD, place, move_mount_from_empty_path);
  }
  give_up(namespace);
  give_up(tree);
  return result;
}
