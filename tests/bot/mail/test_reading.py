"""Reading any bytes: what must hold for all of them, and the odd cases one by one."""

import base64
import io
import random
import string
import struct
import time
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.mail.errors import UnreadableMail
from bot.mail.limits import MailLimits
from bot.mail.reading import read_mail
from handlers.domain.mail import CheckResult, MailNature
from tests.bot.mail.mutate import HOSTILE
from tests.bot.mail.own_mails import own_mails, read

HEADER = "From: Åsa <asa@exempel.example>\nSubject: {subject}\n"
CHARSETS = ("utf-8", "iso-8859-1", "windows-1252", "iso-8859-15", "")
SWEDISH = st.text(alphabet=string.ascii_letters + " åäöÅÄÖé.,!?", min_size=1, max_size=200)


def mail(body: str, *, subject: str = "Hej", extra: str = "") -> bytes:
    head = HEADER.format(subject=subject)
    return f"{head}{extra}Content-Type: text/plain; charset=utf-8\n\n{body}".encode()


def mixed(*parts: bytes) -> bytes:
    joined = b"".join(b"--x\n" + part + b"\n" for part in parts)
    return b"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n" + joined + b"--x--\n"


def attached(name: str, content: bytes, kind: str = "application/octet-stream") -> bytes:
    head = f'Content-Type: {kind}\nContent-Disposition: attachment; filename="{name}"\n'
    return head.encode() + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(content)


@given(raw=st.binary(max_size=3_000))
@example(raw=b"\x00")
@example(raw=b"From \n\n")
@example(raw=b":")
@example(raw=b"\r\r\r")
def test_no_bytes_make_the_reader_fail(raw: bytes) -> None:
    if raw.strip():
        found = read(raw)
        f"{found.text}{found.folded_text}{found.subject}{found.sender_name}".encode()
    else:
        with pytest.raises(UnreadableMail):
            read(raw)


@given(
    pieces=st.lists(st.one_of(st.sampled_from(HOSTILE), st.binary(max_size=60)), max_size=12),
    chosen=st.randoms(use_true_random=False),
)
@settings(max_examples=150, deadline=None)
def test_hostile_pieces_anywhere_make_no_failure(
    pieces: list[bytes], chosen: random.Random
) -> None:
    raw = bytearray(chosen.choice(own_mails()[::9]).raw)
    for piece in pieces:
        at = chosen.randrange(len(raw) + 1)
        raw[at:at] = piece

    assert read(bytes(raw)).message_id


@given(text=SWEDISH, charset=st.sampled_from(CHARSETS), label=st.sampled_from(CHARSETS))
@settings(deadline=None)
def test_swedish_letters_survive_a_wrong_or_missing_charset(
    text: str, charset: str, label: str
) -> None:
    stated = f"; charset={label}" if label else ""
    raw = f"From: a@b.example\nContent-Type: text/plain{stated}\n\n".encode()

    found = read(raw + text.encode(charset or "utf-8"))

    assert found.text.split() == text.split()


@given(lines=st.lists(SWEDISH, min_size=1, max_size=12))
@settings(deadline=None)
def test_a_first_mail_is_never_cut(lines: list[str]) -> None:
    body = "\n> ".join(lines) + "\n-- \nDen 3 mars 2026 kl. 10:12 skrev a@b.example:\n"

    found = read(mail(body))

    assert found.text.split() == body.split()
    assert found.folded_text == ""


@given(
    lines=st.lists(
        st.one_of(
            SWEDISH,
            st.sampled_from(
                (
                    "> citat",
                    "-- ",
                    "Från: a@b.example",
                    "Skickat: 2026-03-03 10:12",
                    "Till: c@d.example",
                    "Den 3 mars 2026 kl. 10:12 skrev A <a@b.example>:",
                    "-----Ursprungligt meddelande-----",
                    "________________________________",
                    "Skickat från min iPhone",
                    "",
                )
            ),
        ),
        max_size=20,
    )
)
@settings(deadline=None)
def test_every_word_of_a_reply_is_new_or_folded(lines: list[str]) -> None:
    body = "\n".join(lines)

    found = read(mail(body, subject="SV: Hej", extra="In-Reply-To: <x@y.example>\n"))

    assert sorted(f"{found.text}\n{found.folded_text}".split()) == sorted(body.split())


def test_a_mail_without_an_id_gets_the_same_one_every_time() -> None:
    assert read(mail("hej")).message_id == read(mail("hej")).message_id
    assert read(mail("hej")).message_id != read(mail("hå")).message_id
    assert "no_message_id" in read(mail("hej")).faults


def test_the_ids_of_the_thread_come_newest_first() -> None:
    threading = "In-Reply-To: <c@x>\nReferences: <a@x>\n <b@x> <c@x>\n"

    assert read(mail("hej", extra=threading)).references == ("c@x", "b@x", "a@x")


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("Tue, 3 Mar 2026 10:12:33 +0100", datetime(2026, 3, 3, 9, 12, 33, tzinfo=UTC)),
        ("3 Mar 26 10:12 GMT", datetime(2026, 3, 3, 10, 12, tzinfo=UTC)),
        ("i går", None),
        ("Mon, 99 Foo 99999 99:99:99 +9999", None),
    ],
)
def test_dates_are_read_or_left_open(date: str, moment: datetime | None) -> None:
    assert read(mail("hej", extra=f"Date: {date}\n")).sent_at == moment


@pytest.mark.parametrize(
    ("field", "address", "name"),
    [
        ("Åsa Öberg <asa@b.example>", "asa@b.example", "Åsa Öberg"),
        ('"Öberg, Åsa" <ASA@B.example>', "asa@b.example", "Öberg, Åsa"),
        ("asa@b.example (Åsa)", "asa@b.example", "Åsa"),
        ("=?utf-8?Q?=C3=96berg=2C_=C3=85sa?= <asa@b.example>", "asa@b.example", "Öberg, Åsa"),
        ('"asa@b.example" <other@c.example>', "other@c.example", "asa@b.example"),
        ("Åsa Öberg asa@b.example", "asa@b.example", "Åsa Öberg"),
        ("<asa@b.example", "asa@b.example", ""),
        ("Öberg, Åsa <asa@b.example>", "asa@b.example", "Öberg, Åsa"),
        ('"Åsa <home>" <asa@b.example>', "asa@b.example", "Åsa <home>"),
        ("mailto:asa@b.example", "asa@b.example", ""),
        ("'Åsa' <asa@b.example>,", "asa@b.example", "Åsa"),
        ("undisclosed-recipients:;", "", "undisclosed-recipients:"),
    ],
)
def test_senders_are_read_in_broken_forms_too(field: str, address: str, name: str) -> None:
    found = read(f"From: {field}\n\nhej".encode())

    assert (found.sender_address, found.sender_name) == (address, name)


def test_only_the_receiving_servers_word_on_the_sender_counts() -> None:
    ours = "Authentication-Results: mx.lotskoping.example; spf=fail; dkim=none; dmarc=fail\n"
    theirs = "Authentication-Results: mx.evil.example; spf=pass; dkim=pass; dmarc=pass\n"
    raw = mail("hej", extra=ours + theirs)

    assert read(raw).authentication.dmarc is CheckResult.FAILED
    named = read_mail(
        raw, own_addresses=frozenset(), own_loop_id="x", trusted_server="mx.lotskoping.example"
    )
    assert named.authentication == read(raw).authentication


def test_a_forged_sender_does_not_make_a_mail_our_own() -> None:
    raw = b"From: synpunkter@lotskoping.example\nSubject: Hej\n\nMaten var kall."

    assert read(raw).nature is MailNature.PERSONAL


def test_a_bomb_in_an_archive_is_named_and_not_unpacked() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", bytes(40_000_000))

    [file] = read(mixed(attached("bilder.zip", packed.getvalue()))).attachments

    assert file.note == "attachment_unpacks_too_large"
    assert file.content == packed.getvalue()


def test_a_picture_that_claims_to_be_huge_is_named() -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header + bytes(4)

    [file] = read(mixed(attached("bild.png", b"\x89PNG\r\n\x1a\n" + chunk))).attachments

    assert file.note == "attachment_image_too_large"


def test_the_type_is_what_the_content_shows() -> None:
    found = read(
        mixed(
            attached("bild.jpg", b"\xff\xd8\xff\xe0" + bytes(20), "application/octet-stream"),
            attached("rapport.pdf", b"MZ\x90\x00" + bytes(20), "application/pdf"),
            attached("sida.txt", b"<html><script>alert(1)</script>", "text/plain"),
        )
    )

    assert [file.media_type for file in found.attachments] == [
        "image/jpeg",
        "application/x-msdownload",
        "text/html",
    ]
    assert [file.note for file in found.attachments] == ["", *["attachment_may_do_harm"] * 2]


def test_two_files_of_one_name_stay_two() -> None:
    found = read(mixed(attached("bild.png", b"1"), attached("BILD.png", b"2")))

    assert [file.name for file in found.attachments] == ["bild.png", "BILD-2.png"]


def test_a_mail_that_is_cut_off_says_so_and_keeps_the_piece() -> None:
    whole = mixed(b"Content-Type: text/plain\n\nHej, jag vill klaga p\xc3\xa5 maten")
    found = read(whole[: whole.index(b" maten")])

    assert found.text == "Hej, jag vill klaga på"
    assert "cut_off" in found.faults
    assert [file.note for file in found.attachments] == ["attachment_cut_off"]


def test_nesting_without_end_is_cut_at_a_depth() -> None:
    raw = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level)
        for level in range(2_000)
    )

    assert "too_deep" in read(raw).faults


def test_thousands_of_parts_are_counted_and_not_all_opened() -> None:
    raw = mixed(*[b"Content-Type: image/png\n\nx"] * 3_000)
    found = read(raw)

    assert {"too_many_parts", "too_many_attachments"} <= set(found.faults)
    assert len(found.attachments) <= MailLimits().attachments


@pytest.mark.parametrize(
    "unit",
    [
        b"<",
        b"<!--",
        b"<blockquote type=cite>",
        b"<table><tr><td>",
        b"x: ",
        b"\t",
        b"> a\n",
        b"=?a?q?",
    ],
)
def test_a_megabyte_of_one_sign_takes_no_time(unit: bytes) -> None:
    head = b"From: a@b.example\nIn-Reply-To: <a@b>\nContent-Type: text/html\n\n"
    begin = time.thread_time()

    read(head + unit * (1_000_000 // len(unit)))

    assert time.thread_time() - begin < 4  # of the processor; it takes under one


def test_a_large_attachment_is_read_in_a_moment() -> None:
    raw = mixed(b"Content-Type: text/plain\n\nhej", attached("film.mp4", bytes(20_000_000)))
    begin = time.thread_time()

    found = read(raw)

    assert len(found.attachments[0].content) == 20_000_000
    assert time.thread_time() - begin < 4


@pytest.mark.parametrize(
    "body",
    [
        "Hon hittades fastspa\u0308nd i sa\u0308ngen.",
        "Hon hitta\u00addes fast\u00adspänd i sängen.",
        "\ufeffHon hittades fast\u200bspänd i\u2060 sängen.",
    ],
)
def test_letters_in_parts_and_unseen_signs_are_stored_as_the_eye_reads_them(body: str) -> None:
    found = read(mail(body, subject="Om fast\u00adspa\u0308nd mamma"))

    assert found.text.strip() == "Hon hittades fastspänd i sängen."
    assert found.subject == "Om fastspänd mamma"


def test_soft_hyphens_in_html_are_not_stored() -> None:
    html = "<p>Hon hittades fast&shy;spa&#776;nd<br>i s&auml;ngen</p>"
    found = read(b"From: a@b.example\nContent-Type: text/html\n\n" + html.encode())

    assert found.text.strip() == "Hon hittades fastspänd\ni sängen"
