import Diagnosis
import FindingPages
import Testing

@Suite("Pages of findings")
struct FindingDocumentTests {
  @Test("each finding has a page, and each page a finding")
  func complete() {
    #expect(FindingDocument.all.map(\.id) == DiagnosisRules.ids)
  }

  @Test("each page has a title and a severity", arguments: FindingDocument.all)
  func form(_ document: FindingDocument) {
    #expect(document.text.hasPrefix("# \(document.id): \(document.title)\n"))
    #expect(!document.title.isEmpty)
    // `error, also when the machine booted this time`: the first word is one of three.
    let severity = String(document.severity.prefix(while: \.isLetter))
    #expect(["error", "warning", "info"].contains(severity), "\(document.severity)")
    #expect(document.text.hasSuffix("\n"))
  }

  @Test(
    "an id in any case, without PXL or zeros",
    arguments: [("PXL003", "PXL003"), ("pxl3", "PXL003"), ("3", "PXL003"), ("0012", "PXL012")])
  func named(_ name: String, _ id: String) {
    #expect(FindingDocument(name)?.id == id)
  }

  @Test("what is no id", arguments: ["", "PXL", "PXL999", "-3", "PXL003.md", "٣", "PXL 3"])
  func unknown(_ name: String) {
    #expect(FindingDocument(name) == nil)
  }
}
