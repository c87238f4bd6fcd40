import ExternalCommand
import FileSystem
import Foundation
import Glibc
import LabStore
import Parts
import Testing

@Suite(.timeLimit(.minutes(5))) struct PartGroupTests {
  private func part(_ title: String, in shop: Workshop, configuration: String = "") -> Part {
    var part = shop.part("exec sleep 100000")
    part.title = title
    part.note = "\(shop.path)/\(title).json"
    part.configuration = configuration
    return part
  }

  @Test func whatIsToRunRuns() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    let group = PartGroup()
    func numbers() async -> [Int32?] {
      var numbers: [Int32?] = []
      for title in ["a", "b", "c"] { numbers.append(await group.processNumber(of: title)) }
      return numbers
    }
    try await group.run([part("a", in: shop), part("b", in: shop)])
    let first = await numbers()
    #expect(first[0] != nil && first[1] != nil && first[2] == nil)
    #expect(await group.states().map(\.title) == ["a", "b"])
    #expect(await group.states().allSatisfy(\.state.isWell))

    try await group.run([part("a", in: shop), part("b", in: shop)])
    #expect(await numbers() == first)

    // One goes, one is configured otherwise, one comes.
    let gone = try #require(first[0].flatMap(ProcessIdentity.init(running:)))
    try await group.run([part("b", in: shop, configuration: "new"), part("c", in: shop)])
    let second = await numbers()
    #expect(second[0] == nil && second[1] != nil && second[1] != first[1] && second[2] != nil)
    #expect(!gone.isRunning)

    await group.stop()
    #expect(await numbers() == [nil, nil, nil])
    for number in second {
      #expect(number.flatMap(ProcessIdentity.init(running:)) == nil)
    }
  }

  @Test func eventsOfAllComeTogether() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    let group = PartGroup()
    var events = group.events.makeAsyncIterator()
    try await group.run([part("a", in: shop), part("b", in: shop)])
    let pid = try #require(await group.processNumber(of: "b"))
    kill(pid, SIGKILL)
    let end = try await events.next(.restarting)
    #expect(end.title == "b")
    await group.stop()
  }

  @Test func aPartIsStartedAnewOnDemand() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    let group = PartGroup()
    try await group.run([part("a", in: shop), part("b", in: shop)])
    let (a, b) = (await group.processNumber(of: "a"), await group.processNumber(of: "b"))
    try await group.restart("a")
    try await group.restart("nobody")
    #expect(await group.processNumber(of: "a") != a && a != nil)
    #expect(await group.processNumber(of: "b") == b && b != nil)
    #expect(await group.states().allSatisfy(\.state.isWell))
    await group.stop()
  }

  @Test func releasedPartsAreAdopted() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    let old = PartGroup()
    try await old.run([part("a", in: shop)])
    let pid = await old.processNumber(of: "a")
    await old.release()
    let new = PartGroup()
    try await new.run([part("a", in: shop)])
    #expect(pid != nil)
    #expect(await new.processNumber(of: "a") == pid)
    await new.stop()
  }

  @Test func thePartThatDoesNotStartIsNamed() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    var broken = part("b", in: shop)
    broken.start = .foreground(shop.shell("exit 4"), readyFile: "\(shop.path)/ready")
    let group = PartGroup()
    let error = await #expect(throws: PartError.self) {
      try await group.run([part("a", in: shop), broken, part("c", in: shop)])
    }
    #expect(error?.title == "b")
    #expect(await group.states().map(\.title) == ["a"])
    await group.stop()
  }

  @Test func eachPartIsKeptWithoutTheOthers() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    var broken = part("b", in: shop)
    broken.start = .foreground(
      shop.shell("test -e mended || exit 4; touch ready; exec sleep 100000"),
      readyFile: "\(shop.path)/ready")
    let group = PartGroup()
    var events = group.events.makeAsyncIterator()
    let parts = [part("a", in: shop), broken, part("c", in: shop)]
    try await group.keep(parts)
    #expect(await group.processNumber(of: "a") != nil)
    #expect(await group.processNumber(of: "c") != nil)
    let failure = try await events.next(.restarting)
    #expect(failure.title == "b" && "\(failure)".contains("status 4"), "\(failure)")

    try Files.write("", to: "\(shop.path)/mended")
    var running: PartEvent
    repeat { running = try await events.next(.running) } while running.title != "b"
    #expect(running.restarts > 0)
    #expect(await group.states().map(\.title) == ["a", "b", "c"])

    // One that never starts leaves with the others that are not wanted.
    broken.start = .foreground(shop.shell("exit 4"), readyFile: "\(shop.path)/never")
    try await group.keep([parts[0], broken, parts[2]])
    try await group.keep([parts[0], parts[2]])
    #expect(await group.states().map(\.title) == ["a", "c"])
    #expect(await group.states().allSatisfy(\.state.isWell))
    await group.stop()
  }

  @Test func whatCannotStartIsTriedWithTheNextCall() async throws {
    let shop = try Workshop()
    defer { shop.remove() }
    let program = "\(shop.path)/program"
    var missing = part("a", in: shop)
    missing.start = .foreground(Command(program, ["100000"]))
    let group = PartGroup()
    try await group.keep([missing, part("b", in: shop)])
    let states = await group.states().map(\.state.ofObject)
    #expect(states == [.failed, .running])
    try Files.link(program, to: "/bin/sleep")
    try await group.keep([missing, part("b", in: shop)])
    #expect(await group.states().allSatisfy(\.state.isWell))
    await group.stop()
  }
}
