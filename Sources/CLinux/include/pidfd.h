#ifndef CLINUX_PIDFD_H
#define CLINUX_PIDFD_H

/* Process descriptors (pidfd_open(2)), for which older C libraries have no functions. Those that fail
   return -1 and set errno. */
int clinux_pidfd_open(int pid);
int clinux_pidfd_send_signal(int descriptor, int signal);

/* How a process that is not this one's child has ended, as waitpid(2) would say it. The kernel tells
   since Linux 6.15, once the process's parent has waited for it. Returns 0, or -1 where it does not
   tell. */
int clinux_pidfd_wait_status(int descriptor, int *status);

#endif
