import Testing

@testable import Node

/// The words of kubevirt's pkg/virt-handler/controller.go, and the reasons and types that vm.go gives them.
@Suite struct HandlerEventTests {
  @Test(arguments: [
    (HandlerEvent.defined, "Created", "VirtualMachineInstance defined.", false),
    (.started, "Started", "VirtualMachineInstance started.", false),
    (.shuttingDown, "ShuttingDown", "Signaled Graceful Shutdown", false),
    (.stopping, "Deleted", "VirtualMachineInstance stopping", false),
    (.shutDown, "Stopped", "The VirtualMachineInstance was shut down.", false),
    (.crashed, "Stopped", "The VirtualMachineInstance crashed.", true),
    (.failed("no loader"), "SyncFailed", "no loader", true),
  ])
  func wordsAreVirtHandlers(
    _ event: HandlerEvent, _ reason: String, _ message: String, _ isWarning: Bool
  ) {
    #expect(event.reason == reason)
    #expect(event.message == message)
    #expect(event.isWarning == isWarning)
  }
}
