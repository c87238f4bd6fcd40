import Addresses
import Diagnosis
import Execution
import ExternalCommand
import Foundation
import Planning
import Testing

@testable import Node

/// A folder of a test's own, with a path short enough for sockets.
struct TemporaryFolder {
  let path: String

  init() throws {
    path = "/tmp/pxelab-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func remove() {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      Issue.record(error)
    }
  }
}

/// One machine as a plan's file has it; the initializers of plans are the planner's own.
func machinePlan(timeoutSeconds: Double = 3600, entries: Set<String> = []) throws -> MachinePlan {
  let names = entries.map { "\"\($0)\"" }.joined(separator: ", ")
  let json = """
    {"key": {"resource": {"group": "kubevirt.io", "resource": "virtualmachineinstances"},
     "namespace": "default", "name": "m"}, "name": "m", "domainXML": "", "directory": "/d", "sockets": "/d", "volumes": [],
     "processor": {"required": [], "forbidden": []}, "runStrategy": "none", "startsAtOnce": true,
     "timeoutSeconds": \(timeoutSeconds), "places": {}, "bootDevices": [],
     "interfaces": [{"name": "net", "mac": "de:00:00:00:00:de", "attachment": "net", "vlan": 100}],
     "expectation": {"name": "m", "mac": "de:00:00:00:00:de", "interface": "net", "vlan": 100,
       "efi": true, "reports": true, "server": "192.168.100.1", "bootFile": "shimx64.efi",
       "fileSizes": {}, "bootOrder": 1, "entries": [\(names)], "earlierBoots": [],
       "secureBoot": true, "lockdown": true, "persistent": false, "keepsDefaultVLAN": false}}
    """
  return try JSONDecoder().decode(MachinePlan.self, from: Data(json.utf8))
}

/// Writes down what it is to run.
final class WrittenRunner: CommandRunner {
  /// The commands with what they read, as a shell has them.
  let commands: AsyncStream<String>
  private let continuation: AsyncStream<String>.Continuation

  init() {
    (commands, continuation) = AsyncStream.makeStream()
  }

  func run(_ command: Command) async throws -> String {
    continuation.yield(command.shellText)
    return ""
  }
}
