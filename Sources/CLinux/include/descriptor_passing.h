#ifndef CLINUX_DESCRIPTOR_PASSING_H
#define CLINUX_DESCRIPTOR_PASSING_H

/* A descriptor sent over a unix socket with one byte (unix(7), SCM_RIGHTS), by macros that Swift does not
   see. Both return -1 and set errno when they fail. */
int clinux_send_descriptor(int socket, int descriptor);

/* Returns the descriptor, closed on execve(2). A message without one is EPROTO, the socket's end EPIPE. */
int clinux_receive_descriptor(int socket);

#endif
