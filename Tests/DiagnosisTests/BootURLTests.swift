import Testing

@testable import Diagnosis

@Suite("Boot file URLs")
struct BootURLTests {
  @Test(
    "that can be read",
    arguments: [
      ("tftp://[fd77::1]/boot.efi", "fd77::1"), ("http://192.168.100.1/a/b.efi", "192.168.100.1"),
      ("https://boot.example.net:8443/b.efi", "boot.example.net"),
      ("http://[fe80::1%25eth0]:80/b", "fe80::1%25eth0"), ("HTTP://host/", "host"),
      ("http://host:/b", "host"), ("http://user:secret@host/b", "host"),
      ("iscsi://host/iqn", "host"), ("http://host?mac=1", "host"),
      ("http://${next-server}/boot.ipxe", "${next-server}"),
    ])
  func readable(_ text: String, _ host: String) {
    let url = BootURL(text)
    #expect(url?.fault == nil, "\(url?.fault?.words ?? "")")
    #expect(url?.host == host)
  }

  @Test(
    "that cannot be read, and what is wrong",
    arguments: [
      ("tftp://fd77::1/boot.efi", "brackets", "tftp://[fd77::1]/boot.efi"),
      ("http:/host/b", "no ://", "http://host/b"), ("tftp//host/b", "no ://", "tftp://host/b"),
      ("htp://host/b", "scheme htp", nil), ("http://host\\b", "backslash", "http://host/b"),
      ("http://ho st/b", "blank", nil), ("tftp:///b", "no host", nil),
      ("tftp://[fd77::1/b", "closing bracket", nil), ("tftp://[fd77]/b", "fd77 in brackets", nil),
      ("tftp://[fd77::1]b", "after the bracket", nil), ("http://a:b:c/d", "a:b:c", nil),
      ("http://10.0.0.256/b", "10.0.0.256", nil), ("http://<server>/b", "<server>", nil),
      ("http://host:0/b", "port 0", nil), ("http://host:eighty/b", "port eighty", nil),
      ("tftp://[fd77::1]", "no file", nil), ("http://", "no host", nil),
      ("http://[", "closing bracket", nil), ("http://:80/b", "no host", nil),
    ] as [(String, String, String?)])
  func unreadable(_ text: String, _ words: String, _ correction: String?) {
    let fault = BootURL(text)?.fault
    #expect(fault?.words.contains(words) == true, "\(fault?.words ?? "no fault")")
    #expect(fault?.correction == correction)
  }

  @Test(
    "names of files",
    arguments: [
      "boot.efi", "boot\\x64\\wdsmgfw.efi", "/pxelinux.0", "", "http", "tftp/boot.efi", "C:\\b",
    ])
  func names(_ text: String) {
    #expect(BootURL(text)?.text == nil)
  }
}
