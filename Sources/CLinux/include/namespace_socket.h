#ifndef CLINUX_NAMESPACE_SOCKET_H
#define CLINUX_NAMESPACE_SOCKET_H

/* A socket of a network namespace (setns(2)), by the path of one of the namespace's files; it does not
   block, and is closed on execve(2). A socket stays in the namespace in which it was made, and a thread of
   its own makes it, so that no other thread leaves its namespace. Returns -1 and sets errno when it fails. */
int clinux_socket_in_namespace(const char *path, int domain, int type);

#endif
