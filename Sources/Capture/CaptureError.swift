/// Why a capture failed.
package struct CaptureError: Error, Hashable, CustomStringConvertible {
  /// The interface or the file.
  package var source: String
  /// What was tried.
  package var operation: Operation
  /// libpcap's or the system's text.
  package var reason: String

  /// One line for a person.
  package var description: String {
    switch operation {
    case .open: "capture on \(source): cannot open: \(reason)"
    case .activate: "capture on \(source): cannot start: \(reason)"
    case .permission: "capture on \(source): not permitted: \(reason)"
    case .filter(let text): "capture on \(source): filter \"\(text)\": \(reason)"
    case .read: "capture on \(source): \(reason)"
    case .write: "capture file \(source): \(reason)"
    }
  }

  /// What was tried.
  package enum Operation: Hashable, Sendable {
    /// Opening the source.
    case open
    /// Activating the capture.
    case activate
    /// Activating the capture without CAP_NET_RAW.
    case permission
    /// Compiling or setting a filter, given as it was tried.
    case filter(String)
    /// Reading.
    case read
    /// Writing a capture file.
    case write
  }
}
