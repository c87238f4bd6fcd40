#define _GNU_SOURCE
#include "namespace_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

struct work {
  const char *path;
  void (*body)(void *);
  void *argument;
  int error;
};

static void *run(void *argument) {
  struct work *work = argument;
  int namespace = open(work->path, O_RDONLY | O_CLOEXEC);
  if (namespace < 0) {
    work->error = errno;
    return NULL;
  }
  work->error = setns(namespace, CLONE_NEWNET) == 0 ? 0 : errno;
  close(namespace);
  if (work->error == 0) work->body(work->argument);
  return NULL;
}

int clinux_run_in_namespace(const char *path, void (*body)(void *), void *argument) {
  struct work work = {.path = path, .body = body, .argument = argument};
  pthread_t thread;
  int error = pthread_create(&thread, NULL, run, &work);
  if (error == 0) error = pthread_join(thread, NULL);
  if (error == 0) error = work.error;
  if (error == 0) return 0;
  errno = error;
  return -1;
}

struct request {
  int domain;
  int type;
  int descriptor;
  int error;
};

static void make(void *argument) {
  struct request *request = argument;
  request->descriptor = socket(request->domain, request->type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  request->error = errno;
}

int clinux_socket_in_namespace(const char *path, int domain, int type) {
  struct request request = {.domain = domain, .type = type, .descriptor = -1};
  if (clinux_run_in_namespace(path, make, &request) != 0) return -1;
  if (request.descriptor < 0) errno = request.error;
  return request.descriptor;
}
