#ifndef CLINUX_SPAWN_FOLDER_H
#define CLINUX_SPAWN_FOLDER_H

#include <spawn.h>

/* The program begins in a folder: posix_spawn_file_actions_addchdir_np(3), which Swift sees only with
   _GNU_SOURCE. Returns 0, or an error number. */
int clinux_spawn_in_folder(posix_spawn_file_actions_t *actions, const char *path);

#endif
