#include "ckvm.h"

#include <linux/kvm.h>
#include <sys/ioctl.h>

/* ioctl is variadic, which Swift does not import. */

int ckvm_api_version(int descriptor) { return ioctl(descriptor, KVM_GET_API_VERSION, 0); }

int ckvm_has_smm(int descriptor) {
  int answer = ioctl(descriptor, KVM_CHECK_EXTENSION, KVM_CAP_X86_SMM);
  return answer > 0 ? 1 : answer;
}
