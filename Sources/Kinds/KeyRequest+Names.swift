/// A character that a US keyboard does not have.
package struct KeyError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Which, and what is typed.
  package let description: String
}

extension KeyRequest {
  /// The keys that are pressed one after the other to type a text on a US keyboard.
  ///
  /// - Throws: ``KeyError`` for a character that it does not have.
  package static func keys(typing text: String) throws(KeyError) -> [[String]] {
    var groups: [[String]] = []
    for character in text {
      guard let group = group(typing: character) else {
        throw KeyError(
          description:
            "\(String(character).debugDescription) is not on a US keyboard, which is what"
            + " a guest expects: type ASCII, or use --serial")
      }
      groups.append(group)
    }
    return groups
  }

  /// The keys of `ctrl+alt+delete`, which are held together; `nil` when one is not known.
  package static func keys(named text: String) -> [String]? {
    let names = text == "+" ? ["+"] : text.split(separator: "+").map(String.init)
    let separators = text == "+" ? 0 : text.count { $0 == "+" }
    guard !names.isEmpty, separators == names.count - 1 else { return nil }
    var keys: [String] = []
    for name in names {
      if name.hasPrefix("KEY_") {
        keys.append(name)
      } else if let key = named[name.lowercased()] {
        keys.append(key)
      } else if name.count == 1, let first = name.first,
        let group = group(typing: keys.isEmpty ? first : Character(first.lowercased()))
      {
        keys += group
      } else {
        return nil
      }
    }
    return keys
  }

  private static func group(typing character: Character) -> [String]? {
    if character.isASCII, character.isLetter {
      let key = "KEY_\(character.uppercased())"
      return character.isUppercase ? ["KEY_LEFTSHIFT", key] : [key]
    }
    if let key = plain[character] { return [key] }
    return shifted[character].flatMap { plain[$0] }.map { ["KEY_LEFTSHIFT", $0] }
  }

  /// linux/input-event-codes.h.
  private static let plain: [Character: String] = {
    var keys: [Character: String] = [
      "-": "KEY_MINUS", "=": "KEY_EQUAL", "[": "KEY_LEFTBRACE", "]": "KEY_RIGHTBRACE",
      ";": "KEY_SEMICOLON", "'": "KEY_APOSTROPHE", "`": "KEY_GRAVE", "\\": "KEY_BACKSLASH",
      ",": "KEY_COMMA", ".": "KEY_DOT", "/": "KEY_SLASH", " ": "KEY_SPACE", "\n": "KEY_ENTER",
      "\r": "KEY_ENTER", "\r\n": "KEY_ENTER", "\t": "KEY_TAB",
    ]
    for digit in "0123456789" { keys[digit] = "KEY_\(digit)" }
    return keys
  }()

  /// What a key gives with shift, and without.
  private static let shifted: [Character: Character] = Dictionary(
    zip("!@#$%^&*()_+{}|:\"~<>?", "1234567890-=[]\\;'`,./"), uniquingKeysWith: { one, _ in one })

  private static let named: [String: String] = {
    var keys = [
      "ctrl": "KEY_LEFTCTRL", "alt": "KEY_LEFTALT", "shift": "KEY_LEFTSHIFT",
      "altgr": "KEY_RIGHTALT", "super": "KEY_LEFTMETA", "meta": "KEY_LEFTMETA",
      "enter": "KEY_ENTER", "return": "KEY_ENTER", "esc": "KEY_ESC", "escape": "KEY_ESC",
      "tab": "KEY_TAB", "space": "KEY_SPACE", "backspace": "KEY_BACKSPACE",
      "delete": "KEY_DELETE", "del": "KEY_DELETE", "insert": "KEY_INSERT", "home": "KEY_HOME",
      "end": "KEY_END", "pageup": "KEY_PAGEUP", "pagedown": "KEY_PAGEDOWN", "up": "KEY_UP",
      "down": "KEY_DOWN", "left": "KEY_LEFT", "right": "KEY_RIGHT", "plus": "KEY_KPPLUS",
    ]
    for number in 1...12 { keys["f\(number)"] = "KEY_F\(number)" }
    return keys
  }()
}
