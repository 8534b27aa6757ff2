"""Bytes to text when the mail lies about its charset or says nothing."""

import codecs
import re

# Codecs that are no charsets of text, or whose decoding takes quadratic time.
_NOT_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})
# What senders write, and the larger set that the bytes really come from (WHATWG Encoding).
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "cp950",
    "iso2022_jp": "iso2022_jp_ext",
    "tis-620": "cp874",
    "iso8859-9": "cp1254",
}
_OWN_NAMES = {
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "x-sjis": "cp932",
    "x-gbk": "gb18030",
    "cp-850": "cp850",
    "unicode-1-1-utf-7": "utf-7",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "windows-31j": "cp932",
    "x-unknown": "",
    "unknown-8bit": "",
    "8bit": "",
    "binary": "",
    "default": "",
}
_SINGLE_BYTE = re.compile(r"^(iso8859|cp125|cp12|mac|koi8|cp8|cp4|latin)")
_ESCAPE_CHARSET = re.compile(rb"\x1b\$[@B]|\x1b\(J")
_NEVER_STORED = re.compile("[\x00\ud800-\udfff]")

MISLABELLED = "charset_mislabelled"
UNKNOWN = "charset_unknown"
UNDECODABLE = "charset_undecodable"


def find_codec(charset: str) -> str:
    """Return Python's name of a declared charset, widened as browsers do, or ''."""
    name = charset.strip().strip("\"'").lower()
    name = _OWN_NAMES.get(name, name)
    if not name or len(name) > 40 or "\x00" in name:
        return ""
    for candidate in (
        name,
        name.replace("windows", "cp").replace("-", ""),
        name.removeprefix("x-"),
    ):
        try:
            codec = codecs.lookup(candidate)
        except (LookupError, ValueError):
            continue
        # The public flag of text encodings has an underscore: bytes.decode() itself uses it.
        if codec.name not in _NOT_CHARSETS and getattr(codec, "_is_text_encoding", True):
            return _SUPERSETS.get(codec.name, codec.name)
    return ""


def decode_bytes(data: bytes, declared: str) -> tuple[str, str]:
    """Return the text and a fault code, '' when the declaration was right.

    The ladder: declared, utf-8, cp1252, latin-1. Bytes beyond ASCII that happen to be valid utf-8
    are utf-8 although a one-byte charset is declared: such a run is nearly impossible by chance.
    """
    text, fault = _climb(data, declared)
    return clean_text(text), fault


def clean_text(text: str) -> str:
    """Take out what no database stores: NUL, and half surrogates as the replacement sign."""
    return _NEVER_STORED.sub(lambda found: "" if found.group() == "\x00" else "\ufffd", text)


def _climb(data: bytes, declared: str) -> tuple[str, str]:
    codec = find_codec(declared)
    if data.isascii() and (not codec or _SINGLE_BYTE.match(codec)):
        return _decode_ascii(data, declared, codec)
    for candidate, fault in _rungs(data, declared, codec):
        try:
            return data.decode(candidate), fault
        except (UnicodeError, ValueError):
            continue
    return data.decode("latin-1"), UNDECODABLE


def _decode_ascii(data: bytes, declared: str, codec: str) -> tuple[str, str]:
    if not codec and _ESCAPE_CHARSET.search(data):
        return data.decode("iso2022_jp", "replace"), MISLABELLED
    return data.decode("ascii"), UNKNOWN if declared and not codec else ""


def _rungs(data: bytes, declared: str, codec: str) -> list[tuple[str, str]]:
    wrong = (MISLABELLED if codec else UNKNOWN) if declared else ""
    utf8 = ("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8", wrong)
    others = [utf8, ("cp1252", wrong or MISLABELLED)]
    if not codec:
        return others
    said = ("utf-8-sig" if codec == "utf-8" else codec, "")
    if codec in {"utf-8", "utf-8-sig"}:
        return [said, ("cp1252", MISLABELLED)]
    return [utf8, said, others[1]] if _SINGLE_BYTE.match(codec) else [said, *others]
