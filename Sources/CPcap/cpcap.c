#include "cpcap.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

/* The functions of libpcap that are used: type, name, parameters, arguments. */
#define FUNCTIONS(FUNCTION)                                                                       \
  FUNCTION(pcap_t *, pcap_create, (const char *source, char *reason), (source, reason))           \
  FUNCTION(int, pcap_set_snaplen, (pcap_t * handle, int length), (handle, length))                \
  FUNCTION(int, pcap_set_promisc, (pcap_t * handle, int is_set), (handle, is_set))                \
  FUNCTION(int, pcap_set_immediate_mode, (pcap_t * handle, int is_set), (handle, is_set))         \
  FUNCTION(int, pcap_set_timeout, (pcap_t * handle, int milliseconds), (handle, milliseconds))    \
  FUNCTION(int, pcap_set_buffer_size, (pcap_t * handle, int size), (handle, size))                \
  FUNCTION(int, pcap_set_tstamp_precision, (pcap_t * handle, int precision), (handle, precision)) \
  FUNCTION(int, pcap_get_tstamp_precision, (pcap_t * handle), (handle))                           \
  FUNCTION(int, pcap_activate, (pcap_t * handle), (handle))                                       \
  FUNCTION(char *, pcap_geterr, (pcap_t * handle), (handle))                                      \
  FUNCTION(const char *, pcap_statustostr, (int status), (status))                                \
  FUNCTION(void, pcap_close, (pcap_t * handle), (handle))                                         \
  FUNCTION(int, pcap_setnonblock, (pcap_t * handle, int is_set, char *reason),                    \
           (handle, is_set, reason))                                                              \
  FUNCTION(int, pcap_get_selectable_fd, (pcap_t * handle), (handle))                              \
  FUNCTION(int, pcap_datalink, (pcap_t * handle), (handle))                                       \
  FUNCTION(int, pcap_compile,                                                                     \
           (pcap_t * handle, struct bpf_program * program, const char *filter, int optimize,      \
            bpf_u_int32 netmask),                                                                 \
           (handle, program, filter, optimize, netmask))                                          \
  FUNCTION(void, pcap_freecode, (struct bpf_program * program), (program))                        \
  FUNCTION(int, pcap_setfilter, (pcap_t * handle, struct bpf_program * program),                  \
           (handle, program))                                                                     \
  FUNCTION(int, pcap_dispatch,                                                                    \
           (pcap_t * handle, int count, pcap_handler handler, u_char *context),                   \
           (handle, count, handler, context))                                                     \
  FUNCTION(int, pcap_next_ex,                                                                     \
           (pcap_t * handle, struct pcap_pkthdr **header, const u_char **data),                   \
           (handle, header, data))                                                                \
  FUNCTION(int, pcap_sendpacket, (pcap_t * handle, const u_char *data, int size),                 \
           (handle, data, size))                                                                  \
  FUNCTION(int, pcap_stats, (pcap_t * handle, struct pcap_stat * counts), (handle, counts))

static struct {
#define POINTER(type, name, parameters, arguments) type(*name) parameters;
  FUNCTIONS(POINTER)
} libpcap;

/* Debian's name since its first package of libpcap 0.8, and everyone else's. */
static void *open_library(void) {
  void *library = dlopen("libpcap.so.0.8", RTLD_LAZY | RTLD_LOCAL);
  return library != NULL ? library : dlopen("libpcap.so.1", RTLD_LAZY | RTLD_LOCAL);
}

static char *failure;

static void load(void) {
  void *library = open_library();
#define LOAD(type, name, parameters, arguments)                                  \
  if (library != NULL) libpcap.name = (type(*) parameters)dlsym(library, #name); \
  if (libpcap.name == NULL) {                                                    \
    failure = strdup(dlerror());                                                 \
    return;                                                                      \
  }
  FUNCTIONS(LOAD)
}

const char *cpcap_load(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return failure;
}

/* Hidden, so that libpcap's own calls of its functions do not come here. */
#define DEFINITION(type, name, parameters, arguments) \
  __attribute__((visibility("hidden"))) type name parameters { return libpcap.name arguments; }
FUNCTIONS(DEFINITION)
