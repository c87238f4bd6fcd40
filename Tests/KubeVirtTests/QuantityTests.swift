import KubeVirt
import Testing

@Suite struct QuantityTests {
  /// A text, its value in bytes rounded up, and how Kubernetes prints it.
  @Test(arguments: [
    ("0", Int64(0), "0"), ("1", 1, "1"), ("1Gi", 1_073_741_824, "1Gi"),
    ("1024Mi", 1_073_741_824, "1Gi"), ("1.5Gi", 1_610_612_736, "1536Mi"),
    ("1024M", 1_024_000_000, "1024M"), ("1000M", 1_000_000_000, "1G"), ("100k", 100_000, "100k"),
    ("1500m", 2, "1500m"), ("2500m", 3, "2500m"), ("1e3", 1000, "1e3"), ("1E3", 1000, "1E3"),
    ("2E", 2_000_000_000_000_000_000, "2E"), ("-1Gi", -1_073_741_824, "-1Gi"), ("+5", 5, "+5"),
    ("512Ki", 524_288, "512Ki"), ("1Ki", 1024, "1Ki"), ("0.5Ki", 512, "512"), (".5", 1, "500m"),
    ("5.", 5, "5."), ("1n", 1, "1n"), ("0.1n", 1, "1n"),
  ])
  func reads(text: String, bytes: Int64, canonical: String) throws {
    let quantity = try #require(Quantity(text))
    #expect(quantity.value == bytes)
    #expect(quantity.description == canonical)
    #expect(Quantity(canonical)?.nanos == quantity.nanos)
  }

  @Test(arguments: ["", "Gi", "1gi", "1GiB", "1 Gi", "x", "1.2.3", "--1", "1e", "0x10", "1K", "."])
  func refuses(text: String) {
    #expect(Quantity(text) == nil)
  }

  @Test func compares() throws {
    #expect(try #require(Quantity("1G")) < #require(Quantity("1Gi")))
    #expect(Quantity("999999999999999999999999E") == nil)
    #expect(Quantity("2500m")?.milliValue == 2500)
  }
}
