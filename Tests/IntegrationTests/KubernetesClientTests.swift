import ExternalCommand
import Foundation
import Glibc
import LabHost
import Testing

extension LabTests {
  /// A lab's API as kubectl sees it: the one that the distribution has, which knows nothing of pxelab.
  @Suite struct KubernetesClients {
    private static let map = """
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: settings
      data:
        colour: blue
      """

    @Test func kubectlWorksOnALab() async throws {
      try await Workspace.use { workspace in
        let lab = "\(Workspace.labs)/halted"
        let up = try await workspace.run("up", "--detach", lab)
        #expect(up.status == 0, "\(up.errors)")
        let path = try await workspace.kubeconfig(of: "halted")
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect(mode as? Int == 0o600)
        let client = KubernetesClient(workspace: workspace, kubeconfig: path)
        try await objectsAreShown(client)
        try await objectsAreChanged(client)
        try await refusalsAreSaid(client)
        try await machinesAreOperated(client)
        try await clientsInPythonWork(client)
        try await nobodyElseGetsIn(client)
        try await theAPIComesBackAtItsPort(client)
        #expect(try await workspace.run("down").status == 0)
      }
    }

    private func objectsAreShown(_ client: KubernetesClient) async throws {
      // `up` does not wait for what a machine that is off says of itself.
      var rows: [[Substring]] = []
      while rows.last?.dropFirst(2) != ["Stopped", "False"], !Task.isCancelled {
        let machines = try await client.output(["get", "vm"])
        rows = machines.split(separator: "\n").map { $0.split(separator: " ") }
      }
      #expect(rows.first == ["NAME", "AGE", "STATUS", "READY"])
      #expect(rows.last?.first == "idle")
      let nodes = try await client.output(["get", "nodes", "-o", "wide"])
      #expect(
        nodes.split(separator: "\n").last?.split(separator: " ").prefix(2) == ["node01", "Ready"])
      let resources = try await client.output(["api-resources", "-o", "name"])
      for name in ["virtualmachines.kubevirt.io", "bootverdicts.pxelab.dev", "pods"] {
        #expect(resources.split(separator: "\n").contains { $0 == name }, "\(name)")
      }
      let yaml = try await client.output(["get", "vm", "idle", "-o", "yaml"])
      #expect(yaml.contains("runStrategy: Halted") && yaml.contains("printableStatus: Stopped"))
      let described = try await client.output(["describe", "node", "node01"])
      #expect(described.contains("kubevirt.io/schedulable=true"))
      #expect(try await client.output(["auth", "can-i", "delete", "vm"]) == "yes\n")
    }

    private func objectsAreChanged(_ client: KubernetesClient) async throws {
      #expect(
        try await client.output(["create"], manifest: Self.map)
          == "configmap/settings created\n")
      let red = Self.map.replacing("blue", with: "red")
      #expect(
        try await client.output(["apply"], manifest: red)
          == "configmap/settings configured\n")
      let value = ["get", "cm", "settings", "-o", "jsonpath={.data.colour}"]
      #expect(try await client.output(value) == "red")
      let patch = #"{"data":{"colour":"green"}}"#
      _ = try await client.output(["patch", "cm", "settings", "--type", "merge", "-p", patch])
      #expect(try await client.output(value) == "green")
      let conflict = try await client.start(
        ["apply", "--server-side"], manifest: red
      ).outcome()
      #expect(conflict.status != 0 && conflict.errors.contains(".data.colour"))
      #expect(
        try await client.output(
          ["apply", "--server-side", "--force-conflicts"], manifest: red)
          == "configmap/settings serverside-applied\n")
      #expect(try await client.output(value) == "red")
      _ = try await client.output(["label", "vm", "idle", "tier=test"])
      #expect(try await client.output(["get", "vm", "-l", "tier=test", "-o", "name"]) != "")
      _ = try await client.output(["cordon", "node01"])
      #expect(try await client.output(["get", "nodes"]).contains(" Ready,SchedulingDisabled "))
      _ = try await client.output(["uncordon", "node01"])
      _ = try await client.output(["taint", "nodes", "node01", "k=v:NoSchedule"])
      #expect(try await client.output(["describe", "node", "node01"]).contains("k=v:NoSchedule"))
      _ = try await client.output(["taint", "nodes", "node01", "k-"])
      _ = try await client.output(["create", "namespace", "other"])
      #expect(
        try await client.output(["create", "-n", "other"], manifest: Self.map)
          == "configmap/settings created\n")
      #expect(
        try await client.output(["delete", "cm", "settings", "--wait"])
          .hasPrefix("configmap \"settings\" deleted"))
    }

    private func refusalsAreSaid(_ client: KubernetesClient) async throws {
      let missing = try await client.start(["get", "vmi", "nosuch"]).outcome()
      #expect(
        missing.errors
          == "Error from server (NotFound): virtualmachineinstances.kubevirt.io \"nosuch\" not found\n"
      )
      let machine = """
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        metadata:
          name: bad
        spec:
          runStrategy: Halted
          template:
            spec:
              domain:
                firmware: {bootloader: {efi: {}}}
                devices: {}
        """
      let denied = try await client.start(["create"], manifest: machine).outcome()
      #expect(denied.status == 1)
      #expect(denied.errors.contains("requires SMM"))
    }

    private static let subresources =
      "/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachine"

    /// Asks a subresource for something by PUT, as virtctl does.
    private func ask(_ client: KubernetesClient, _ path: String) async throws -> Outcome {
      try await client.start(
        ["replace", "--raw", Self.subresources + path], manifest: "{}"
      ).outcome()
    }

    private func wait(
      _ client: KubernetesClient, for wanted: String, _ field: String
    ) async throws {
      let question = ["get", "vmi", "idle", "-o", "jsonpath=\(field)"]
      let deadline = ContinuousClock.now + .seconds(120)
      var answer = try await client.start(question).outcome()
      while answer.output != wanted, ContinuousClock.now < deadline {
        answer = try await client.start(question).outcome()
      }
      #expect(answer.output == wanted, "\(answer.errors)")
    }

    private func machinesAreOperated(_ client: KubernetesClient) async throws {
      #expect(try await ask(client, "s/idle/start").status == 0)
      try await wait(client, for: "Running", "{.status.phase}")
      let pod = try await client.output(
        ["get", "pods", "-l", "kubevirt.io=virt-launcher", "-o", "name"]
      ).trimmingCharacters(in: .newlines)
      let log = try await client.output(["logs", pod, "-c", "compute"])
      #expect(log.contains("qemu-system-x86_64"))
      #expect(
        try await client.output(["logs", pod, "-c", "compute", "--tail", "1"])
          .split(separator: "\n").count == 1)
      _ = try await client.output(["logs", pod, "-c", "guest-console-log"])
      let follower = try await client.start(["logs", "-f", pod, "-c", "compute"])

      let paused = "{.status.conditions[?(@.type=='Paused')].reason}"
      #expect(try await ask(client, "instances/idle/pause").status == 0)
      try await wait(client, for: "PausedByUser", paused)
      #expect(
        try await ask(client, "instances/idle/pause").errors.contains("VMI is already paused"))
      #expect(try await ask(client, "instances/idle/unpause").status == 0)
      try await wait(client, for: "", paused)
      for request in ["softreboot", "reset"] {
        let outcome = try await ask(client, "instances/idle/\(request)")
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
      let picture = try await client.output(
        ["get", "--raw", "\(Self.subresources)instances/idle/vnc/screenshot"])
      #expect(picture.dropFirst().hasPrefix("PNG"))
      let agent = try await client.start(
        ["get", "--raw", "\(Self.subresources)instances/idle/guestosinfo"]
      ).outcome()
      #expect(agent.errors.contains("VMI does not have guest agent connected"))
      try await webSocketsAreCarried(client)

      #expect(try await ask(client, "s/idle/stop").status == 0)
      let followed = try await follower.outcome()
      #expect(followed.status == 0 && followed.output.contains("shutting down"))
    }

    /// A console is taken by the newer client, and a screen speaks RFB.
    private func webSocketsAreCarried(_ client: KubernetesClient) async throws {
      let script = """
        import base64, os, sys, tempfile, websocket, yaml
        access = yaml.safe_load(open(os.environ["KUBECONFIG"]))
        cluster = access["clusters"][0]["cluster"]
        authority = tempfile.NamedTemporaryFile()
        authority.write(base64.b64decode(cluster["certificate-authority-data"]))
        authority.flush()
        url = cluster["server"].replace("https", "wss") + sys.argv[1] + "instances/idle/"
        token = access["users"][0]["user"]["token"]
        def connect(name):
          return websocket.create_connection(
            url + name, subprotocols=["plain.kubevirt.io"], suppress_origin=True, timeout=60,
            header=["Authorization: Bearer " + token], sslopt={"ca_certs": authority.name})
        def read(connection, count):
          data = b""
          while len(data) < count: data += connection.recv()
          return data
        older = connect("console")
        print(older.getsubprotocol())
        newer = connect("console")
        try:
          while older.recv(): pass
          print("closed")
        except websocket.WebSocketConnectionClosedException: print("dropped")
        newer.send_binary(b"\\r")
        newer.close()
        screen = connect("vnc")
        version = read(screen, 12)
        print(version)
        screen.send_binary(version)
        print(read(screen, 2))
        screen.close()
        try: connect("nosuch")
        except websocket.WebSocketBadStatusException as refusal: print(refusal.status_code)
        """
      let outcome = try await RunningCommand(
        Command(
          "/usr/bin/python3", ["-c", script, Self.subresources],
          environment: ["KUBECONFIG": client.kubeconfig])
      ).outcome()
      #expect(
        outcome.output
          == "plain.kubevirt.io\ndropped\nb'RFB 003.008\\n'\nb'\\x01\\x01'\n404\n",
        "\(outcome.errors)")
    }

    /// kr8s and openshift-python-wrapper, in Clients/python-clients.py.
    private func clientsInPythonWork(_ client: KubernetesClient) async throws {
      let python = "\(Workspace.repository)/.build/python-clients/bin/python"
      try #require(
        FileManager.default.isExecutableFile(atPath: python),
        "kr8s and openshift-python-wrapper are not installed: make prepare-test")
      let outcome = try await RunningCommand(
        Command(
          python, ["Tests/IntegrationTests/Clients/python-clients.py"],
          environment: ["KUBECONFIG": client.kubeconfig, "HOME": client.workspace.root]),
        directory: Workspace.repository
      ).outcome()
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
      #expect(outcome.output.hasSuffix("wrapper: its namespace is gone\n"), "\(outcome.output)")
    }

    /// Other users of the machine reach the port, and get nothing.
    private func nobodyElseGetsIn(_ client: KubernetesClient) async throws {
      let text = try String(contentsOfFile: client.kubeconfig, encoding: .utf8)
      let token = try #require(text.firstMatch(of: #/token: "([0-9a-f]+)"/#)?.1)
      let forged = "\(client.workspace.root)/forged"
      try text.replacing(token, with: String(repeating: "0", count: token.count))
        .write(toFile: forged, atomically: true, encoding: .utf8)
      let refused = try await client.start(["get", "vm"], kubeconfig: forged).outcome()
      #expect(refused.status != 0)
      #expect(refused.errors.contains("Unauthorized") || refused.errors.contains("logged in"))
    }

    /// A lab's API that is killed comes back where its clients look for it.
    private func theAPIComesBackAtItsPort(_ client: KubernetesClient) async throws {
      let daemon = try #require(
        ProcessTable.entries(mentioning: client.workspace.root).first {
          $0.description.contains("pxelab-lab api")
        })
      kill(daemon.pid, SIGKILL)
      let deadline = ContinuousClock.now + .seconds(120)
      var outcome = try await client.start(["get", "vm", "idle", "-o", "name"]).outcome()
      while outcome.status != 0, ContinuousClock.now < deadline {
        outcome = try await client.start(["get", "vm", "idle", "-o", "name"]).outcome()
      }
      #expect(outcome.output == "virtualmachine.kubevirt.io/idle\n", "\(outcome.errors)")
    }
  }
}
