import Foundation
import PackagePlugin

/// Makes docs/findings a part of the program at each build. The target has a link to the folder, by
/// which SwiftPM notices that a page came or went.
@main
struct EmbedFindingPages: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let folder = target.directoryURL.appending(path: "Pages")
    let pages = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil
    )
    .filter { $0.pathExtension == "md" }
    .sorted { $0.path < $1.path }
    let source = context.pluginWorkDirectoryURL.appending(path: "FindingDocument+Texts.swift")
    return [
      .buildCommand(
        displayName: "Embedding docs/findings",
        executable: try context.tool(named: "FindingPageEmbedder").url,
        arguments: [folder.path, source.path],
        inputFiles: pages, outputFiles: [source])
    ]
  }
}
