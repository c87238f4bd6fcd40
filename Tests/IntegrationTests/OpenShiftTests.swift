import ExternalCommand
import Foundation
import Testing

extension LabTests {
  /// The commands of OpenShift Virtualization's documentation, "Advanced virtual machine management"
  /// (release 4.16, sections 6.13.1 to 6.13.9), in its order and as they stand there, with kubectl as `oc`.
  /// What is expected of them was recorded with kubectl 1.20 to 1.33 and oc from a real API server with the
  /// custom resources of KubeVirt and its operator, or is said so in docs/openshift.md.
  @Suite struct OpenShift {
    @Test func theDocumentationsCommandsWorkOnALab() async throws {
      try await KubernetesClient.requirePythonPackages()
      try await Workspace.use { workspace in
        let up = try await workspace.run("up", "--empty", "--detach")
        #expect(up.status == 0, "\(up.errors)")
        let terminal = try Terminal(workspace, try await workspace.kubeconfig(of: "empty"))
        try await quotasAndPlacement(terminal)
        try await hyperConverged(terminal)
        try await firmware(terminal)
        try await networkBoot(terminal)
        try await scheduling(terminal)
        try await tuning(terminal)
        try await whatPeopleDoBesides(terminal)
        #expect(try await workspace.run("down", "empty").status == 0)
      }
    }

    /// 6.13.1 and 6.13.2.
    private func quotasAndPlacement(_ terminal: Terminal) async throws {
      try terminal.write(
        "operator.yaml",
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: openshift-cnv}
        ---
        apiVersion: hco.kubevirt.io/v1beta1
        kind: HyperConverged
        metadata: {name: kubevirt-hyperconverged, namespace: openshift-cnv}
        spec: {certConfig: {ca: {duration: 72h0m0s}}}
        """)
      try await terminal.expect("oc create -f operator.yaml", " created")
      try terminal.writeMachine(
        "with-limits",
        "domain: {devices: {}, resources: {requests: {memory: 128Mi}, limits: {memory: 256Mi}}}")
      try await terminal.expect(
        "oc create -f with-limits.yaml", "virtualmachine.kubevirt.io/with-limits created\n")
      try terminal.writeMachine(
        "example-vm-node-selector",
        """
        nodeSelector:
          example-key-1: example-value-1
          example-key-2: example-value-2
        domain: {devices: {}, memory: {guest: 64Mi}}
        """, runs: true)
      try await terminal.expect("oc create -f example-vm-node-selector.yaml", " created")
      // In the place where the documentation has it, it is no field.
      try terminal.write(
        "example-vm-tolerations.yaml",
        """
        metadata:
          name: example-vm-tolerations
        apiVersion: kubevirt.io/v1
        kind: VirtualMachine
        spec:
          tolerations:
          - key: "key"
            operator: "Equal"
            value: "virtualization"
            effect: "NoSchedule"
          runStrategy: Halted
          template: {spec: {domain: {devices: {}, memory: {guest: 64Mi}}}}
        """)
      // Old clients have it dropped with a warning, newer ones are refused.
      try await terminal.expect(
        "oc create -f example-vm-tolerations.yaml", #"unknown field "spec.tolerations""#,
        status: nil)
      try await terminal.wait(
        "oc get events --field-selector reason=FailedScheduling -o name", for: "event/")
      try await terminal.expect(
        "oc get events --field-selector reason=FailedScheduling -o jsonpath='{.items[0].message}'",
        "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. no new claims to "
          + "deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."
      )
      try await terminal.wait("oc get vm example-vm-node-selector", for: "ErrorUnschedulable")
    }

    /// 6.13.3 and 6.13.4.
    private func hyperConverged(_ terminal: Terminal) async throws {
      let edit = "oc edit hyperconverged kubevirt-hyperconverged -n openshift-cnv"
      let edited = "hyperconverged.hco.kubevirt.io/kubevirt-hyperconverged edited\n"
      try await terminal.expect(
        edit, edited,
        edits: """
          {"spec": {"certConfig": {"ca": {"duration": "48h0m0s", "renewBefore": "24h0m0s"},
          "server": {"duration": "24h0m0s", "renewBefore": "12h0m0s"}}}}
          """)
      try await terminal.expect(edit, "Edit cancelled, no changes made.\n", edits: "{}")
      try await terminal.expect(
        edit, edited,
        edits: """
          {"spec": {"certConfig": {"ca": {"duration": "4h0m0s", "renewBefore": "1h0m0s"},
          "server": {"duration": "4h0m0s", "renewBefore": "4h0m0s"}}}}
          """)
      try await terminal.expect(
        edit,
        #"error: hyperconvergeds.hco.kubevirt.io "kubevirt-hyperconverged" could not be patched: "#
          + #"admission webhook "validate-hco.kubevirt.io" denied the request: spec.certConfig: "#
          + "ca.duration is smaller than server.duration\n",
        status: 1, edits: #"{"spec": {"certConfig": {"server": {"duration": null}}}}"#)
      try await terminal.expect(
        edit, edited, edits: #"{"spec": {"defaultCPUModel": "EPYC"}}"#)
      try await terminal.wait(
        "oc get kubevirt kubevirt-kubevirt-hyperconverged -n openshift-cnv -o yaml",
        for: "cpuModel: EPYC")
      // Not every processor can be that one, and machines start below.
      try await terminal.expect(edit, edited, edits: #"{"spec": {"defaultCPUModel": null}}"#)
      try await terminal.wait(
        "oc get kubevirt kubevirt-kubevirt-hyperconverged -n openshift-cnv "
          + "-o go-template='{{if .spec.configuration.cpuModel}}set{{else}}none{{end}}'",
        for: "none")
    }

    /// 6.13.5.
    private func firmware(_ terminal: Terminal) async throws {
      let secureBoot = """
        kind: VirtualMachine
        metadata:
          labels:
            special: vm-secureboot
          name: vm-secureboot
        spec:
          runStrategy: Halted
          template:
            metadata:
              labels:
                special: vm-secureboot
            spec:
              domain:
                devices:
                  disks:
                  - disk:
                      bus: virtio
                    name: containerdisk
                memory: {guest: 64Mi}
                features:
                  acpi: {}
                  smm:
                    enabled: true
                firmware:
                  bootloader:
                    efi:
                      secureBoot: true
              volumes: [{name: containerdisk, emptyDisk: {capacity: 1Mi}}]
        """
      try terminal.write("vm-secureboot.yaml", "apiversion: kubevirt.io/v1\n\(secureBoot)")
      try await terminal.expect("oc create -f vm-secureboot.yaml", "apiVersion not set", status: 1)
      try terminal.write("vm-secureboot.yaml", "apiVersion: kubevirt.io/v1\n\(secureBoot)")
      try await terminal.expect(
        "oc create -f vm-secureboot.yaml", "virtualmachine.kubevirt.io/vm-secureboot created\n")
      try await terminal.expect(
        """
        oc patch hyperconverged kubevirt-hyperconverged -n openshift-cnv \\
          --type json -p '[{"op":"replace","path":"/spec/featureGates/VMPersistentState", "value": true}]'
        """, "hyperconverged.hco.kubevirt.io/kubevirt-hyperconverged patched\n")
      let persistent =
        "domain: {devices: {}, memory: {guest: 64Mi}, firmware: {bootloader: {efi: {persistent: true}}}}"
      try terminal.writeMachine("vm", persistent)
      try await terminal.expect(
        "oc create -f vm.yaml", "SecureBoot requires SMM, which is currently disabled", status: 1)
      try terminal.writeMachine("vm", persistent.replacing("true", with: "true, secureBoot: false"))
      try await terminal.expect("oc create -f vm.yaml", "virtualmachine.kubevirt.io/vm created\n")
    }

    /// 6.13.6. What a client shows of console and screen is another test's, and `ip addr` the guest's.
    private func networkBoot(_ terminal: Terminal) async throws {
      for file in ["pxe-net-conf.yaml", "vmi-pxe-boot.yaml"] {
        let path = "\(Workspace.repository)/labs/secureboot/\(file)"
        try terminal.write(file, try String(contentsOfFile: path, encoding: .utf8))
      }
      try await terminal.expect(
        "oc create -f pxe-net-conf.yaml",
        "networkattachmentdefinition.k8s.cni.cncf.io/pxe-net-conf created\n")
      try await terminal.expect(
        "oc create -f vmi-pxe-boot.yaml",
        "virtualmachineinstance.kubevirt.io/vmi-pxe-boot created\n")
      try await terminal.expect(
        "oc wait --for=condition=Ready vmi/vmi-pxe-boot --timeout=120s", "condition met\n")
      let phases = try await terminal.run("oc get vmi vmi-pxe-boot -o yaml | grep -i phase").output
      let lines = phases.split(separator: "\n").map { $0.prefix { $0 != "\"" } }
      let transition = "    phaseTransitionTimestamp: "
      #expect(
        lines == [
          "  phase: Running", "  phaseTransitionTimestamps:", "  - phase: Pending", transition[...],
          "  - phase: Scheduling", transition[...], "  - phase: Scheduled", transition[...],
          "  - phase: Running", transition[...],
        ])
      try await terminal.expect(
        "oc get vmi vmi-pxe-boot -o jsonpath='{.status.interfaces[1].mac}'", "de:00:00:00:00:de")
      try await terminal.expect("oc delete vmi vmi-pxe-boot", "deleted")
    }

    /// 6.13.7.
    private func scheduling(_ terminal: Terminal) async throws {
      try terminal.writeMachine(
        "myvm",
        "domain: {devices: {}, memory: {guest: 64Mi}, cpu: {features: [{name: apic, policy: require}]}}"
      )
      try await terminal.expect(
        "oc create -f myvm.yaml", "virtualmachine.kubevirt.io/myvm created\n")
      try terminal.writeMachine(
        "myvm", "domain: {devices: {}, memory: {guest: 64Mi}, cpu: {model: Conroe}}")
      try await terminal.expect(
        "oc replace -f myvm.yaml", "virtualmachine.kubevirt.io/myvm replaced\n")
      try terminal.writeMachine(
        "myvm", "domain: {devices: {}, memory: {guest: 64Mi}, cpu: {model: host-model}}",
        version: "kubevirt/v1alpha3")
      try await terminal.expect(
        "oc replace -f myvm.yaml",
        #"no matches for kind "VirtualMachine" in version "kubevirt/v1alpha3""#, status: 1)

      try terminal.writeMachine(
        "vm-fedora",
        """
        schedulerName: my-scheduler
        domain:
          devices:
            disks:
              - name: containerdisk
                disk:
                  bus: virtio
          memory: {guest: 64Mi}
        volumes: [{name: containerdisk, emptyDisk: {capacity: 1Mi}}]
        """, runs: true)
      try await terminal.expect(
        "oc create -f vm-fedora.yaml", "virtualmachine.kubevirt.io/vm-fedora created\n")
      let find = "oc get pods -l vm.kubevirt.io/name=vm-fedora"
      try await terminal.wait("\(find) -o name", for: "pod/virt-launcher-vm-fedora-")
      let pod = try await terminal.run("\(find) -o jsonpath='{.items[0].metadata.name}'").output
      try await terminal.expect("oc describe pod \(pod)", #/Status: +Pending\n/#)
      try await terminal.expect("oc describe pod \(pod)", #/Events: +<none>\n/#)
      let scheduler = try await RunningCommand(
        Command(
          "/usr/bin/python3", ["labs/custom-scheduler/scheduler.py"],
          environment: ["KUBECONFIG": terminal.kubeconfig]), directory: Workspace.repository)
      do {
        try await scheduler.wait(for: "default/\(pod) goes to node01\n")
      } catch {
        Issue.record("\(error): \(await scheduler.errors.text)")
      }
      scheduler.signal(SIGKILL)
      _ = try await scheduler.outcome()
      try await terminal.expect("oc wait --for=condition=Ready vmi/vm-fedora --timeout=120s", "met")
      try await terminal.expect(
        "oc get pods",
        try Regex(#"NAME +READY +STATUS +RESTARTS +AGE\n(?:.*\n)*\#(pod) +1/1 +Running +0 "#))
      try await terminal.expect(
        "oc describe pod \(pod)",
        try Regex(
          #"\n  Type +Reason +Age +From +Message\n  -.*\n"#
            + #"  Normal +Scheduled +\S+ +my-scheduler +Successfully assigned default/\#(pod) to node01\n"#
        ))
    }

    /// 6.13.9.
    private func tuning(_ terminal: Terminal) async throws {
      try await terminal.expect(
        """
        oc patch hyperconverged kubevirt-hyperconverged -n openshift-cnv \\
          --type=json -p='[{"op": "add", "path": "/spec/tuningPolicy", \\
          "value": "highBurst"}]'
        """, "error: unable to parse ", status: 1)
      try await terminal.expect(
        """
        oc patch hyperconverged kubevirt-hyperconverged -n openshift-cnv \\
          --type=json -p='[{"op": "add", "path": "/spec/tuningPolicy", "value": "highBurst"}]'
        """, "hyperconverged.hco.kubevirt.io/kubevirt-hyperconverged patched\n")
      // The documentation forgets the last quote.
      try await terminal.expect(
        #"""
        oc get kubevirt.kubevirt.io/kubevirt-kubevirt-hyperconverged \
          -n openshift-cnv -o go-template --template='{{range $config, \
          $value := .spec.configuration}} {{if eq $config "apiConfiguration" \
          "webhookConfiguration" "controllerConfiguration" "handlerConfiguration"}} \
          {{"\n"}} {{$config}} = {{$value}} {{end}} {{end}} {{"\n"}}'
        """#, "range can only initialize variables", status: 1)
      let get = #"""
        oc get kubevirt.kubevirt.io/kubevirt-kubevirt-hyperconverged \
          -n openshift-cnv -o go-template --template='{{range $config, $value := .spec.configuration}} {{if eq $config "apiConfiguration" "webhookConfiguration" "controllerConfiguration" "handlerConfiguration"}} {{"\n"}} {{$config}} = {{$value}} {{end}} {{end}} {{"\n"}}'
        """#
      let rate =
        "map[restClient:map[rateLimiter:map[tokenBucketRateLimiter:map[burst:400 qps:200]]]]"
      let names = ["api", "controller", "handler", "webhook"].map { "\($0)Configuration = \(rate)" }
      try await terminal.wait(get, for: names[3])
      let lines = try await terminal.run(get).output.split(separator: "\n")
        .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
      #expect(lines == names)
    }

    /// What the documentation does not show, with the machines that it made.
    private func whatPeopleDoBesides(_ terminal: Terminal) async throws {
      try await terminal.expect(
        "oc get bv", #/NAME +MACHINE +BOOT +VERDICT +FINDING +STAGE +AGE\n/#)
      let watching = try await terminal.start("oc get vm with-limits -w")
      try await watching.wait(for: "with-limits")
      try await terminal.expect("oc label vm with-limits tier=test", "labeled\n")
      try await watching.wait(for: "with-limits", times: 2)
      watching.signal(SIGKILL)
      _ = try await watching.outcome()
      try await terminal.expect("oc apply -f with-limits.yaml", " configured\n")
      try terminal.writeMachine(
        "with-limits",
        "domain: {devices: {}, resources: {requests: {memory: 128Mi}, limits: {memory: 300Mi}}}")
      try await terminal.expect("oc replace -f with-limits.yaml", " replaced\n")
      try await terminal.expect(
        "oc edit vm with-limits", "virtualmachine.kubevirt.io/with-limits edited\n",
        edits: #"{"metadata": {"annotations": {"a": "b"}}}"#)
      try await terminal.expect(
        "oc drain node01 --ignore-daemonsets --delete-emptydir-data --force --timeout=60s",
        // kubectl 1.20 deletes pods where the group policy is not served.
        #/pod/virt-launcher-vm-fedora-.* (?:evicted|deleted)\n/#)
      try await terminal.expect("oc get nodes", #/node01 +Ready,SchedulingDisabled /#)
    }
  }
}

/// A shell in which `oc` is the machine's kubectl, and editors do as they are told.
private struct Terminal {
  let kubeconfig: String
  private let folder: String

  init(_ workspace: Workspace, _ kubeconfig: String) throws {
    self.kubeconfig = kubeconfig
    let merge = """
      #!/usr/bin/python3
      import json, os, sys, yaml
      def merge(tree, patch):
        for key, value in patch.items():
          if value is None: tree.pop(key, None)
          elif isinstance(value, dict): merge(tree.setdefault(key, {}), value)
          else: tree[key] = value
      tree = yaml.safe_load(open(sys.argv[1]))
      merge(tree, json.loads(os.environ["EDITS"]))
      yaml.safe_dump(tree, open(sys.argv[1], "w"))

      """
    folder = try workspace.folder(
      "terminal", ["oc": "#!/bin/sh\nexec kubectl \"$@\"\n", "merge": merge])
    for program in ["oc", "merge"] {
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: "\(folder)/\(program)")
    }
  }

  func write(_ file: String, _ text: String) throws {
    try text.write(toFile: "\(folder)/\(file)", atomically: true, encoding: .utf8)
  }

  /// Writes the manifest of a VirtualMachine into a file of its name.
  ///
  /// - Parameter template: the YAML of its `spec.template.spec`.
  func writeMachine(
    _ name: String, _ template: String, runs: Bool = false, version: String = "kubevirt.io/v1"
  ) throws {
    let lines = template.split(separator: "\n").map { "      \($0)" }.joined(separator: "\n")
    try write(
      "\(name).yaml",
      """
      apiVersion: \(version)
      kind: VirtualMachine
      metadata:
        name: \(name)
      spec:
        runStrategy: \(runs ? "Always" : "Halted")
        template:
          spec:
      \(lines)

      """)
  }

  func start(_ line: String, edits: String = "{}") async throws -> RunningCommand {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return try await RunningCommand(
      Command(
        "bash", ["-c", line],
        environment: [
          "PATH": "\(folder):\(path)", "KUBECONFIG": kubeconfig, "HOME": folder,
          "EDITOR": "\(folder)/merge", "EDITS": edits,
        ]), directory: folder)
  }

  func run(_ line: String, edits: String = "{}") async throws -> Outcome {
    try await start(line, edits: edits).outcome()
  }

  /// Runs a line, and compares how it ends and what it says.
  ///
  /// - Parameter status: `nil` where clients differ.
  func expect(
    _ line: String, _ words: String, status: Int32? = 0, edits: String = "{}",
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    try await expect(
      line, Regex<Substring>(verbatim: words), status: status, edits: edits,
      sourceLocation: sourceLocation)
  }

  /// Runs a line, and compares how it ends and what it says.
  ///
  /// - Parameter status: `nil` where clients differ.
  func expect(
    _ line: String, _ words: Regex<some Any>, status: Int32? = 0, edits: String = "{}",
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let outcome = try await run(line, edits: edits)
    let said = outcome.output + outcome.errors
    #expect(
      status == nil || outcome.status == status, "\(line): \(said)", sourceLocation: sourceLocation)
    #expect(said.contains(words), "\(line): \(said)", sourceLocation: sourceLocation)
  }

  /// Runs a line again and again until it says something.
  func wait(
    _ line: String, for words: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    var outcome = try await run(line)
    while !outcome.output.contains(words), ContinuousClock.now < deadline {
      outcome = try await run(line)
    }
    #expect(
      outcome.output.contains(words), "\(line): \(outcome.output)\(outcome.errors)",
      sourceLocation: sourceLocation)
  }
}
