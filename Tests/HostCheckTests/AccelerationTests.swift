import HostCheck
import Testing

@Suite struct AccelerationTests {
  private static let virtualizing = "processor\t: 0\nflags\t\t: fpu vme svm sse2\n"
  private static let works: KVMState = .answers(version: 12, systemManagementMode: true)
  private static let lacksSMM: KVMState = .answers(version: 12, systemManagementMode: false)

  struct Case: Sendable, CustomTestStringConvertible {
    var kvm: KVMState
    var processors: String = AccelerationTests.virtualizing
    var secureBoot = true
    var kind: Acceleration.Kind
    var reason: String
    var testDescription: String { "\(kvm), secure boot \(secureBoot)" }
  }

  @Test(arguments: [
    Case(kvm: works, kind: .kvm, reason: "emulates SMM"),
    Case(kvm: works, secureBoot: false, kind: .kvm, reason: "processor virtualizes"),
    Case(kvm: lacksSMM, kind: .tcg, reason: "KVM_CAP_X86_SMM"),
    Case(kvm: lacksSMM, secureBoot: false, kind: .kvm, reason: "processor virtualizes"),
    Case(kvm: works, processors: "flags\t: fpu vmxish svm_lock\n", kind: .tcg, reason: "neither"),
    Case(kvm: works, processors: "vmx flags\t: svm\n", kind: .tcg, reason: "neither"),
    Case(kvm: works, processors: "", kind: .tcg, reason: "neither vmx nor svm"),
    Case(kvm: .absent, kind: .tcg, reason: "no /dev/kvm"),
    Case(kvm: .denied(reason: "Permission denied"), kind: .tcg, reason: "Permission denied"),
    Case(kvm: .denied(reason: "Permission denied"), processors: "", kind: .tcg, reason: "neither"),
    Case(kvm: .broken(reason: "Invalid argument"), kind: .tcg, reason: "Invalid argument"),
    Case(
      kvm: .answers(version: 11, systemManagementMode: true), kind: .tcg, reason: "version 11"),
  ])
  func `auto takes KVM only where it would work`(_ example: Case) throws {
    let decision = try Acceleration.decide(
      .auto, kvm: example.kvm, processors: example.processors,
      needsSystemManagementMode: example.secureBoot)
    #expect(decision.kind == example.kind)
    #expect(decision.reason.contains(example.reason), "\(decision.reason)")
  }

  @Test func `a guest's KVM without vmx or svm is not trusted`() throws {
    let processors = try fixture("cpuinfo-guest.txt")
    let decision = try Acceleration.decide(
      .auto, kvm: Self.works, processors: processors, needsSystemManagementMode: false)
    #expect(decision.kind == .tcg)
    #expect(decision.reason.contains("/proc/cpuinfo"))
  }

  @Test func `asking for KVM that would not work is an error with ways out`() throws {
    let error = try #require(throws: AccelerationError.self) {
      try Acceleration.decide(
        .kvm, kvm: .denied(reason: "Permission denied"), processors: Self.virtualizing,
        needsSystemManagementMode: true)
    }
    #expect(error.reason == "/dev/kvm cannot be opened (Permission denied)")
    #expect(error.description.contains("usermod --append --groups kvm"))
    #expect(error.description.contains("or ask for auto or tcg"))
  }

  @Test func `what is asked for and works is taken`() throws {
    for (request, kind) in [(AccelerationRequest.kvm, Acceleration.Kind.kvm), (.tcg, .tcg)] {
      let decision = try Acceleration.decide(
        request, kvm: Self.works, processors: Self.virtualizing, needsSystemManagementMode: true)
      #expect(decision == Acceleration(kind, because: "asked for"))
    }
  }
}
