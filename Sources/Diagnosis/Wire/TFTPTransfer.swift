import Addresses
import PXEWire

/// One TFTP transfer: a request and what followed between its two ports (RFC 1350).
package struct TFTPTransfer: Codable, Hashable, Sendable {
  /// The file's name as asked for.
  package let file: String
  /// The first 512 octets of a name that is no UTF-8; `nil` of any other.
  package let fileOctets: [UInt8]?
  /// The server asked.
  package let server: IPAddress
  /// The client's address.
  package let client: IPAddress
  /// The client's port, its transfer ID.
  package let clientPort: UInt16
  /// The VLAN it was seen on; `nil` for untagged.
  package internal(set) var vlan: VLANID?
  /// When the request was seen.
  package let started: Timestamp
  /// The number of the request's frame in the capture.
  package let frame: Int
  /// Whether the client writes the file instead of reading it.
  package let isWrite: Bool
  /// The transfer mode, lower case: `octet` or `netascii`.
  package let mode: String
  /// The block size that the client asked for, in bytes; `nil` when it asked for none.
  package let requestedBlockSize: Int?
  /// The server's port, its transfer ID; `nil` before its first packet.
  package internal(set) var serverPort: UInt16?
  /// Who answered, where it is another address than the one asked: most clients do not listen to it.
  package internal(set) var otherAnswerer: IPAddress?
  /// What the server's OACK states beyond what was asked for (RFC 2347); empty where the request is
  /// not whole in the capture.
  package internal(set) var excessOptions: [ExcessOption] = []
  /// The block size in bytes that is agreed beyond doubt: the OACK's, or 512 where the OACK has none
  /// or the client asked for no options; `nil` where the capture does not show it.
  package internal(set) var agreedBlockSize: Int?
  /// The first block that was longer than agreed; `nil` without one.
  package internal(set) var oversizedBlock: OversizedBlock?
  /// When the last packet that changed anything was seen.
  package internal(set) var lastProgress: Timestamp
  /// Where the transfer stands.
  package internal(set) var state: State = .requested
  /// Bytes in a block: 512 unless the server accepted another size.
  package internal(set) var blockSize: Int = 512
  /// Blocks between acknowledgments: 1 unless the server accepted another size.
  package internal(set) var windowSize: Int = 1
  /// The file's size in bytes as the server stated it, in this transfer or to an earlier question.
  package internal(set) var size: Int?
  /// Bytes that arrived, each block counted once.
  package internal(set) var bytes: Int = 0
  /// Blocks that arrived, each counted once.
  package internal(set) var blocks: Int = 0
  /// The highest block that the receiver acknowledged, counted on over the rollover of numbers.
  package internal(set) var acknowledgedBlocks: Int = 0
  /// Acknowledgments seen. Without any, the receiver's frames are not in the capture.
  package internal(set) var acknowledgments: Int = 0
  /// Whether the server accepted or refused options (OACK or ERROR 8).
  package internal(set) var answeredOptions: Bool = false
  /// Blocks that came as fragments of IP.
  package internal(set) var fragmentedBlocks: Int = 0
  /// DATA packets with a wrong UDP checksum, if one of the first 8 blocks has.
  package internal(set) var badChecksums: Int = 0
  /// Acknowledgments that came again.
  package internal(set) var repeatedAcknowledgments: Int = 0
  /// Blocks that came again.
  package internal(set) var repeatedBlocks: Int = 0
  /// Blocks that the client must have had but the capture lacks.
  package internal(set) var missedBlocks: Int = 0
  /// Times that the request was sent again.
  package internal(set) var repeatedRequests: Int = 0
  /// The code of the ERROR packet that ended it.
  package internal(set) var errorCode: TFTPErrorCode?
  /// The text of that packet.
  package internal(set) var errorMessage: String?
  /// Whether that packet was the client's.
  package internal(set) var errorIsFromClient: Bool = false
  /// The last packet that changed anything.
  package internal(set) var lastPacket: PacketReference
  /// What the file is, by its first bytes; `nil` when they were not captured.
  package internal(set) var image: BootImage?

  /// What had come again when something new came last.
  var repeatsBeforeProgress = 0
  /// Blocks that had come again when something new came last.
  var repeatedBlocksBeforeProgress = 0
  /// What the client asked for; `nil` where the request is not whole in the capture.
  var requestedOptions: TFTPOptions?
  /// The highest block that arrived, counted on over the rollover of numbers.
  var lastBlock: Int = 0
  /// What the number of a block lacks to its count, after a rollover to 1.
  var rolloverShift: Int = 0
  /// Blocks that did not arrive although later ones did, in order; at most 64 ranges.
  var gaps: [Range<Int>] = []
  var lastBlockWasShort: Bool = false
  var askedForSize: Bool = false
  /// The file's first bytes, until they have said what it is.
  var head: [UInt8]? = []
  var reportedPercent: Int = 0

  /// An option of an OACK that states more than was asked for.
  package struct ExcessOption: Codable, Hashable, Sendable {
    /// The option's name in lower case: `blksize`.
    package let name: String
    /// The value that the server states.
    package let stated: String
    /// The value that the client asked for; `nil` when it did not ask for the option.
    package let asked: String?
    /// The OACK.
    package let packet: PacketReference
  }

  /// A DATA packet with more bytes than a block has.
  package struct OversizedBlock: Codable, Hashable, Sendable {
    /// The block's number, counted on over the rollover of numbers.
    package let number: Int
    /// Its data in bytes.
    package let count: Int
    /// Where it is in the capture.
    package let packet: PacketReference
  }

  /// Where a transfer stands.
  package enum State: String, Codable, Hashable, Sendable {
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
    case file, server, client, clientPort, vlan, started, frame, isWrite, mode, requestedBlockSize
    case fileOctets, excessOptions, agreedBlockSize, oversizedBlock
    case serverPort, otherAnswerer, lastProgress, state, blockSize, windowSize, size, bytes, blocks
    case acknowledgedBlocks, acknowledgments, answeredOptions, fragmentedBlocks, badChecksums
    case repeatedAcknowledgments, repeatedBlocks, missedBlocks, repeatedRequests, errorCode
    case errorMessage, errorIsFromClient, lastPacket, image
  }

  init(
    request: TFTPMessage.Request, isCut: Bool = false, isWrite: Bool = false, server: IPAddress,
    client: IPAddress, clientPort: UInt16, vlan: VLANID?, packet: PacketReference
  ) {
    file = Limits.text(request.file)
    fileOctets =
      request.file.utf8.elementsEqual(request.fileOctets)
      ? nil : Array(request.fileOctets.prefix(512))
    requestedOptions = isCut || isWrite ? nil : request.options
    if let requestedOptions, requestedOptions.pairs.isEmpty { agreedBlockSize = 512 }
    self.isWrite = isWrite
    mode = Limits.text(request.mode)
    requestedBlockSize = request.options.blockSize
    askedForSize = request.options.transferSize != nil
    self.server = server
    self.client = client
    self.clientPort = clientPort
    self.vlan = vlan
    started = packet.time
    frame = packet.frame
    lastProgress = packet.time
    lastPacket = packet
  }

  /// A transfer whose request is not in the capture, from the first of its packets that is.
  init(joining conversation: TransferCandidates.Conversation, vlan: VLANID?) {
    file = Self.unnamed
    fileOctets = nil
    isWrite = false
    mode = "octet"
    requestedBlockSize = nil
    server = conversation.server
    serverPort = conversation.serverPort
    client = conversation.client
    clientPort = conversation.clientPort
    self.vlan = vlan
    started = conversation.first.time
    frame = conversation.first.frame
    lastProgress = conversation.last.time
    lastPacket = conversation.last
    if let options = conversation.options { take(options, isCut: true, in: conversation.last) }
    state = .running
    head = nil
    blockSize = conversation.blockSize ?? blockSize
    blocks = conversation.blocks
    bytes = conversation.blocks * blockSize
    lastBlock = Int(conversation.lastBlock ?? 0)
    acknowledgments = conversation.acknowledgments
    acknowledgedBlocks = Int(conversation.lastAcknowledged ?? 0)
  }

  /// The request's packet.
  package var packet: PacketReference { PacketReference(frame: frame, time: started) }

  /// What stands for the name of a file whose request is not in the capture.
  package static let unnamed = "(request not captured)"

  /// Whether it began before the capture, so that neither its file nor its first blocks are known.
  package var beganBefore: Bool { file == Self.unnamed }

  /// Whether the last block arrived and none before it is missing, acknowledged or not.
  package var isDelivered: Bool { lastBlockWasShort && missedBlocks == 0 }

  /// Whether every byte arrived: the last block was acknowledged, no block is missing from the
  /// capture and the count equals the stated size, if one was stated.
  package var isWhole: Bool {
    state == .complete && missedBlocks == 0 && (size == nil || size == bytes || mode == "netascii")
  }

  /// Whether the receiver acknowledged the last block of a file of which the capture lacks blocks.
  var isWholeThoughMissed: Bool {
    state == .complete && missedBlocks > 0
      && (size == nil || size == bytes + missedBlocks * blockSize)
  }

  /// Whether it neither ended nor failed.
  package var isOpen: Bool { state == .requested || state == .running }

  /// How much of the file has arrived, 0 to 100; `nil` when the size is not known.
  package var percent: Int? { detail.percent }

  /// From the request to the last packet, in seconds.
  package var duration: Double { lastProgress.seconds(since: started) }

  /// What an event says of this transfer.
  package var detail: WireEvent.TFTPDetail {
    WireEvent.TFTPDetail(
      file: file, server: server, bytes: bytes, size: size, blockSize: blockSize,
      seconds: duration, errorCode: errorCode, errorMessage: errorMessage)
  }

  /// Whether the file is one that boot programs look for without needing it: shim's revocations and
  /// certificates, GRUB's module lists and per-host configurations, PXELINUX's likewise.
  package var isOptional: Bool { Self.isOptional(file) }

  /// Whether shim or GRUB ask for this file on every boot and go on without it.
  package static func isOptional(_ file: String) -> Bool {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    return (name.hasPrefix("revocations") && name.hasSuffix(".efi"))
      || (name.hasPrefix("shim_certificate") && name.hasSuffix(".efi"))
      || name.hasSuffix(".lst") || name.hasPrefix("grub.cfg-")
      || (file.contains("pxelinux.cfg/") && name != "default")
  }
}
