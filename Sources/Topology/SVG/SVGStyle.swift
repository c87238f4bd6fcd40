import Addresses

/// The drawing's colours and fonts, as a style sheet with a second set of colours for dark pages.
/// Viewers that know no media queries show the first set, on a page of its own colour.
enum SVGStyle {
  /// A colour for each VLAN: Okabe and Ito's, which people with any colour vision can tell apart.
  private static let light = [
    "#0072b2", "#d55e00", "#00805c", "#a8478a", "#9a6a00", "#3a6ea5", "#7a3e00", "#5b4bb0",
  ]
  private static let dark = [
    "#56b4e9", "#ff9a4d", "#3fd0a4", "#e6a0cb", "#f0c04a", "#9cc3f0", "#d9a27a", "#b3a6ff",
  ]

  /// The class of a VLAN's lines and frames, by its place among the lab's VLANs.
  static func vlanClass(_ place: Int?) -> String { place.map { "v\($0 % light.count)" } ?? "vx" }

  static var sheet: String {
    """
    <style>
    text { font-family: sans-serif; font-size: 12px; fill: #1f2328; }
    .page { fill: #ffffff; }
    .title { font-size: 18px; font-weight: bold; }
    .name { font-size: 13px; font-weight: bold; }
    .small { font-size: 11px; fill: #57606a; }
    .center { text-anchor: middle; }
    .sandbox { fill: #f6f8fa; stroke: #8c959f; stroke-dasharray: 6 4; }
    .card { fill: #ffffff; stroke: #8c959f; }
    .outside { fill: #ffffff; stroke: #57606a; stroke-width: 2; }
    .namespace { fill: #ffffff; stroke: #57606a; stroke-dasharray: 3 3; }
    .row { stroke: #d0d7de; }
    .pill { fill: #ffffff; stroke-width: 1.5; }
    .wire { stroke-width: 2; }
    .trunk { stroke-width: 4; }
    .bar { fill: #57606a; }
    .head { fill: #eaeef2; stroke: #57606a; }
    .pod { stroke: #8c959f; stroke-dasharray: 4 3; }
    .podbar { fill: #afb8c1; }
    .vx { stroke: #6e7781; }
    .different { stroke: #cf222e; stroke-width: 3; stroke-dasharray: 5 2; }
    \(light.enumerated().map { ".v\($0) { stroke: \($1); }" }.joined(separator: "\n"))
    @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .page { fill: #0d1117; }
    .small { fill: #9ea7b3; }
    .sandbox { fill: #151b23; stroke: #6e7681; }
    .card, .namespace, .pill { fill: #0d1117; }
    .outside { fill: #0d1117; stroke: #9ea7b3; }
    .card, .namespace { stroke: #6e7681; }
    .row { stroke: #30363d; }
    .bar { fill: #9ea7b3; }
    .head { fill: #262c36; stroke: #9ea7b3; }
    .podbar { fill: #484f58; }
    .different { stroke: #ff7b72; }
    \(dark.enumerated().map { ".v\($0) { stroke: \($1); }" }.joined(separator: "\n"))
    }
    </style>
    """
  }
}
