import PXEWire

extension TFTPTransfer {
  /// Takes a DATA block in. Returns whether it is new.
  mutating func take(block: UInt16, count: Int, in packet: PacketReference) -> Bool {
    // The server's OACK, or its end, is not in the capture.
    if count > blockSize { blockSize = count }
    let number = absolute(block)
    if oversizedBlock == nil, let expectedBlockSize, count > expectedBlockSize {
      oversizedBlock = OversizedBlock(number: number, count: count, packet: packet)
    }
    if number <= lastBlock {
      guard fill(number) else {
        repeatedBlocks += 1
        return false
      }
      missedBlocks -= 1
    } else {
      guard !lastBlockWasShort else {
        repeatedBlocks += 1
        return false
      }
      if number > lastBlock + 1 {
        missedBlocks += number - lastBlock - 1
        head = nil
        if gaps.count < 64 { gaps.append(lastBlock + 1..<number) }
      }
      lastBlock = number
      lastBlockWasShort = count < blockSize
    }
    bytes += max(0, count)
    blocks += 1
    lastProgress = packet.time
    lastPacket = packet
    noteProgress()
    // The acknowledgment of the last block may stand before it, where two interfaces were captured.
    state = lastBlockWasShort && acknowledgedBlocks >= lastBlock ? .complete : .running
    return true
  }

  /// The block size that the client goes by, in bytes; `nil` where the capture does not show it. A
  /// client that gets no OACK goes by 512, and one that got it would have acknowledged it.
  var expectedBlockSize: Int? {
    if let agreedBlockSize { return agreedBlockSize }
    return requestedOptions != nil && !answeredOptions && acknowledgments == 0 ? 512 : nil
  }

  /// Blocks and acknowledgments that came again.
  private var repeats: Int { repeatedBlocks + repeatedAcknowledgments }

  /// Blocks and acknowledgments that came again since something new came.
  var repeatsSinceProgress: Int { repeats - repeatsBeforeProgress }

  /// The fast path has taken in what is new.
  mutating func noteProgress() {
    repeatsBeforeProgress = repeats
    repeatedBlocksBeforeProgress = repeatedBlocks
  }

  /// Blocks that came again since something new came.
  var repeatedBlocksSinceProgress: Int { repeatedBlocks - repeatedBlocksBeforeProgress }

  /// Acknowledgments that came again since something new came.
  var repeatedAcknowledgmentsSinceProgress: Int {
    repeatsSinceProgress - repeatedBlocksSinceProgress
  }

  /// The count of a block by its number: the one nearest to the last. After 65535 the numbers go
  /// on at 0, with some servers at 1; neither is standardised.
  private mutating func absolute(_ block: UInt16) -> Int {
    let expected = UInt16(truncatingIfNeeded: lastBlock - rolloverShift)
    if expected == .max, block == 1 {
      // Block 1 of a server that skips 0, unless 0 was only lost: then 2 follows, and the count
      // is one too low, which the size tells.
      rolloverShift -= 1
      return lastBlock + 1
    }
    return lastBlock + Int(Int16(bitPattern: block &- expected))
  }

  /// Looks at the next bytes of the file's beginning to see what it is.
  mutating func look(at bytes: ArraySlice<UInt8>, isCut: Bool) {
    guard var head else { return }
    head += bytes.prefix(BootImage.length - head.count)
    image = BootImage(head) ?? image
    let isEnough = isCut || head.count >= BootImage.length
    self.head = isEnough || mode != "octet" ? nil : head
  }

  /// Takes a block out of the gaps. Returns whether it was in one.
  private mutating func fill(_ number: Int) -> Bool {
    guard let index = gaps.firstIndex(where: { $0.contains(number) }) else { return false }
    let gap = gaps.remove(at: index)
    if number + 1 < gap.upperBound { gaps.insert(number + 1..<gap.upperBound, at: index) }
    if gap.lowerBound < number { gaps.insert(gap.lowerBound..<number, at: index) }
    return true
  }

  /// Takes what the server accepted in; of an OACK that the capture cut, what is there of it.
  mutating func take(_ options: TFTPOptions, isCut: Bool, in packet: PacketReference) {
    if !isCut, let requestedOptions {
      excessOptions = Self.excess(of: options, over: requestedOptions, packet)
      agreedBlockSize = options.blockSize ?? 512
    }
    if let accepted = options.blockSize { blockSize = accepted }
    if let accepted = options.windowSize { windowSize = accepted }
    if let stated = options.transferSize { size = stated }
    answeredOptions = true
    lastProgress = packet.time
    lastPacket = packet
  }

  /// What an OACK states that was not asked for, is more than was asked for (blksize, RFC 2348;
  /// windowsize, RFC 7440), or is another value where it must be the same (timeout, RFC 2349).
  private static func excess(
    of stated: TFTPOptions, over asked: TFTPOptions, _ packet: PacketReference
  ) -> [ExcessOption] {
    stated.pairs.prefix(16).compactMap { pair in
      let value = asked[pair.name]
      if let value {
        switch pair.name {
        case "blksize", "windowsize":
          guard let stated = Int(pair.value), let asked = Int(value), stated > asked else {
            return nil
          }
        case "timeout":
          guard let stated = Int(pair.value), let asked = Int(value), stated != asked else {
            return nil
          }
        default: return nil
        }
      }
      return ExcessOption(
        name: Limits.text(pair.name), stated: Limits.text(pair.value),
        asked: value.map(Limits.text), packet: packet)
    }
  }

  /// Takes an acknowledgment in. Returns whether it ends the transfer.
  mutating func acknowledge(_ block: UInt16, in packet: PacketReference) -> Bool {
    guard isOpen else { return false }
    acknowledgments += 1
    let last = blocks > 0 ? lastBlock : acknowledgedBlocks
    let shift = rolloverShift
    let number =
      last + Int(Int16(bitPattern: block &- UInt16(truncatingIfNeeded: last - shift)))
    if number > acknowledgedBlocks {
      acknowledgedBlocks = number
      // Of a transfer whose blocks are not in the capture, acknowledgments are the progress.
      if blocks == 0 {
        lastProgress = packet.time
        lastPacket = packet
        noteProgress()
        state = .running
      }
    } else if acknowledgments > 1 {
      repeatedAcknowledgments += 1
    }
    guard lastBlockWasShort, number == lastBlock else { return false }
    lastProgress = packet.time
    lastPacket = packet
    state = .complete
    return true
  }

  /// Takes an ERROR packet in, from the client or from the server.
  mutating func fail(
    _ code: TFTPErrorCode, _ message: String, fromClient: Bool, in packet: PacketReference
  ) {
    lastProgress = packet.time
    lastPacket = packet
    if fromClient {
      // Where the server's packets are not in the capture, its answer is not either.
      let wasTold = size != nil || (code == .optionNegotiation && serverPort == nil)
      state = askedForSize && blocks == 0 && wasTold ? .sizeOnly : .aborted
    } else {
      state = .failed
    }
    errorCode = code
    errorMessage = Limits.text(message)
    errorIsFromClient = fromClient
  }
}
