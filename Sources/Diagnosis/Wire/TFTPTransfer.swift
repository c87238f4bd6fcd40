import Addresses
import PXEWire

/// One TFTP read: a request and what followed between its two ports (RFC 1350).
public struct TFTPTransfer: Codable, Hashable, Sendable {
  /// The file's name as asked for.
  public let file: String
  /// The server asked.
  public let server: IPv4Address
  /// The client's address.
  public let client: IPv4Address
  /// The client's port, its transfer ID.
  public let clientPort: UInt16
  /// The VLAN it was seen on; `nil` for untagged.
  public internal(set) var vlan: VLANID?
  /// When the request was seen.
  public let started: Timestamp
  /// When the last packet that changed anything was seen.
  public internal(set) var lastProgress: Timestamp
  /// Where the transfer stands.
  public internal(set) var state: State = .requested
  /// Bytes in a block: 512 unless the server accepted another size.
  public internal(set) var blockSize: Int = 512
  /// Blocks between acknowledgments: 1 unless the server accepted another size.
  public internal(set) var windowSize: Int = 1
  /// The file's size in bytes as the server stated it, in this transfer or to an earlier question.
  public internal(set) var size: Int?
  /// Bytes that arrived, each block counted once.
  public internal(set) var bytes: Int = 0
  /// Blocks that arrived, each counted once.
  public internal(set) var blocks: Int = 0
  /// Blocks that came again.
  public internal(set) var repeatedBlocks: Int = 0
  /// Blocks that the client must have had but the capture lacks.
  public internal(set) var missedBlocks: Int = 0
  /// Times that the request was sent again.
  public internal(set) var repeatedRequests: Int = 0
  /// The code of the ERROR packet that ended it.
  public internal(set) var errorCode: TFTPErrorCode?
  /// The text of that packet.
  public internal(set) var errorMessage: String?

  var lastBlock: UInt16 = 0
  var lastBlockWasShort: Bool = false
  var askedForSize: Bool = false
  var reportedPercent: Int = 0

  /// Where a transfer stands.
  public enum State: String, Codable, Hashable, Sendable {
    /// Asked for, nothing delivered yet.
    case requested
    /// Blocks are arriving.
    case running
    /// The last block was acknowledged.
    case complete
    /// The client only wanted the file's size, got it and broke off: normal.
    case sizeOnly
    /// The client broke off.
    case aborted
    /// The server refused or broke off.
    case failed
  }

  private enum CodingKeys: String, CodingKey {
    case file, server, client, clientPort, vlan, started, lastProgress, state, blockSize
    case windowSize, size, bytes, blocks, repeatedBlocks, missedBlocks, repeatedRequests
    case errorCode, errorMessage
  }

  init(
    request: TFTPMessage.Request, server: IPv4Address, client: IPv4Address, clientPort: UInt16,
    vlan: VLANID?, started: Timestamp
  ) {
    file = request.file
    askedForSize = request.options.transferSize != nil
    self.server = server
    self.client = client
    self.clientPort = clientPort
    self.vlan = vlan
    self.started = started
    lastProgress = started
  }

  /// Whether every byte arrived: the last block was acknowledged, no block is missing from the
  /// capture and the count equals the stated size, if one was stated.
  public var isWhole: Bool {
    state == .complete && missedBlocks == 0 && (size == nil || size == bytes)
  }

  /// Whether it neither ended nor failed.
  public var isOpen: Bool { state == .requested || state == .running }

  /// How much of the file has arrived, 0 to 100; `nil` when the size is not known.
  public var percent: Int? { detail.percent }

  /// From the request to the last packet, in seconds.
  public var duration: Double { lastProgress.seconds(since: started) }

  /// What an event says of this transfer.
  public var detail: WireEvent.TFTPDetail {
    WireEvent.TFTPDetail(
      file: file, server: server, bytes: bytes, size: size, blockSize: blockSize,
      seconds: duration, errorCode: errorCode, errorMessage: errorMessage)
  }

  /// Whether the file is one that boot programs look for without needing it: shim's revocations and
  /// certificates, GRUB's module lists and per-host configurations, PXELINUX's likewise.
  public var isOptional: Bool { Self.isOptional(file) }

  /// Whether shim or GRUB ask for this file on every boot and go on without it.
  public static func isOptional(_ file: String) -> Bool {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    return (name.hasPrefix("revocations") && name.hasSuffix(".efi"))
      || (name.hasPrefix("shim_certificate") && name.hasSuffix(".efi"))
      || name.hasSuffix(".lst") || name.hasPrefix("grub.cfg-")
      || (file.contains("pxelinux.cfg/") && name != "default")
  }
}

extension TFTPTransfer {
  /// Takes a DATA block in. Returns whether it is new.
  mutating func take(block: UInt16, count: Int, at time: Timestamp) -> Bool {
    // After block 65535 the number goes on at 0, with some servers at 1; neither is standardised.
    let rollsToOne = lastBlock == .max && block == 1
    let ahead = rollsToOne ? 1 : Int(block &- lastBlock)
    guard ahead > 0, ahead < 0x8000, !lastBlockWasShort else {
      repeatedBlocks += 1
      return false
    }
    missedBlocks += ahead - 1
    lastBlock = block
    lastBlockWasShort = count < blockSize
    bytes += count
    blocks += 1
    lastProgress = time
    state = .running
    return true
  }

  /// Takes what the server accepted in.
  mutating func take(_ options: TFTPOptions, at time: Timestamp) {
    if let accepted = options.blockSize { blockSize = accepted }
    if let accepted = options.windowSize { windowSize = accepted }
    if let stated = options.transferSize { size = stated }
    lastProgress = time
  }

  /// Takes an acknowledgment in. Returns whether it ends the transfer.
  mutating func acknowledge(_ block: UInt16, at time: Timestamp) -> Bool {
    guard isOpen, lastBlockWasShort, block == lastBlock else { return false }
    lastProgress = time
    state = .complete
    return true
  }

  /// Takes an ERROR packet in, from the client or from the server.
  mutating func fail(_ code: TFTPErrorCode, _ message: String, fromClient: Bool, at time: Timestamp)
  {
    lastProgress = time
    if fromClient {
      state = askedForSize && blocks == 0 && size != nil ? .sizeOnly : .aborted
    } else {
      state = .failed
    }
    errorCode = code
    errorMessage = message
  }
}
