// swift-tools-version: 6.2
import Glibc
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
]

let argumentParser: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTP2: Target.Dependency = .product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOTLS", package: "swift-nio")
let nioWebSocket: Target.Dependency = .product(name: "NIOWebSocket", package: "swift-nio")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let unixSignals: Target.Dependency = .product(
  name: "UnixSignals", package: "swift-service-lifecycle")
let asn1: Target.Dependency = .product(name: "SwiftASN1", package: "swift-asn1")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let x509: Target.Dependency = .product(name: "X509", package: "swift-certificates")

// Fuzz/run sets it: fuzzers link only with the runtime of libFuzzer, and tools of plugins not with it.
let isFuzzing = Context.environment["PXELAB_FUZZER"] != nil

// Each process of a lab reads the program's relocations when it starts, and its table of symbols for each
// library that it loads; what was read stays in memory. Of the linkers in Swift's toolchain lld packs
// relocations, 2.4 MB of them into 22 kB, which glibc reads since 2.36; a program runs where it is as new as
// where the program was built. The symbols, 4 MB that Swift's static libraries ask for, are for code that looks
// functions of the program up by name, and there is none.
let programLinking: [LinkerSetting] = [
  .unsafeFlags(
    ["-use-ld=lld", "-Xlinker", "--no-export-dynamic"]
      + (readsPackedRelocations ? ["-Xlinker", "-z", "-Xlinker", "pack-relative-relocs"] : []),
    .when(configuration: .release))
]

/// Whether this machine's C library, `glibc 2.36` by its own words, is new enough.
var readsPackedRelocations: Bool {
  var text = [CChar](repeating: 0, count: 64)
  confstr(Int32(_CS_GNU_LIBC_VERSION), &text, text.count)
  let words = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  let numbers = words.split(whereSeparator: { " .".contains($0) }).dropFirst().compactMap {
    Int($0)
  }
  return numbers.count >= 2 && (numbers[0], numbers[1]) >= (2, 36)
}

func source(
  _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = [],
  plugins: [Target.PluginUsage] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, exclude: exclude, swiftSettings: swiftSettings,
    plugins: plugins)
}

func test(_ name: String, _ dependencies: [Target.Dependency] = [], fixtures: Bool = true) -> Target
{
  .testTarget(
    name: "\(name)Tests", dependencies: [.target(name: name)] + dependencies,
    resources: fixtures ? [.copy("Fixtures")] : [], swiftSettings: swiftSettings)
}

let package = Package(
  name: "pxelab",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    // Pure: values in, values out. None of these imports an effect.
    source("Addresses"),
    source("ExternalCommand"),
    source("PXEWire", ["Addresses"]),
    source("CaptureFile", ["CZlib", "PXEWire"]),
    source("Firmware", ["Addresses"]),
    source("Objects", ["CYaml"]),
    source("KubeVirt", ["Addresses", "Objects"]),
    source("Scheduling", ["KubeVirt", "Objects"]),
    source("Reconciliation", ["KubeVirt", "Objects", "Scheduling"]),
    source("NetworkAttachment", ["Addresses", "Objects"]),
    source(
      "LabManifest", ["Addresses", "KubeVirt", "NetworkAttachment", "Objects", "Scheduling"]),
    source("ManifestSchema", ["KubeVirt", "LabManifest", "NetworkAttachment"]),
    source("DomainXML", ["Addresses"]),
    source("DomainConversion", ["Addresses", "DomainXML", "KubeVirt", "Objects"]),
    source("Diagnosis", ["Addresses", "PXEWire"]),
    source("Kinds", ["Diagnosis", "Objects"]),
    source("BootOrder", ["Addresses", "Diagnosis", "DomainXML", "Firmware", "PXEWire"]),
    source(
      "Planning",
      [
        "Addresses", "BootOrder", "Diagnosis", "DomainConversion", "DomainXML", "ExternalCommand",
        "Firmware", "Kinds", "KubeVirt", "LabManifest", "NetworkAttachment", "Objects", "PXEWire",
      ]),
    source("Topology", ["Addresses", "Planning", "NetworkAttachment"]),

    // docs/findings, which a plugin makes Swift of at each build.
    source(
      "FindingPages", exclude: ["Pages"], plugins: isFuzzing ? [] : ["EmbedFindingPages"]),
    .plugin(
      name: "EmbedFindingPages", capability: .buildTool(), dependencies: ["FindingPageEmbedder"]),
    .executableTarget(name: "FindingPageEmbedder", swiftSettings: swiftSettings),

    // Effects, each behind its own small interface.
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CYaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .target(name: "CKVM"),
    .target(name: "CMounts"),
    // Load libvirt and libpcap when they are used, hence no system libraries.
    .target(name: "CLibvirt"),
    .target(name: "CPcap"),
    .target(name: "CLinux"),
    source("Capture", ["CaptureFile", "CLinux", "CPcap", "PXEWire"]),
    source("Libvirt", ["CLibvirt"]),
    source("Execution", ["ExternalCommand", subprocess]),
    source("HostCheck", ["CKVM", "Execution", "ExternalCommand", "Firmware"]),
    source("ImageStore", ["Execution", "ExternalCommand", "FileSystem", "Objects"]),
    source("FileSystem"),
    source(
      "LabStore", ["Addresses", "CLinux", "Execution", "ExternalCommand", "FileSystem", "Firmware"]),
    source(
      "Parts", ["CLinux", "Execution", "ExternalCommand", "FileSystem", "Kinds", "LabStore"]),
    source(
      "LabEvidence",
      [
        "Addresses", "BootOrder", "Diagnosis", "Execution", "FileSystem", "Firmware", "Planning",
        "LabStore",
      ]),
    source("Store", ["FileSystem", "Objects"]),
    source("Controllers", ["Objects", "Reconciliation", "Store", logging]),
    source(
      "DryLab",
      [
        "Controllers", "DomainXML", "Kinds", "KubeVirt", "LabManifest", "Planning", "Objects",
        "Reconciliation", "Store",
      ]),
    source("Sandbox", ["CMounts", "FileSystem", "Planning"]),
    source(
      "Dataplane", ["Addresses", "Execution", "ExternalCommand", "Planning", "NetworkAttachment"]),
    source("Sockets", ["Addresses", "CLinux"]),
    source(
      "HTTPService",
      ["Addresses", nioCore, nioHTTP1, nioHTTP2, nioPosix, nioSSL, nioTLS, nioWebSocket]),
    source("LabAuthority", ["Reconciliation", asn1, crypto, x509]),
    source(
      "APIServer",
      ["HTTPService", "KubeVirt", "Objects", "Reconciliation", "Scheduling", "Store"]),
    source(
      "Subresources",
      [
        "APIServer", "Addresses", "Controllers", "FileSystem", "HTTPService", "Kinds", "Planning",
        "Objects", "Reconciliation", "Sockets", "Store",
      ]),
    source("Client", ["Kinds", "Objects", "Sockets"]),
    source(
      "BootService",
      [
        "Addresses", "Diagnosis", "Execution", "ExternalCommand", "FileSystem", "Planning", "Parts",
        "Sandbox",
      ]),
    source(
      "BootFileService",
      ["Addresses", "Execution", "ExternalCommand", "FileSystem", "HTTPService"]),
    source(
      "Node",
      [
        "Addresses", "BootOrder", "BootService", "CLinux", "Capture", "CaptureFile", "Dataplane",
        "Diagnosis", "DomainXML", "Execution", "ExternalCommand", "FileSystem", "Firmware", "Kinds",
        "LabEvidence", "Planning", "LabStore", "Libvirt", "NetworkAttachment", "Objects", "PXEWire",
        "Parts", "Sandbox", logging,
      ]),
    source(
      "LabHost",
      [
        "Addresses", "Client", "Dataplane", "Diagnosis", "DomainXML", "DryLab", "Execution",
        "ExternalCommand", "FileSystem",
        "Firmware", "HostCheck", "ImageStore", "Kinds", "KubeVirt", "LabManifest", "Planning",
        "LabStore", "NetworkAttachment", "Objects", "PXEWire", "Parts", "Reconciliation",
        "Sockets", unixSignals,
      ]),

    source(
      "Supervision",
      [
        "Client", "Execution", "ExternalCommand", "FileSystem", "Kinds", "LabManifest", "Planning",
        "Objects", "PXEWire", "Parts", "Sandbox", "Sockets",
      ]),

    // All processes of a lab, each in a role: the program beside the command.
    .executableTarget(
      name: "pxelab-lab",
      dependencies: [
        "APIServer", "Addresses", "BootFileService", "Client", "Controllers", "FileSystem",
        "HTTPService", "Kinds", "KubeVirt", "LabAuthority", "Planning", "Node", "Objects",
        "Reconciliation", "Sandbox", "Store", "Subresources", "Supervision", logging,
      ], swiftSettings: swiftSettings, linkerSettings: programLinking),

    // The command line; nothing imports it.
    .executableTarget(
      name: "pxelab",
      dependencies: [
        "Addresses", "BootOrder", "Capture", "CaptureFile", "Dataplane", "Diagnosis",
        "DomainConversion", "DomainXML", "DryLab", "Execution", "ExternalCommand", "FileSystem",
        "Client", "FindingPages", "Firmware", "HostCheck", "Kinds", "KubeVirt", "LabEvidence",
        "LabHost", "LabManifest", "Planning",
        "LabStore", "ManifestSchema", "NetworkAttachment", "Objects", "PXEWire",
        "Scheduling", "Sockets", "Topology",
        argumentParser,
      ], swiftSettings: swiftSettings, linkerSettings: programLinking),

    // The other ends of sockets.
    .target(
      name: "TestSockets", dependencies: ["Addresses", "FileSystem", "Sockets"],
      path: "Tests/TestSockets", swiftSettings: swiftSettings),

    // A lab's API in memory.
    .target(
      name: "TestObjects", dependencies: ["Kinds", "Objects"], path: "Tests/TestObjects",
      swiftSettings: swiftSettings),

    // Bytes with repeatable changes.
    .target(name: "Mutations", path: "Tests/Mutations", swiftSettings: swiftSettings),

    test("Addresses", fixtures: false),
    test("ExternalCommand", fixtures: false),
    test("PXEWire", ["Addresses", "CaptureFile"]),
    test("CaptureFile", ["Addresses", "Mutations", "PXEWire"]),
    test("Capture", ["CPcap", "CaptureFile", "PXEWire"], fixtures: false),
    test("Objects", ["Mutations"], fixtures: false),
    test("KubeVirt", ["Addresses", "Objects"]),
    test("Scheduling", ["KubeVirt", "Objects"]),
    test("NetworkAttachment", ["Addresses", "Objects"], fixtures: false),
    test(
      "LabManifest", ["Addresses", "KubeVirt", "Mutations", "NetworkAttachment", "Objects"]),
    test("ManifestSchema", ["Execution", "ExternalCommand", "LabManifest"]),
    test("DomainXML", ["Mutations"]),
    test("DomainConversion", ["DomainXML", "KubeVirt", "Objects"]),
    test("Diagnosis", ["Addresses", "Capture", "CaptureFile", "Mutations", "PXEWire"]),
    test("FindingPages", ["Diagnosis"], fixtures: false),
    test("BootOrder", ["Addresses", "Diagnosis", "DomainXML", "Firmware", "PXEWire"]),
    test("Execution", ["ExternalCommand"], fixtures: false),
    test("HostCheck", ["Execution"]),
    test("ImageStore", ["Execution", "ExternalCommand", "FileSystem"]),
    test("FileSystem", fixtures: false),
    test("Firmware", ["Addresses", "Mutations"]),
    test(
      "LabStore", ["Addresses", "Execution", "ExternalCommand", "FileSystem", "Firmware"],
      fixtures: false),
    test(
      "Parts", ["Execution", "ExternalCommand", "FileSystem", "Kinds", "LabStore"], fixtures: false),
    test("Store", ["FileSystem", "Mutations", "Objects"], fixtures: false),
    test(
      "LabHost",
      [
        "FileSystem", "Kinds", "KubeVirt", "LabManifest", "Planning", "LabStore", "Objects",
        "Reconciliation", "TestObjects",
      ], fixtures: false),
    test("Sockets", ["Addresses", "TestSockets"], fixtures: false),
    test("Client", ["TestSockets"], fixtures: false),
    test(
      "Node",
      [
        "Addresses", "Diagnosis", "Execution", "ExternalCommand", "FileSystem", "Kinds", "Planning",
        "Libvirt", "Objects", "PXEWire", "Parts", "TestObjects", logging,
      ], fixtures: false),
    test(
      "HTTPService",
      [
        "Addresses", "FileSystem", "LabAuthority", "Mutations", "Reconciliation", "Sockets",
        "TestSockets", nioCore, nioHTTP1, nioHTTP2, nioPosix, nioSSL,
      ], fixtures: false),
    test(
      "APIServer",
      [
        "Client", "FileSystem", "HTTPService", "KubeVirt", "Mutations", "Objects",
        "Reconciliation", "Store",
      ]),
    test(
      "Subresources",
      [
        "APIServer", "Diagnosis", "FileSystem", "HTTPService", "Kinds", "Planning", "Objects",
        "Reconciliation", "Sockets", "Store", "TestSockets",
      ], fixtures: false),
    test(
      "LabEvidence",
      [
        "Addresses", "BootOrder", "Diagnosis", "ExternalCommand", "FileSystem", "Firmware",
        "Planning", "PXEWire",
      ],
      fixtures: false),
    test(
      "BootService",
      ["Addresses", "Diagnosis", "ExternalCommand", "FileSystem", "Planning", "Parts"],
      fixtures: false),
    test(
      "BootFileService", ["Addresses", "FileSystem", "HTTPService", "Sockets", "TestSockets"],
      fixtures: false),
    test("Libvirt", ["Execution", "ExternalCommand"], fixtures: false),
    test(
      "Reconciliation", ["KubeVirt", "Mutations", "Objects", "Store"], fixtures: false),
    test(
      "Controllers", ["Objects", "Reconciliation", "Store", logging], fixtures: false),
    test(
      "Planning",
      [
        "Addresses", "DomainXML", "DryLab", "Execution", "ExternalCommand", "Firmware", "Kinds",
        "KubeVirt", "LabManifest", "NetworkAttachment", "Objects", "Scheduling",
      ]),
    test(
      "Topology",
      ["Addresses", "DryLab", "Firmware", "Kinds", "LabManifest", "Planning", "NetworkAttachment"]),
    test(
      "Dataplane",
      ["Addresses", "Execution", "ExternalCommand", "Planning", "NetworkAttachment"]),

    // The bridge beside the reference plugin's.
    .testTarget(
      name: "CNIBridgeTests",
      dependencies: [
        "Addresses", "Execution", "ExternalCommand", "Planning", "NetworkAttachment", "Objects",
      ],
      exclude: ["Fixtures", "random-configs"], swiftSettings: swiftSettings),

    // The whole program without labs: its streams, folders and exit statuses.
    .testTarget(
      name: "CommandLineTests", dependencies: ["pxelab", subprocess], swiftSettings: swiftSettings),

    // The whole program on recorded captures: Tests/Corpus.
    .testTarget(
      name: "CorpusTests", dependencies: ["pxelab", subprocess], swiftSettings: swiftSettings),

    // The whole program on real labs.
    .testTarget(
      name: "IntegrationTests",
      dependencies: [
        "Addresses", "BootOrder", "Client", "Diagnosis", "Execution", "ExternalCommand",
        "FileSystem", "Kinds", "LabHost", "Planning",
        "LabStore", "Mutations", "pxelab", subprocess,
      ],
      exclude: ["Clients", "Labs"], swiftSettings: swiftSettings),
  ]
)

if isFuzzing {
  func fuzzer(_ name: String, _ dependencies: [Target.Dependency]) {
    package.targets.append(
      .executableTarget(
        name: "\(name)Fuzzer", dependencies: dependencies, path: "Fuzz/\(name)Fuzzer",
        swiftSettings: swiftSettings))
  }
  fuzzer("Manifest", ["LabManifest"])
  fuzzer("DHCP", ["PXEWire"])
  fuzzer("DHCPv6", ["PXEWire"])
  fuzzer("TFTP", ["PXEWire"])
  fuzzer("Wire", ["Diagnosis", "PXEWire"])
  fuzzer("Pcap", ["CaptureFile", "PXEWire"])
  fuzzer("Pcapng", ["CaptureFile", "PXEWire"])
  fuzzer("VariableStore", ["Firmware"])
}
