import Foundation
import FoundationXML
import Testing

@testable import Topology

/// What must hold for a drawing of any size.
@Suite struct SVGTests {
  static let sizes = [(1, 1, 8), (1, 4, 8), (3, 4, 63), (20, 2, 8), (60, 4, 30)]

  @Test(arguments: sizes)
  func nothingOverlaps(_ machines: Int, _ attachments: Int, _ nameLength: Int) async throws {
    let topology = try await Drawing.made(
      machines: machines, attachments: Array(TopologyTests.attachments.prefix(attachments)),
      nameLength: nameLength)
    let layout = SVGLayout(topology)
    #expect(layout.wires.count >= machines * (attachments + 1) + 1)
    var boxes = layout.cards.map(\.frame)
    for bar in layout.bars {
      let x = bar.x - bar.headWidth / 2
      boxes.append(SVGFrame(x: x, y: layout.top, width: bar.headWidth, height: 46))
      boxes.append(SVGFrame(x: x, y: layout.foot, width: bar.headWidth, height: 42))
    }
    let labels = layout.wires.map(layout.pill)
    for (index, box) in (boxes + labels).enumerated() {
      for other in (boxes + labels).dropFirst(index + 1) {
        #expect(!box.meets(other), "\(box) and \(other)")
      }
    }
    // A wire passes behind no label but its own, and no card.
    for (index, wire) in layout.wires.enumerated() {
      let bar = layout.bars[wire.bar].x
      let line = SVGFrame(
        x: min(wire.start, bar) + 1, y: wire.y - 1, width: abs(bar - wire.start) - 2, height: 2)
      for (place, label) in labels.enumerated() where place != index {
        #expect(!line.meets(label), "\(wire) and the label \(layout.wires[place].label)")
      }
      for card in layout.cards { #expect(!line.meets(card.frame), "\(wire) and \(card.title)") }
    }
    let right = boxes.map(\.right).max() ?? 0
    #expect(right <= layout.width)
  }

  @Test(arguments: sizes)
  func isXML(_ machines: Int, _ attachments: Int, _ nameLength: Int) async throws {
    let svg = try await Drawing.made(
      machines: machines, attachments: Array(TopologyTests.attachments.prefix(attachments)),
      nameLength: nameLength
    ).svg
    #expect(XMLParser(data: Data(svg.utf8)).parse())
  }

  @Test func textIsEscaped() {
    var canvas = SVGCanvas()
    canvas.text("<a & \"b\">\u{1}", x: 1, y: 2.25, class: "name", tip: "<tip>")
    #expect(
      canvas.lines == [
        "<text x=\"1\" y=\"2.3\" class=\"name\"><title>&lt;tip&gt;</title>"
          + "&lt;a &amp; &quot;b&quot;&gt; </text>"
      ])
  }

  @Test func aLongTextIsCut() {
    #expect(TextMeasure.fitted("abcdefgh", width: 36, size: 12) == "abcd…")
    #expect(TextMeasure.fitted("abcde", width: 36, size: 12) == "abcde")
  }
}

extension SVGFrame {
  fileprivate func meets(_ other: SVGFrame) -> Bool {
    x < other.right && other.x < right && y < other.bottom && other.y < bottom
  }
}
