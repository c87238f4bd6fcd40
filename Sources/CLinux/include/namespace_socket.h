#ifndef CLINUX_NAMESPACE_SOCKET_H
#define CLINUX_NAMESPACE_SOCKET_H

/* Runs `body` in a network namespace (setns(2)), by the path of one of the namespace's files, and returns
   when it has. A thread of its own runs it, so that no other thread leaves its namespace; sockets that it
   makes stay there. Returns -1 and sets errno when the namespace cannot be entered. */
int clinux_run_in_namespace(const char *path, void (*body)(void *), void *argument);

/* A socket of a network namespace; it does not block, and is closed on execve(2). Returns -1 and sets errno
   when it fails. */
int clinux_socket_in_namespace(const char *path, int domain, int type);

#endif
