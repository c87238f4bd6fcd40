/// A server cannot listen.
package struct HTTPServerError: Error, CustomStringConvertible {
  /// Where, and why not.
  package let description: String
}
