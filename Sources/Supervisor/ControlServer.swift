import Control
import FlyingFox
import FlyingSocks
import Foundation

/// The lab's control API on its unix socket.
///
/// | request | answer |
/// |---|---|
/// | GET /v1/status | the lab now |
/// | GET /v1/events?from=N | the events from N on, as soon as there is one; with wait=no at once |
/// | GET /v1/report | the verdicts, as soon as all machines are judged |
/// | GET /v1/dataplane | the bridges and ports as they are; waits until there is a network |
/// | GET /v1/namespaces | the ports of the namespaces that programs run in |
/// | POST /v1/namespaces | a network namespace for a program; waits until there is a network |
/// | DELETE /v1/namespaces/NAME | the processes that still run in it; without any, it is gone |
/// | POST /v1/machines/NAME/power | the machine is switched; waits until machines are defined |
/// | POST /v1/machines/NAME/keys | keys of its keyboard are pressed |
/// | POST /v1/machines/NAME/screenshot | a picture of its screen |
/// | GET /v1/machines/NAME/boots | what was seen of its boots, and its boot order in libvirt and QEMU |
/// | POST /v1/uplinks | the uplinks are in the sandbox now |
/// | POST /v1/down | the lab ends |
struct ControlServer: Sendable {
  let socketPath: String
  let record: LabRecord
  /// What makes namespaces for programs; `nil` where there is no network to put them on.
  var namespaces: ProgramNamespaces?
  /// What switches machines; `nil` where there are none.
  var power: MachinePower?
  /// What reaches their keyboards and screens.
  var input: MachineInput?
  /// What saw their boots.
  var boots: BootWitness?
  let down: @Sendable () async -> Void

  /// Serves until cancelled; `listening` is called when the socket accepts connections.
  func run(listening: @escaping @Sendable () async -> Void) async throws {
    let server = HTTPServer(
      address: .unix(path: socketPath), timeout: 24 * 3600, logger: .disabled)
    await server.appendRoute("GET /v1/status") { [record] _ in
      try await json(record.current)
    }
    await server.appendRoute("GET /v1/events") { [record] request in
      let from = request.query.first { $0.name == "from" }.flatMap { Int($0.value) } ?? 0
      let waits = !request.query.contains { $0.name == "wait" && $0.value == "no" }
      return try await json(record.events(from: max(0, from), waiting: waits))
    }
    await server.appendRoute("GET /v1/report") { [record] _ in
      try await json(record.finishedReport())
    }
    if let namespaces {
      await server.appendRoute("GET /v1/dataplane") { _ in
        try await answer { try await namespaces.state() }
      }
      await server.appendRoute("GET /v1/namespaces") { _ in
        try await answer { await namespaces.programs }
      }
      await server.appendRoute("POST /v1/namespaces") { request in
        let body = try await request.bodyData
        return try await answer {
          try await namespaces.make(
            JSONDecoder().decode(ProgramNamespaceRequest.self, from: body))
        }
      }
      await server.appendRoute("DELETE /v1/namespaces/:name") { request in
        let name = request.routeParameters["name"] ?? ""
        return try await answer { try await namespaces.remove(name) }
      }
    }
    if let power { await addPower(power, to: server) }
    if let input { await addInput(input, to: server) }
    if let boots {
      await server.appendRoute("GET /v1/machines/:name/boots") { request in
        let name = request.routeParameters["name"] ?? ""
        return try await answer { try await boots.observation(of: name) }
      }
    }
    await server.appendRoute("POST /v1/uplinks") { [record] _ in
      await record.uplinksAreIn()
      return HTTPResponse(statusCode: .ok)
    }
    await server.appendRoute("POST /v1/down") { [down] _ in
      Task { await down() }
      return HTTPResponse(statusCode: .ok)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      try await server.waitUntilListening()
      await listening()
      try await group.waitForAll()
    }
  }
}

extension ControlServer {
  private func addPower(_ power: MachinePower, to server: HTTPServer) async {
    await server.appendRoute("POST /v1/machines/:name/power") { request in
      let name = request.routeParameters["name"] ?? ""
      let body = try await request.bodyData
      return try await answer {
        try await power.perform(JSONDecoder().decode(PowerRequest.self, from: body), on: name)
      }
    }
  }

  private func addInput(_ input: MachineInput, to server: HTTPServer) async {
    await server.appendRoute("POST /v1/machines/:name/keys") { request in
      let name = request.routeParameters["name"] ?? ""
      let body = try await request.bodyData
      return try await answer {
        try await input.press(JSONDecoder().decode(KeyRequest.self, from: body), on: name)
        return true
      }
    }
    await server.appendRoute("POST /v1/machines/:name/screenshot") { request in
      let name = request.routeParameters["name"] ?? ""
      return try await answer { try await input.screenshot(of: name) }
    }
  }
}

/// The value, or the error's own words with status 400.
private func answer(_ value: () async throws -> some Encodable) async throws -> HTTPResponse {
  do {
    return try json(try await value())
  } catch {
    return HTTPResponse(statusCode: .badRequest, body: Data(reason(of: error).utf8))
  }
}

private func json(_ value: some Encodable) throws -> HTTPResponse {
  HTTPResponse(
    statusCode: .ok, headers: [.contentType: "application/json"],
    body: try JSONEncoder().encode(value))
}
