#include "clibvirt.h"

#include <dlfcn.h>
#include <stddef.h>

/* The functions of libvirt that are used: type, name, parameters, arguments. */
#define FUNCTIONS(FUNCTION)                                                                       \
  FUNCTION(int, virInitialize, (void), ())                                                        \
  FUNCTION(void, virSetErrorFunc, (void *data, virErrorFunc handler), (data, handler))            \
  FUNCTION(virErrorPtr, virGetLastError, (void), ())                                              \
  FUNCTION(int, virEventRegisterDefaultImpl, (void), ())                                          \
  FUNCTION(int, virEventRunDefaultImpl, (void), ())                                               \
  FUNCTION(virConnectPtr, virConnectOpen, (const char *name), (name))                             \
  FUNCTION(int, virConnectClose, (virConnectPtr connection), (connection))                        \
  FUNCTION(int, virConnectIsAlive, (virConnectPtr connection), (connection))                      \
  FUNCTION(int, virConnectSetKeepAlive,                                                           \
           (virConnectPtr connection, int interval, unsigned int count),                          \
           (connection, interval, count))                                                         \
  FUNCTION(int, virConnectGetLibVersion, (virConnectPtr connection, unsigned long *version),      \
           (connection, version))                                                                 \
  FUNCTION(int, virConnectRegisterCloseCallback,                                                  \
           (virConnectPtr connection, virConnectCloseFunc callback, void *opaque,                 \
            virFreeCallback release),                                                             \
           (connection, callback, opaque, release))                                               \
  FUNCTION(int, virConnectUnregisterCloseCallback,                                                \
           (virConnectPtr connection, virConnectCloseFunc callback), (connection, callback))      \
  FUNCTION(int, virConnectDomainEventRegisterAny,                                                 \
           (virConnectPtr connection, virDomainPtr domain, int event,                             \
            virConnectDomainEventGenericCallback callback, void *opaque,                          \
            virFreeCallback release),                                                             \
           (connection, domain, event, callback, opaque, release))                                \
  FUNCTION(int, virConnectDomainEventDeregisterAny, (virConnectPtr connection, int identifier),   \
           (connection, identifier))                                                              \
  FUNCTION(int, virConnectListAllDomains,                                                         \
           (virConnectPtr connection, virDomainPtr **domains, unsigned int flags),                \
           (connection, domains, flags))                                                          \
  FUNCTION(char *, virConnectGetDomainCapabilities,                                               \
           (virConnectPtr connection, const char *emulator, const char *architecture,             \
            const char *machine, const char *type, unsigned int flags),                           \
           (connection, emulator, architecture, machine, type, flags))                            \
  FUNCTION(char *, virConnectBaselineHypervisorCPU,                                               \
           (virConnectPtr connection, const char *emulator, const char *architecture,             \
            const char *machine, const char *type, const char **processors, unsigned int count,   \
            unsigned int flags),                                                                  \
           (connection, emulator, architecture, machine, type, processors, count, flags))         \
  FUNCTION(char *, virConnectGetCapabilities, (virConnectPtr connection), (connection))            \
  FUNCTION(virDomainPtr, virDomainLookupByName, (virConnectPtr connection, const char *name),     \
           (connection, name))                                                                    \
  FUNCTION(virDomainPtr, virDomainDefineXMLFlags,                                                 \
           (virConnectPtr connection, const char *xml, unsigned int flags),                       \
           (connection, xml, flags))                                                              \
  FUNCTION(int, virDomainUndefineFlags, (virDomainPtr domain, unsigned int flags),                \
           (domain, flags))                                                                       \
  FUNCTION(int, virDomainRef, (virDomainPtr domain), (domain))                                    \
  FUNCTION(int, virDomainFree, (virDomainPtr domain), (domain))                                   \
  FUNCTION(const char *, virDomainGetName, (virDomainPtr domain), (domain))                       \
  FUNCTION(int, virDomainGetUUIDString, (virDomainPtr domain, char *text), (domain, text))        \
  FUNCTION(unsigned int, virDomainGetID, (virDomainPtr domain), (domain))                         \
  FUNCTION(int, virDomainGetState,                                                                \
           (virDomainPtr domain, int *state, int *reason, unsigned int flags),                    \
           (domain, state, reason, flags))                                                        \
  FUNCTION(char *, virDomainGetXMLDesc, (virDomainPtr domain, unsigned int flags),                \
           (domain, flags))                                                                       \
  FUNCTION(int, virDomainCreateWithFlags, (virDomainPtr domain, unsigned int flags),              \
           (domain, flags))                                                                       \
  FUNCTION(int, virDomainResume, (virDomainPtr domain), (domain))                                 \
  FUNCTION(int, virDomainSuspend, (virDomainPtr domain), (domain))                                \
  FUNCTION(int, virDomainDestroy, (virDomainPtr domain), (domain))                                \
  FUNCTION(int, virDomainReboot, (virDomainPtr domain, unsigned int flags), (domain, flags))      \
  FUNCTION(int, virDomainReset, (virDomainPtr domain, unsigned int flags), (domain, flags))       \
  FUNCTION(int, virDomainShutdownFlags, (virDomainPtr domain, unsigned int flags),                \
           (domain, flags))                                                                       \
  FUNCTION(int, virDomainSendKey,                                                                 \
           (virDomainPtr domain, unsigned int codeset, unsigned int holdtime,                     \
            unsigned int *keycodes, int count, unsigned int flags),                               \
           (domain, codeset, holdtime, keycodes, count, flags))                                   \
  FUNCTION(char *, virDomainScreenshot,                                                           \
           (virDomainPtr domain, virStreamPtr stream, unsigned int screen, unsigned int flags),   \
           (domain, stream, screen, flags))                                                       \
  FUNCTION(virStreamPtr, virStreamNew, (virConnectPtr connection, unsigned int flags),            \
           (connection, flags))                                                                   \
  FUNCTION(int, virStreamRecv, (virStreamPtr stream, char *data, size_t count),                   \
           (stream, data, count))                                                                 \
  FUNCTION(int, virStreamFinish, (virStreamPtr stream), (stream))                                 \
  FUNCTION(int, virStreamAbort, (virStreamPtr stream), (stream))                                  \
  FUNCTION(int, virStreamFree, (virStreamPtr stream), (stream))

/* Those of libvirt-qemu. */
#define QEMU_FUNCTIONS(FUNCTION)                                                                  \
  FUNCTION(int, virDomainQemuMonitorCommand,                                                      \
           (virDomainPtr domain, const char *command, char **result, unsigned int flags),         \
           (domain, command, result, flags))

#define POINTER(type, name, parameters, arguments) type(*name) parameters;
static struct {
  FUNCTIONS(POINTER)
  QEMU_FUNCTIONS(POINTER)
} libvirt;

const char *clibvirt_load(void) {
  void *library = dlopen("libvirt.so.0", RTLD_LAZY | RTLD_LOCAL);
  if (library == NULL) return dlerror();
#define LOAD(type, name, parameters, arguments)            \
  libvirt.name = (type(*) parameters)dlsym(library, #name); \
  if (libvirt.name == NULL) return dlerror();
  FUNCTIONS(LOAD)
  return NULL;
}

const char *clibvirt_load_qemu(void) {
  void *library = dlopen("libvirt-qemu.so.0", RTLD_LAZY | RTLD_LOCAL);
  if (library == NULL) return dlerror();
  QEMU_FUNCTIONS(LOAD)
  return NULL;
}

/* Hidden, so that libvirt's own calls of its functions do not come here. */
#define DEFINITION(type, name, parameters, arguments) \
  __attribute__((visibility("hidden"))) type name parameters { return libvirt.name arguments; }
FUNCTIONS(DEFINITION)
QEMU_FUNCTIONS(DEFINITION)
