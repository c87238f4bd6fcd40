# JSON values out of shell text.

# json_text TEXT: sets $json to TEXT as a JSON string.
json_text() {
  case $1 in
    *[!\ -~]*)
      # Something other than printable ASCII: control characters are escaped; bytes that are not
      # UTF-8 cannot stand in JSON, so they become U+FFFD.
      json=\"$(printf '%s' "$1" | LC_ALL=C awk '
        BEGIN {
          for (i = 0; i < 32; i++) escaped[sprintf("%c", i)] = sprintf("\\u%04x", i)
          escaped["\177"] = "\\u007f"; escaped["\\"] = "\\\\"; escaped["\""] = "\\\""
          utf8 = "^([\302-\337][\200-\277]|\340[\240-\277][\200-\277]" \
            "|[\341-\354\356\357][\200-\277][\200-\277]|\355[\200-\237][\200-\277]" \
            "|\360[\220-\277][\200-\277][\200-\277]" \
            "|[\361-\363][\200-\277][\200-\277][\200-\277]|\364[\200-\217][\200-\277][\200-\277])"
        }
        NR > 1 { printf "%s", "\\u000a" }
        {
          line = $0
          while (line != "") {
            c = substr(line, 1, 1); n = 1
            if (c in escaped) printf "%s", escaped[c]
            else if (c < "\200") printf "%s", c
            else if (match(line, utf8)) { n = RLENGTH; printf "%s", substr(line, 1, n) }
            else printf "%s", "\\ufffd"
            line = substr(line, n + 1)
          }
        }')\"
      ;;
    *[\\\"]*)
      json=${1//\\/\\\\}
      json=\"${json//\"/\\\"}\"
      ;;
    *) json=\"$1\" ;;
  esac
}

# json_flag 1|0|'': sets $json to true, false or null.
json_flag() {
  case $1 in
    1) json=true ;;
    0) json=false ;;
    *) json=null ;;
  esac
}

# json_text_or_null TEXT: as json_text, but null for no text.
json_text_or_null() {
  if [ -n "$1" ]; then json_text "$1"; else json=null; fi
}
