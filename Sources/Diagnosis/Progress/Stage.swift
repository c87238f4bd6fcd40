/// How far a machine is on its way from its definition to a proven boot.
package enum Stage: Hashable, Sendable {
  /// Defined, nothing heard of it yet.
  case defined
  /// The firmware runs.
  case firmware
  /// The firmware asks for an address.
  case dhcp
  /// The firmware loads the network boot program; percent of it, if its size is known.
  case nbp(percent: Int?)
  /// The network boot program runs: shim, GRUB, iPXE.
  case loader
  /// The kernel runs.
  case kernel
  /// All witnesses hold.
  case verified
  /// The machine was judged and failed.
  case failed

  /// The stage's word, without a percentage.
  package var name: String {
    switch self {
    case .defined: "defined"
    case .firmware: "firmware"
    case .dhcp: "dhcp"
    case .nbp: "nbp"
    case .loader: "loader"
    case .kernel: "kernel"
    case .verified: "verified"
    case .failed: "failed"
    }
  }

  /// The percentage of `nbp`.
  package var percent: Int? {
    guard case .nbp(let percent) = self else { return nil }
    return percent
  }

  private var rank: Int {
    switch self {
    case .defined: 0
    case .firmware: 1
    case .dhcp: 2
    case .nbp: 3
    case .loader: 4
    case .kernel: 5
    case .verified: 6
    case .failed: 7
    }
  }
}

extension Stage: Comparable {
  /// Earlier stages are less, and so is less of the network boot program.
  package static func < (left: Stage, right: Stage) -> Bool {
    (left.rank, left.percent ?? -1) < (right.rank, right.percent ?? -1)
  }
}

extension Stage: CustomStringConvertible {
  /// `nbp 42 %`, else the word.
  package var description: String { percent.map { "\(name) \($0) %" } ?? name }
}

extension Stage: Codable {
  private enum CodingKeys: String, CodingKey { case stage, percent }

  /// Decodes `{"stage": "nbp", "percent": 42}`.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let name = try container.decode(String.self, forKey: .stage)
    let percent = try container.decodeIfPresent(Int.self, forKey: .percent)
    let stages: [Stage] = [
      .defined, .firmware, .dhcp, .nbp(percent: percent), .loader, .kernel, .verified, .failed,
    ]
    guard let stage = stages.first(where: { $0.name == name }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .stage, in: container, debugDescription: "not a stage: \(name)")
    }
    self = stage
  }

  /// Encodes `{"stage": "nbp", "percent": 42}`.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .stage)
    try container.encodeIfPresent(percent, forKey: .percent)
  }
}
