/// What /dev/kvm answers when it is asked, which alone does not mean that KVM works: a virtual
/// machine's kernel may offer a KVM that runs no guest kernel of ours.
package enum KVMState: Hashable, Sendable {
  /// There is no /dev/kvm.
  case absent
  /// It cannot be opened by this user; the reason is the system's.
  case denied(reason: String)
  /// It opens and does not answer; the reason is the system's.
  case broken(reason: String)
  /// It answers with its interface version (KVM_GET_API_VERSION) and whether it emulates system
  /// management mode (KVM_CAP_X86_SMM).
  case answers(version: Int32, systemManagementMode: Bool)
}
