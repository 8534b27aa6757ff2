"""How much of one mail is looked at, so that a hostile one costs a bounded time and memory."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLimits:
    """Sizes in bytes or characters. What lies beyond is kept in the raw mail and named a fault."""

    header_bytes: int = 512_000  # all header fields of one entity
    header_fields: int = 2_000
    field_bytes: int = 32_000  # one field
    parts: int = 500
    depth: int = 20
    copied_bytes: int = 500_000_000  # each level of nesting copies what lies below it
    text_chars: int = 400_000  # one body part; a novel has 500,000
    html_chars: int = 2_000_000
    attachments: int = 200
    attachment_bytes: int = 60_000_000
    image_pixels: int = 60_000_000
    unpacked_bytes: int = 300_000_000  # what an archive says it unpacks to
    unpacked_ratio: int = 200
    archive_entries: int = 5_000
