/// What a server takes from its clients at most.
package struct HTTPLimits: Sendable {
  /// Bytes of the request target.
  package var targetBytes = 16 << 10
  /// Bytes of the request target and all fields together.
  package var headBytes = 64 << 10
  /// Fields of a head.
  package var fields = 100
  /// Bytes of a body.
  package var bodyBytes = 4 << 20
  /// Pieces (frames of HTTP/2) that a body may come in: one of a single byte costs as much work as a full one.
  package var bodyPieces = 16 << 10
  /// Bytes of a frame of a WebSocket: a longer message comes in several.
  package var frameBytes = 1 << 20
  /// How long a TLS handshake may take.
  package var handshakeTime = Duration.seconds(30)
  /// How long a request may take to come in, from its first byte.
  package var requestTime = Duration.seconds(30)
  /// How long a connection may be open between requests.
  package var idleTime = Duration.seconds(120)
  /// How long a client may take for a part of an answer: 256 KiB, or the rest.
  package var stallTime = Duration.seconds(30)
  /// Connections at a time.
  package var connections = 1024
  /// Connections at a time of one IP address. The server's own may have half of all: programs there
  /// speak for others (stunnel).
  package var connectionsOfClient = 64
  /// Connections at a time, beyond those, whose clients are told that there are too many; further ones
  /// are closed without a word.
  package var refusals = 64
  /// Requests at a time that are being answered; of HTTP/2 those as well whose body comes in.
  package var requests = 768
  /// Streams at a time of a connection of HTTP/2.
  package var streams = 250
  /// Streams that a client may reset, or use against the rules, on a connection in 30 seconds.
  package var resets = 200
  /// Frames of a connection in 30 seconds that ask for an answer, or for work, and are no part of a stream:
  /// SETTINGS, PING, PRIORITY.
  package var controlFrames = 200
  /// How long what a client still sends is thrown away after it was refused, so that it reads why.
  package var lingerTime = Duration.seconds(2)

  /// The usual limits.
  package init() {}

  /// The refusal of fields that are too many or too long.
  var fieldsText: String {
    "a field has more than \(targetBytes) bytes, all have more than \(headBytes), or there are more "
      + "than \(fields)"
  }
}
