"""HTML to text that a person can read, with what the sender quoted marked by "> "."""

import re
from html import unescape

from inscriptis import get_text  # type: ignore[import-untyped]
from lxml.etree import LxmlError  # type: ignore[import-untyped]

_INVISIBLE = re.compile(
    r"<(script|style|head|title)\b[^>]*>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|<\?[^>]*>|<![a-z\[][^>]*>",
    re.IGNORECASE | re.DOTALL,
)
_QUOTE_OPENS = re.compile(
    r"<blockquote\b[^>]{0,500}?(?:type\s*=\s*[\"']?cite|gmail_quote|mozquote|cite=)[^>]{0,500}>",
    re.IGNORECASE,
)
_ANY_QUOTE = re.compile(r"<(/?)blockquote\b[^>]{0,1000}>", re.IGNORECASE)
_SEPARATOR = re.compile(
    r"<[a-z]+\b[^>]{0,300}(?:id\s*=\s*[\"']?(?:x_)*(?:divRplyFwdMsg|appendonsend|mail-editor-reference)"
    r"|class\s*=\s*[\"']?(?:x_)*(?:gmail_quote|moz-cite-prefix|yahoo_quoted|OutlookMessageHeader))",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^>]{0,20000}>")
_BLOCK = re.compile(
    r"<(?:br|/?(?:p|div|tr|li|h\d|table|ul|ol|blockquote|pre|hr))\b[^>]{0,2000}>", re.I
)
_BLANKS = re.compile(r"[ \t\u00a0\u200b\ufeff]+$", re.MULTILINE)
_MANY_LINES = re.compile(r"\n{3,}")
_BEGIN, _END = "\ue0f0", "\ue0f1"  # private use: found in no real mail
_WORDS_KEPT = 0.97
_MAX_DEPTH = 200  # libxml2 drops what lies deeper than 255 elements


def html_to_text(html: str) -> str:
    """Return readable text; never raises, and keeps every visible word."""
    visible = _INVISIBLE.sub(" ", html)
    marked = _mark_quotes(visible)
    rough = _strip_tags(marked)
    try:
        text: str = get_text(marked) if marked.strip() else ""
    except (LxmlError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        text = ""
    if len(text.split()) < len(rough.split()) * _WORDS_KEPT:
        text = rough
    return _tidy(_quote_lines(text))


def _mark_quotes(html: str) -> str:
    """Put private signs around block quotes that mail programs made, not around indentation."""
    if not _QUOTE_OPENS.search(html):
        return html
    depth = 0
    opened: list[bool] = []

    def mark(found: re.Match[str]) -> str:
        nonlocal depth
        if found[1]:
            is_quote = opened.pop() if opened else False
            depth -= is_quote
            return (f"<p>{_END}</p>" if is_quote else "") + found.group()
        is_quote = _QUOTE_OPENS.match(found.group()) is not None or depth > 0
        opened.append(is_quote)
        depth += is_quote
        return found.group() + (f"<p>{_BEGIN}</p>" if is_quote else "")

    return _ANY_QUOTE.sub(mark, html)


def _strip_tags(html: str) -> str:
    lines = unescape(_TAG.sub("", _BLOCK.sub("\n", html.replace("\n", " "))))
    return "\n".join(" ".join(line.split()) for line in lines.split("\n"))


def _quote_lines(text: str) -> str:
    if _BEGIN not in text:
        return text
    depth = 0
    lines = []
    for line in text.split("\n"):
        opens, closes = line.count(_BEGIN), line.count(_END)
        content = line.replace(_BEGIN, "").replace(_END, "")
        depth = max(0, depth + opens)
        if content.strip() or not (opens or closes):
            lines.append(("> " * depth + content.strip()).rstrip() if depth else content)
        depth = max(0, depth - closes)
    return "\n".join(lines)


def _tidy(text: str) -> str:
    text = text.replace("\u00a0", " ").replace("\r", "")
    lines = [
        line[2:] if line.startswith("  ") and line.strip() else line for line in text.split("\n")
    ]
    return _MANY_LINES.sub("\n\n", _BLANKS.sub("", "\n".join(lines))).strip("\n")
