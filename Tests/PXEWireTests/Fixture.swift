import Foundation
import Testing

/// A captured frame and what tshark says of it.
struct Fixture: Decodable, Sendable, CustomTestStringConvertible {
  let capture: String
  let number: Int
  let hex: String
  let tshark: [String: String]

  var testDescription: String { "\(capture) \(number)" }

  var bytes: [UInt8] {
    get throws {
      var bytes: [UInt8] = []
      var rest = hex[...]
      while !rest.isEmpty {
        bytes.append(try #require(UInt8(rest.prefix(2), radix: 16)))
        rest = rest.dropFirst(2)
      }
      return bytes
    }
  }

  static let all: [Fixture] = {
    guard
      let url = Bundle.module.url(
        forResource: "frames", withExtension: "json", subdirectory: "Fixtures"),
      let data = try? Data(contentsOf: url)
    else { return [] }
    return (try? JSONDecoder().decode([Fixture].self, from: data)) ?? []
  }()

  static func named(_ capture: String, _ number: Int) throws -> Fixture {
    try #require(all.first { $0.capture == capture && $0.number == number })
  }
}
