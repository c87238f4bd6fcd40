#ifndef CLIBVIRT_H
#define CLIBVIRT_H

#include <libvirt/libvirt-qemu.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

/* Loads libvirt, which takes with the forty libraries that it needs 15 ms: too long for commands
   that have no use for it. To be called before any of its functions, from one thread.
   Returns NULL, or why libvirt cannot be loaded. */
const char *clibvirt_load(void);

/* Loads libvirt-qemu, which has what QEMU alone can do; after clibvirt_load, from one thread.
   Returns NULL, or why it cannot be loaded. */
const char *clibvirt_load_qemu(void);

#endif
