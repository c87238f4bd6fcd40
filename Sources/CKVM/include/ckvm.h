#ifndef PXELAB_CKVM_H
#define PXELAB_CKVM_H

/// The version of KVM's interface behind an open /dev/kvm; 12 on every kernel since 2.6.22.
/// -1 with errno when the kernel refuses.
int ckvm_api_version(int descriptor);

/// Whether KVM emulates system management mode (KVM_CAP_X86_SMM): 0 or 1, -1 with errno.
int ckvm_has_smm(int descriptor);

#endif
