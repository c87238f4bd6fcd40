import Addresses
import CaptureFile
import PXEWire
import Testing

@testable import Diagnosis

/// How far what a machine asks gets between its node and the fabric, and through the captures of a network.
@Suite struct WirePathTests {
  /// What of a scene comes to a capture.
  enum Part: Sendable {
    case all, questions, nothing

    func has(_ frame: Frame, of client: MACAddress) -> Bool {
      switch self {
      case .all: true
      case .questions: frame.source == client
      case .nothing: false
      }
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var step: WireStep
    var scene: @Sendable (inout Scene) -> Void
    var testDescription: String { step.question }
  }

  static let server = IPAddress.v4(IPv4Address(rawValue: 0xc0a8_6401))

  /// A question with its answer, of each kind that a boot depends on.
  static let steps: [Case] = [
    Case(step: .lease("DISCOVER")) {
      $0.ask(1)
      $0.answer(2, file: "boot.efi")
    },
    Case(step: .leaseV6("SOLICIT")) {
      $0.askV6(1)
      $0.answerV6(2, url: "tftp://[fd77::1]/boot.efi")
    },
    Case(step: .leaseV6("REQUEST")) {
      $0.askV6(3, transaction: 2)
      $0.answerV6(7, transaction: 2, url: "tftp://[fd77::1]/boot.efi")
    },
    Case(step: .neighbor(server)) { $0.arp($0.server) },
    Case(step: .name("boot.example")) { $0.resolve("boot.example", 7, code: 0, address: 1) },
    Case(step: .file("boot.efi")) {
      $0.get("boot.efi", port: 2001)
      $0.options([("tsize", "1000")], port: 2001)
    },
    Case(step: .connection(server, port: 80)) {
      $0.connect(4001)
      $0.accept(4001)
    },
    Case(step: .connection(server, port: 3260)) {
      $0.connect(4001, to: 3260)
      $0.reset(4001, to: 3260)
    },
    Case(step: .request(server, port: 443)) {
      $0.connect(4001, to: 443)
      $0.accept(4001, to: 443)
      $0.say([22, 3, 1, 0, 1, 1], 4001, to: 443, fromClient: true)
      $0.say([22, 3, 3, 0, 1, 2], 4001, to: 443, fromClient: false)
    },
  ]

  private func frames(_ scene: Scene) throws -> [(time: Timestamp, frame: Frame)] {
    try scene.packets.map { (Timestamp(seconds: $0.time), try Frame(decoding: $0.bytes)) }
  }

  /// What the captures show of which the numbers are their places in the list.
  private func paths(_ scene: Scene, _ parts: [Part]) throws -> [StepPath] {
    let client = MACAddress(rawValue: scene.client)
    var paths = WirePaths()
    for (time, frame) in try frames(scene) {
      for (capture, part) in parts.enumerated() where part.has(frame, of: client) {
        paths.take(frame, of: capture, at: time)
      }
    }
    return paths.paths(of: client)
  }

  /// The evidence of a machine on node02, whose uplink carries VLAN 100.
  private func evidence(
    _ paths: [StepPath], port: HostReport.Port?
  ) throws -> Evidence {
    let vlan = try #require(VLANID(rawValue: 100))
    var evidence = Evidence(mac: MACAddress(rawValue: Scene().client))
    evidence.host = HostReport(
      engine: "open-vswitch", machineType: "q35", secureLoader: false, smm: false,
      interfaces: [.init(mac: evidence.mac, tap: "tap0")],
      ports: [.init(name: "tap0", pvid: vlan, untagged: [vlan])])
    evidence.host?.uplink = .init(node: "node02", bridge: "br-pxe", port: port)
    evidence.fabric = FabricSighting(trace: nil, paths: paths)
    return evidence
  }

  private func port(_ vlan: UInt16) throws -> HostReport.Port {
    .init(name: "pxl-n1", pvid: nil, untagged: [], tagged: [try #require(VLANID(rawValue: vlan))])
  }

  private func scene(_ step: Case) -> Scene {
    var scene = Scene()
    scene.tags = [100]
    step.scene(&scene)
    return scene
  }

  @Test(arguments: steps)
  func aFrameThatIsAtBothPlacesIsOne(step: Case) throws {
    let evidence = try evidence(paths(scene(step), [.all, .all]), port: port(100))
    #expect(
      evidence.path(of: step.step) == "left node02's br-pxe, came to the fabric on VLAN 100")
    #expect(evidence.pathEvidence().isEmpty)
  }

  @Test(arguments: steps)
  func aQuestionThatDoesNotLeaveTheNode(step: Case) throws {
    let paths = try paths(scene(step), [.questions, .nothing])
    try #require(paths.contains { $0.step == step.step })
    #expect(
      try evidence(paths, port: port(200)).path(of: step.step)
        == "left node02's br-pxe, did not leave its uplink: VLAN 100 is not on that trunk")
    #expect(
      try evidence(paths, port: port(100)).path(of: step.step)
        == "left node02's br-pxe, did not leave its uplink")
    #expect(
      try evidence(paths, port: nil).path(of: step.step)
        == "left no further than node02's br-pxe, which has no uplink")
  }

  @Test(arguments: steps)
  func anAnswerThatDoesNotComeBack(step: Case) throws {
    let evidence = try evidence(paths(scene(step), [.questions, .all]), port: port(100))
    #expect(
      evidence.path(of: step.step)
        == "left node02's br-pxe, came to the fabric on VLAN 100; its \(step.step.answer) did not come "
        + "back to node02's br-pxe")
    #expect(
      evidence.pathEvidence().last?.text.hasPrefix("the way of the \(step.step.question): it left ")
        == true)
  }

  @Test(arguments: steps)
  func aQuestionThatNobodyAnswers(step: Case) throws {
    let evidence = try evidence(paths(scene(step), [.questions, .questions]), port: port(100))
    #expect(
      evidence.path(of: step.step)
        == "left node02's br-pxe, came to the fabric on VLAN 100, and no \(step.step.answer) followed "
        + "there")
  }

  @Test func anotherVLANOnTheFabricIsSaid() throws {
    var paths = WirePaths()
    var scene = Scene()
    scene.ask(1)
    for (time, frame) in try frames(scene) { paths.take(frame, of: 0, at: time) }
    scene = Scene()
    scene.tags = [7]
    scene.ask(1)
    for (time, frame) in try frames(scene) { paths.take(frame, of: 1, at: time) }
    let evidence = try evidence(
      paths.paths(of: MACAddress(rawValue: scene.client)), port: port(100))
    #expect(
      evidence.path(of: .lease("DISCOVER"))
        == "left node02's br-pxe without a tag, came to the fabric on VLAN 7")
  }

  /// Large packets are lost on an uplink with a smaller MTU.
  @Test func theEndOfAnAnswerThatIsLostIsSaid() throws {
    var scene = Scene()
    scene.tags = [100]
    scene.connect(4001)
    scene.accept(4001)
    scene.say(Array("GET / HTTP/1.1\r\n\r\n".utf8), 4001, fromClient: true)
    scene.say(Array(repeating: 1, count: 100), 4001, fromClient: false)
    let client = MACAddress(rawValue: scene.client)
    var paths = WirePaths()
    for (time, frame) in try frames(scene) {
      for capture in 0...1 { paths.take(frame, of: capture, at: time) }
    }
    let count = scene.packets.count
    scene.say(Array(repeating: 2, count: 1400), 4001, fromClient: false)
    for (time, frame) in try frames(scene).dropFirst(count) {
      paths.take(frame, of: 1, at: time)
    }
    let evidence = try evidence(paths.paths(of: client), port: port(100))
    #expect(
      evidence.pathEvidence(for: .transfer).map(\.text) == [
        "the way of the request to 192.168.100.1:80: it came to the fabric; the last 1400 bytes of its "
          + "answer did not come to node02's br-pxe"
      ])
  }

  @Test func anICMPErrorThatDoesNotComeBackIsSaid() throws {
    var scene = Scene()
    scene.tags = [100]
    scene.get("boot.efi", port: 2001)
    scene.unreachable(code: 3, port: 69)
    let evidence = try evidence(paths(scene, [.questions, .all]), port: port(100))
    #expect(
      evidence.pathEvidence(for: .server).map(\.text).last
        == "the way of the ICMP error port unreachable about 192.168.100.1: it came to the fabric, and "
        + "not to node02's br-pxe")
  }

  @Test func whereNobodyListenedNothingIsSaid() throws {
    var evidence = try evidence([], port: port(100))
    evidence.fabric = nil
    #expect(evidence.path(of: .lease("DISCOVER")) == nil)
    #expect(evidence.pathEvidence().isEmpty)
  }

  /// What was asked again after an answer counts for itself.
  @Test func aLaterRoundIsJudgedByItself() throws {
    var scene = Scene()
    scene.tags = [100]
    scene.arp(scene.server)
    scene.wait(10)
    let count = scene.packets.count
    scene.arp(scene.server, answered: false)
    var paths = WirePaths()
    for (index, (time, frame)) in try frames(scene).enumerated() {
      paths.take(frame, of: 0, at: time)
      if index < count { paths.take(frame, of: 1, at: time) }
    }
    let evidence = try evidence(
      paths.paths(of: MACAddress(rawValue: scene.client)), port: port(100))
    #expect(
      evidence.path(of: .neighbor(Self.server)) == "left node02's br-pxe, did not leave its uplink")
  }

  /// Twice asked and answered, then asked: what captures show of which the first and the second number of
  /// questions' answers, and the last question, come to each.
  private func rounds(
    _ step: Case, _ first: Part, _ second: Part, lastComesToSecond: Bool = true
  ) throws -> [StepPath] {
    var scene = scene(step)
    for _ in 0...1 {
      scene.wait(10)
      step.scene(&scene)
    }
    let begin = (scene.packets.last?.time ?? 0) - 5
    let client = MACAddress(rawValue: scene.client)
    var paths = WirePaths()
    for (time, frame) in try frames(scene) {
      let isLast = time > Timestamp(seconds: begin)
      if isLast, frame.source != client { continue }
      if first.has(frame, of: client) { paths.take(frame, of: 0, at: time) }
      if second.has(frame, of: client), !isLast || lastComesToSecond {
        paths.take(frame, of: 1, at: time)
      }
    }
    return paths.paths(of: client)
  }

  /// A capture that never has answers has one round, another has several.
  @Test(arguments: steps)
  func aQuestionReachesAFabricWithoutAnswers(step: Case) throws {
    let evidence = try evidence(rounds(step, .all, .questions), port: port(100))
    #expect(
      evidence.path(of: step.step)
        == "left node02's br-pxe, came to the fabric on VLAN 100, and no \(step.step.answer) followed "
        + "there")
    let lost = try self.evidence(
      rounds(step, .all, .questions, lastComesToSecond: false), port: port(100))
    #expect(lost.path(of: step.step) == "left node02's br-pxe, did not leave its uplink")
  }

  @Test(arguments: steps)
  func answersCameToTheFabricBeforeTheLastQuestion(step: Case) throws {
    let evidence = try evidence(rounds(step, .questions, .all), port: port(100))
    #expect(
      evidence.path(of: step.step)
        == "left node02's br-pxe, came to the fabric on VLAN 100; its \(step.step.answer) did not come "
        + "back to node02's br-pxe")
  }

  /// The last that a client says is answered by the end of the connection.
  @Test func aConversationThatEndedIsAnswered() throws {
    var scene = Scene()
    scene.tags = [100]
    scene.connect(4001, to: 443)
    scene.accept(4001, to: 443)
    scene.say([22, 3, 1, 0, 1, 1], 4001, to: 443, fromClient: true)
    scene.say([22, 3, 3, 0, 1, 2], 4001, to: 443, fromClient: false)
    scene.close(4001, to: 443)
    scene.say([21, 3, 3, 0, 2, 1, 0], 4001, to: 443, fromClient: true)
    let ended = try #require(
      paths(scene, [.all, .all]).first { $0.step == .request(Self.server, port: 443) })
    #expect(ended.sightings.map(\.isAnswered) == [true, true])
    scene.connect(4001, to: 443)
    scene.accept(4001, to: 443)
    scene.say([22, 3, 1, 0, 1, 1], 4001, to: 443, fromClient: true)
    let open = try #require(
      paths(scene, [.all, .all]).first { $0.step == .request(Self.server, port: 443) })
    #expect(open.sightings.map(\.isAnswered) == [false, false])
  }

  /// Who gives up closes, and the server's kernel says that it heard so.
  @Test func aConversationThatIsGivenUpIsNotAnswered() throws {
    var scene = Scene()
    scene.tags = [100]
    scene.connect(4001, to: 443)
    scene.accept(4001, to: 443)
    scene.say([22, 3, 1, 0, 1, 1], 4001, to: 443, fromClient: true)
    scene.close(4001, to: 443, byClient: true)
    // An empty one: the acknowledgement alone.
    scene.say([], 4001, to: 443, fromClient: false)
    let request = try #require(
      paths(scene, [.all, .all]).first { $0.step == .request(Self.server, port: 443) })
    #expect(request.sightings.map(\.isAnswered) == [false, false])
  }

  @Test func anAdvertisementAnswersOnItsVLANAlone() {
    var path = StepPath(.router)
    path.ask(in: 0, on: nil, at: Timestamp(nanoseconds: 1))
    path.ask(in: 1, on: VLANID(rawValue: 100), at: Timestamp(nanoseconds: 2))
    #expect(path.isAsked(in: 1, on: VLANID(rawValue: 100)) && path.isAsked(in: 0, on: nil))
    #expect(!path.isAsked(in: 1, on: VLANID(rawValue: 7)) && !path.isAsked(in: 1, on: nil))
    #expect(path.isAsked(in: 2, on: VLANID(rawValue: 100)))
    #expect(!path.isAsked(in: 2, on: VLANID(rawValue: 7)))
  }

  // MARK: - Several captures

  /// A network of which three places were captured, each packet when it came by.
  private func followed(_ scene: Scene, _ parts: [Part]) throws -> CaptureFollower {
    let client = MACAddress(rawValue: scene.client)
    var merge = TimeMerge<(bytes: [UInt8], time: Timestamp, capture: Int)>()
    for packet in scene.packets {
      let frame = try Frame(decoding: packet.bytes)
      for (capture, part) in parts.enumerated() where part.has(frame, of: client) {
        let isAnswer = frame.source != client
        let late = Double(isAnswer ? parts.count - capture : capture) * 0.0001
        let time = Timestamp(seconds: packet.time + late)
        merge.add((packet.bytes, time, capture), at: time)
      }
    }
    var follower = CaptureFollower(tellsEvents: false)
    follower.captures = ["node01's br1", "the fabric's br1", "node02's br1"]
    for (number, packet) in merge.takeAll().enumerated() {
      packet.bytes.withUnsafeBytes { bytes in
        _ = follower.take(
          bytes, linkType: .ethernet, at: packet.time, number: number + 1,
          interface: packet.capture)
      }
    }
    return follower
  }

  /// Captures of three places together say what one says, and count each frame once.
  @Test(arguments: [Part.all, .questions])
  func severalCapturesAreOne(third: Part) throws {
    var scene = Scene()
    scene.tags = [100]
    scene.boot("boot.efi")
    scene.leaseV6(url: "tftp://[fd77::1]/boot.efi")
    scene.resolve("boot.example", 7, code: 0, address: scene.server)
    scene.fetch("/initrd", 4001)
    scene.arp(scene.server + 1, answered: false)
    scene.connect(4002, to: 3260, again: 2)
    scene.get("none", port: 2002)
    scene.unreachable(code: 3, port: 69)
    let client = MACAddress(rawValue: scene.client)
    let alone = try followed(scene, [.all])
    let together = try followed(scene, [.all, .all, third])
    let one = try #require(alone.tracker.trace(of: client))
    let all = try #require(together.tracker.trace(of: client))
    #expect(all.frames == one.frames)
    #expect(all.framesReceived == one.framesReceived)
    #expect(all.transfers.map(\.repeatedBlocks) == one.transfers.map(\.repeatedBlocks))
    #expect(all.transfers.map(\.repeatedRequests) == one.transfers.map(\.repeatedRequests))
    #expect(all.httpTransfers.map(\.bytes) == one.httpTransfers.map(\.bytes))
    #expect(
      all.httpTransfers.map(\.repeatedSegments) == one.httpTransfers.map(\.repeatedSegments))
    #expect(
      all.iscsiSessions.map(\.connectionAttempts) == one.iscsiSessions.map(\.connectionAttempts))
    #expect(all.iscsiSessions.last?.connectionAttempts == 3)
    #expect(all.nameQueries.map(\.attempts) == [1])
    #expect(all.unansweredARP.map(\.count) == [1])
    #expect(all.deliveryFailures.count == 1)
    #expect(all.exchangesV6.map(\.solicits) == one.exchangesV6.map(\.solicits))
    #expect(
      together.report().findings.map(\.id) == alone.report().findings.map(\.id))
  }

  @Test func severalCapturesSayHowFarAQuestionGot() throws {
    var scene = Scene()
    scene.tags = [100]
    // The answers come as far as the fabric.
    for xid in UInt32(1)...4 {
      scene.ask(1, xid: xid)
      scene.answer(2, xid: xid)
      scene.wait(4)
    }
    scene.noise(after: 20)
    let report = try followed(scene, [.questions, .all, .nothing]).report()
    let texts = report.findings.flatMap(\.evidence).map(\.text)
    #expect(
      texts.contains(
        "the way of the DISCOVER: it was seen on node01's br1, then the fabric's br1; its OFFER on the "
          + "fabric's br1, not on node01's br1"), "\(texts)")
  }
}
