#define _GNU_SOURCE
#include "namespace_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

struct request {
  const char *path;
  int domain;
  int type;
  int descriptor;
  int error;
};

static void *make(void *argument) {
  struct request *request = argument;
  request->descriptor = -1;
  int namespace = open(request->path, O_RDONLY | O_CLOEXEC);
  if (namespace < 0) {
    request->error = errno;
    return NULL;
  }
  if (setns(namespace, CLONE_NEWNET) == 0)
    request->descriptor = socket(request->domain, request->type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  request->error = errno;
  close(namespace);
  return NULL;
}

int clinux_socket_in_namespace(const char *path, int domain, int type) {
  struct request request = {.path = path, .domain = domain, .type = type};
  pthread_t thread;
  int error = pthread_create(&thread, NULL, make, &request);
  if (error == 0) error = pthread_join(thread, NULL);
  if (error != 0) {
    errno = error;
    return -1;
  }
  if (request.descriptor < 0) errno = request.error;
  return request.descriptor;
}
