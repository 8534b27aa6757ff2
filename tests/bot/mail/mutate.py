"""Broken mails made from whole ones: cut, doubled, mixed, flipped, with hostile pieces put in."""

import random
from collections.abc import Callable, Sequence

HOSTILE = (
    b"\x00",
    b"\xff\xfe",
    b"=?utf-8?B?",
    b"=?x?q?" * 40,
    b"?=",
    b"\r",
    b"\n\n",
    b"\n--\n",
    b"Content-Type: multipart/mixed; boundary=\n",
    b"Content-Type: multipart/mixed; boundary=a\n\n--a\n" * 30,
    b"Content-Type: message/rfc822\n\n" * 60,
    b"Content-Transfer-Encoding: base64\n",
    b"Content-Transfer-Encoding: x-uuencode\n",
    b"Content-Type: text/html; charset=utf-7\n",
    b"Content-Type: text/plain; charset=idna\n",
    b"Content-Disposition: attachment; filename*0*=x''%; filename*1=..\\..\\a\n",
    b"<blockquote type=cite>" * 300,
    b"<table><tr><td>" * 300,
    b"<!--" * 500,
    b"<" * 3_000,
    b"(" * 3_000,
    b'"' * 999,
    b", " * 3_000,
    b"> " * 2_000,
    b"&#x110000;&#xd800;&amp" * 40,
    b"From: <@<@<@<@>>>>\n",
    b"Date: Mon, 99 Foo 99999 99:99:99 +9999\n",
    b"In-Reply-To: " + b"<" * 400 + b"\n",
    b"\x1b$B$3$s\x1b(B",
    b"\xe5\xe4\xf6",
    b"\xf0\x9f\x98",
    b"PK\x03\x04" + b"\xff" * 80,
    b"\x78\x9f\x3e\x22" + b"\x01\x02" * 60,
    b"BEGIN:VEVENT\nSUMMARY" + b";" * 900,
)


def mutate(raw: bytes, others: Sequence[bytes], chance: random.Random) -> bytes:
    """Return `raw` after one to four random changes; the same for the same `chance`."""
    changes: tuple[Callable[[bytes], bytes], ...] = (
        lambda data: _cut(data, chance),
        lambda data: _double(data, chance),
        lambda data: _flip(data, chance),
        lambda data: _put_in(data, chance.choice(HOSTILE), chance),
        lambda data: _put_in(data, chance.choice(HOSTILE), chance),
        lambda data: _put_in(data, _slice(chance.choice(others), chance), chance),
        lambda data: data.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", b" "))),
        lambda data: _shuffle_lines(data, chance),
    )
    for _ in range(chance.randint(1, 4)):
        raw = chance.choice(changes)(raw)
    return raw


def _slice(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[start : start + chance.randint(0, 3_000)]


def _cut(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start + chance.randint(0, 800) :]


def _double(data: bytes, chance: random.Random) -> bytes:
    return _put_in(data, _slice(data, chance), chance)


def _put_in(data: bytes, piece: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + piece + data[at:]


def _flip(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(min(len(changed), chance.randint(1, 30))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _shuffle_lines(data: bytes, chance: random.Random) -> bytes:
    lines = data.split(b"\n")
    start = chance.randrange(len(lines))
    piece = lines[start : start + 12]
    chance.shuffle(piece)
    return b"\n".join([*lines[:start], *piece, *lines[start + 12 :]])
