#ifndef CLINUX_SPAWN_ACTIONS_H
#define CLINUX_SPAWN_ACTIONS_H

#include <spawn.h>

/* File actions of posix_spawn(3) that Swift sees only with _GNU_SOURCE. Each returns 0, or an error
   number. */

/* The program begins in a folder: posix_spawn_file_actions_addchdir_np(3). */
int clinux_spawn_in_folder(posix_spawn_file_actions_t *actions, const char *path);

/* The program gets no descriptor from `first` on: posix_spawn_file_actions_addclosefrom_np(3), of
   glibc 2.34. */
int clinux_spawn_closing_from(posix_spawn_file_actions_t *actions, int first);

#endif
