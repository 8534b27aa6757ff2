"""HTML to text that a person can read, with what the sender quoted marked by "> "."""

import re
from html import unescape

from inscriptis import get_text  # type: ignore[import-untyped]
from lxml.etree import LxmlError  # type: ignore[import-untyped]

# No pattern may look past the next "<": the time would grow with the square of the length.
_INVISIBLE = re.compile(
    r"<(script|style|head|title)\b[^<>]*>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)"
    r"|<\?[^<>]*>|<![a-z\[][^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
_CITED = re.compile(r"type\s{0,3}=\s{0,3}[\"']?cite|gmail_quote|mozquote|\bcite=", re.IGNORECASE)
_ANY_QUOTE = re.compile(r"<(/?)blockquote\b([^<>]{0,1000})>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,20000}>")
_BLOCK = re.compile(
    r"<(?:br|/?(?:p|div|tr|li|h\d|table|ul|ol|blockquote|pre|hr))\b[^<>]{0,2000}>", re.IGNORECASE
)
_MANY_LINES = re.compile(r"\n{3,}")
_BLANKS = " \t\u00a0\u200b\ufeff"
_DEEPEST_QUOTE = 9
_BEGIN, _END = "\ue0f0", "\ue0f1"  # private use: found in no real mail
_WORDS_KEPT = 0.97


def html_to_text(html: str) -> str:
    """Return readable text; never raises, and keeps every visible word.

    libxml2 drops what lies deeper than 255 elements; then the plain stripping of tags is taken.
    """
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
    depth = 0
    opened: list[bool] = []

    def mark(found: re.Match[str]) -> str:
        nonlocal depth
        if found[1]:
            is_quote = opened.pop() if opened else False
            depth -= is_quote
            return (f"<p>{_END}</p>" if is_quote else "") + found.group()
        is_quote = _CITED.search(found[2]) is not None or depth > 0
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
            lines.append(
                ("> " * min(depth, _DEEPEST_QUOTE) + content.strip()).rstrip() if depth else content
            )
        depth = max(0, depth - closes)
    return "\n".join(lines)


def _tidy(text: str) -> str:
    lines = text.replace("\u00a0", " ").replace("\r", "").split("\n")
    lines = [line[2:] if line.startswith("  ") else line for line in lines]
    return _MANY_LINES.sub("\n\n", "\n".join(line.rstrip(_BLANKS) for line in lines)).strip("\n")
