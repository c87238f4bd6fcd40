/// Numbers that look random and are the same in every run: SplitMix64 (Steele, Lea and Flood,
/// "Fast splittable pseudorandom number generators", 2014).
public struct RepeatableNumbers: RandomNumberGenerator {
  private var state: UInt64

  /// The numbers that follow from a seed.
  public init(seed: UInt64) {
    state = seed
  }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }

  /// A copy with some bytes changed, taken out, doubled, or cut off; the first `kept` bytes stay.
  public mutating func changed(_ bytes: [UInt8], keeping kept: Int = 0) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...6, using: &self) where bytes.count > kept {
      let index = Int.random(in: kept..<bytes.count, using: &self)
      switch Int.random(in: 0..<6, using: &self) {
      case 0: bytes[index] = UInt8.random(in: 0...255, using: &self)
      case 1: bytes[index] ^= 1 << UInt8.random(in: 0...7, using: &self)
      case 2: bytes[index] = [0, 1, 0x7f, 0x80, 0xff].randomElement(using: &self) ?? 0
      case 3: bytes.remove(at: index)
      case 4: bytes.insert(contentsOf: bytes[index...].prefix(8), at: index)
      default: bytes.removeSubrange(index...)
      }
    }
    return bytes
  }
}
