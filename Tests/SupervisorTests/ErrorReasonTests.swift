import Control
import Foundation
import Testing

@Suite("Errors of libraries in words")
struct ErrorReasonTests {
  private struct Lab: Decodable {
    var machines: [Machine]

    struct Machine: Decodable {
      var name: String
    }
  }

  @Test(
    "what does not fit, and where",
    arguments: [
      (#"{}"#, "machines is missing"),
      (#"{"machines": [{"name": "a"}, {}]}"#, "machines[1]: name is missing"),
      (#"{"machines": [{"name": 1}]}"#, "machines[0].name: a value of another type"),
      (#"{"machines": [{"name": null}]}"#, "machines[0].name: a value is missing"),
      ("{", "The given data was not valid JSON."),
    ])
  func decoding(_ text: String, _ words: String) {
    do {
      _ = try JSONDecoder().decode(Lab.self, from: Data(text.utf8))
      Issue.record("decoded")
    } catch {
      #expect(reason(of: error) == words)
    }
  }

  @Test("a socket that nobody has made, and one that nobody listens on")
  func sockets() async throws {
    await #expect {
      _ = try await ControlClient(socketPath: "/nonexistent/control.sock").status()
    } throws: {
      "\($0)"
        == "no answer from the lab at /nonexistent/control.sock: No such file or directory"
    }
  }
}
