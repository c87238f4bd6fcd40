/// What the user asks for.
package enum AccelerationRequest: String, Codable, Hashable, Sendable, CaseIterable {
  /// KVM where it really works, else TCG.
  case auto
  /// KVM or nothing.
  case kvm
  /// TCG, QEMU's own translation, which works everywhere.
  case tcg
}

/// How guest processors run, and why so.
package struct Acceleration: Codable, Hashable, Sendable {
  /// The mechanism.
  package enum Kind: String, Codable, Hashable, Sendable {
    /// The kernel's virtual machine, at native speed.
    case kvm
    /// QEMU's translation, about ten times slower.
    case tcg
  }

  /// The mechanism.
  package var kind: Kind
  /// Why, as one clause for a person.
  package var reason: String

  /// A mechanism and its reason.
  package init(_ kind: Kind, because reason: String) {
    self.kind = kind
    self.reason = reason
  }

  /// Decides how a lab's machines run.
  ///
  /// - Parameters:
  ///   - request: what the user asks for.
  ///   - kvm: what /dev/kvm answers.
  ///   - processors: the text of /proc/cpuinfo.
  ///   - needsSystemManagementMode: whether a machine has Secure Boot, which OVMF guards with SMM.
  /// - Throws: ``AccelerationError`` when KVM is asked for and would not work.
  package static func decide(
    _ request: AccelerationRequest, kvm: KVMState, processors: String,
    needsSystemManagementMode: Bool
  ) throws(AccelerationError) -> Acceleration {
    if request == .tcg { return Acceleration(.tcg, because: "asked for") }
    let obstacle: AccelerationError? = obstacle(
      kvm: kvm, processors: processors, needsSystemManagementMode: needsSystemManagementMode)
    switch (request, obstacle) {
    case (.kvm, let obstacle?):
      throw obstacle
    case (_, let obstacle?):
      return Acceleration(.tcg, because: "no KVM: \(obstacle.reason)")
    case (.kvm, nil):
      return Acceleration(.kvm, because: "asked for")
    case (_, nil):
      let smm: String = needsSystemManagementMode ? " and emulates SMM" : ""
      return Acceleration(.kvm, because: "/dev/kvm opens, the processor virtualizes\(smm)")
    }
  }

  /// Why KVM would not run the machines; `nil` when it would.
  static func obstacle(
    kvm: KVMState, processors: String, needsSystemManagementMode: Bool
  ) -> AccelerationError? {
    switch kvm {
    case .absent:
      AccelerationError(
        reason: "there is no /dev/kvm",
        remedy: "turn on virtualization in the firmware setup (Intel VT-x, AMD-V) and run "
          + "`sudo modprobe kvm_intel` or `sudo modprobe kvm_amd`")
    case _ where !hasVirtualization(processors):
      AccelerationError(
        reason: "/proc/cpuinfo shows neither vmx nor svm, so a guest would hang in this /dev/kvm",
        remedy: "run on hardware, or give this virtual machine nested virtualization")
    case .denied(let reason):
      AccelerationError(
        reason: "/dev/kvm cannot be opened (\(reason))",
        remedy: "`sudo usermod --append --groups kvm $USER`, then log in again")
    case .broken(let reason):
      AccelerationError(
        reason: "/dev/kvm opens and does not answer (\(reason))",
        remedy: "load the kernel module of your processor: kvm_intel or kvm_amd")
    case .answers(let version, _) where version != 12:
      AccelerationError(
        reason: "/dev/kvm speaks interface version \(version), QEMU speaks 12",
        remedy: "run a kernel with KVM's stable interface (2.6.22 or newer)")
    case .answers(_, systemManagementMode: false) where needsSystemManagementMode:
      AccelerationError(
        reason: "this KVM does not emulate SMM (KVM_CAP_X86_SMM), which Secure Boot needs",
        remedy: "run a kernel with CONFIG_KVM_SMM")
    case .answers:
      nil
    }
  }

  /// Whether a processor in /proc/cpuinfo has Intel's (vmx) or AMD's (svm) virtualization.
  static func hasVirtualization(_ processors: String) -> Bool {
    processors.split(separator: "\n").contains { line in
      guard line.hasPrefix("flags") else { return false }
      return line.split(whereSeparator: { $0 == " " || $0 == "\t" })
        .contains { $0 == "vmx" || $0 == "svm" }
    }
  }
}

/// KVM was asked for and would not run the machines.
package struct AccelerationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong with KVM here.
  package var reason: String
  /// What to do about it.
  package var remedy: String

  /// The reason and the ways out.
  package var description: String {
    "KVM is asked for, but \(reason). Ways out: \(remedy); or ask for auto or tcg."
  }
}
