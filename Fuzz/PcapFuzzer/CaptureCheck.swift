import CaptureFile
import PXEWire

/// Reads a capture twice, at once and in small pieces, and holds the two against each other.
enum CaptureCheck {
  static func read(_ input: [UInt8]) {
    let whole = outcome(input, pieces: .max)
    let inPieces = outcome(input, pieces: 7)
    precondition(whole == inPieces, "what is read depends on the pieces")
  }

  private struct Outcome: Equatable {
    var packets = 0
    var bytes = 0
    var cut: Int?
    /// Without its place: where zlib gives a damaged stream up depends on the pieces.
    var failure: CaptureFileError.Kind?
  }

  private static func outcome(_ input: [UInt8], pieces: Int) -> Outcome {
    var outcome = Outcome()
    var rest = input[...]
    do throws(CaptureFileError) {
      var reader = try CaptureFileReader(file: "input") { memory in
        let piece = rest.prefix(min(pieces, memory.count))
        memory.copyBytes(from: piece)
        rest = rest.dropFirst(piece.count)
        return piece.count
      }
      var last = 0
      do throws(CaptureFileError) {
        while let record = try reader.next() {
          precondition(record.number > last, "packet numbers go up")
          precondition(record.originalLength >= record.bytes.count, "no more kept than there was")
          precondition(record.interface < reader.interfaces.count, "the interface is described")
          last = record.number
          outcome.bytes += record.bytes.count
          _ = try? record.frame()
        }
      } catch {
        outcome.failure = error.kind
      }
      outcome.packets = reader.packets
      outcome.cut = reader.cut?.offset
    } catch {
      outcome.failure = error.kind
    }
    return outcome
  }
}
