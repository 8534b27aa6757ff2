"""Files of letters on the case page, and the package of a case."""

import io
import json
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage
from hashlib import sha256

import pytest
from fastapi.testclient import TestClient
from PIL import Image

from bot.web.app import create_app
from tests.bot.post import Post
from tests.lotskoping import BENGT, ERIK, Lotskoping

GPS = 0x8825


@pytest.fixture
def post(lotskoping: Lotskoping) -> Post:
    opened = Post(lotskoping)
    mail = EmailMessage()
    mail["From"] = "Anna <anna@mail.example>"
    mail["To"] = "synpunkter@lotskoping.example"
    mail["Subject"] = "Bild"
    mail.set_content("Ingen kom till mamma i går kväll.")
    mail.add_attachment(picture(), maintype="image", subtype="jpeg", filename="såret.jpg")
    mail.add_attachment(b"MZ\x90\x00", maintype="application", subtype="x-msdownload",
                        filename="se.exe")  # fmt: skip
    opened.comes_raw(mail.as_bytes())
    return opened


@pytest.fixture
def client(lotskoping: Lotskoping) -> Iterator[TestClient]:
    with TestClient(create_app(lotskoping.services), base_url="http://127.0.0.1:8000") as opened:
        opened.post("/logga-in", data={"person_id": BENGT})
        yield opened


def picture() -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Kameran som Anna har"
    Image.new("RGB", (1600, 1200), "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_file_is_downloaded_as_it_came_and_opened_by_nothing(post: Post, client: TestClient):
    [case] = post.cases()
    answer = client.get(f"/arenden/{case.id}/bilaga/1")
    assert answer.content == picture()
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"] == "application/octet-stream"


def test_the_small_picture_is_made_anew_without_what_the_camera_wrote(
    post: Post, client: TestClient
):
    [case] = post.cases()
    answer = client.get(f"/arenden/{case.id}/bild/1")
    with Image.open(io.BytesIO(answer.content)) as shown:
        assert max(shown.size) <= 900
        assert not shown.getexif()
    assert b"Anna" not in answer.content


def test_a_harmful_file_is_named_and_not_handed_out(post: Post, client: TestClient):
    [case] = post.cases()
    assert "se.exe" in client.get(f"/arenden/{case.id}").text
    assert client.get(f"/arenden/{case.id}/bilaga/2").status_code == 404


def test_files_are_only_for_those_who_may_open_the_case(post: Post, client: TestClient):
    [case] = post.cases()
    client.post("/logga-in", data={"person_id": ERIK})
    for path in ("bilaga/1", "bild/1", "paket"):
        assert client.get(f"/arenden/{case.id}/{path}").status_code == 404


def test_a_package_has_originals_check_sums_and_the_sender_in_a_folder_apart(
    post: Post, client: TestClient
):
    [case] = post.cases()
    answer = client.get(f"/arenden/{case.id}/paket")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    files = {name.partition("/")[2]: archive.read(name) for name in archive.namelist()}
    for line in files.pop("KONTROLLSUMMOR.txt").decode().splitlines():
        digest, _, name = line.partition("  ")
        assert sha256(files[name]).hexdigest() == digest
    assert b"MZ" not in b"".join(files[n] for n in files if n.startswith("bilagor/"))
    with post.lotskoping.unit_of_work() as uow:
        original = uow.inbox.get(1)
    assert original is not None
    assert files["avsandare/brev-1.eml"] == original.raw
    open_part = {name: found for name, found in files.items() if not name.startswith("avsandare/")}
    assert b"anna@mail.example" not in b"".join(open_part.values())
    assert json.loads(files["arende.json"])["register"]["diary_number"] == "VO 2026/0001"
    assert "exported" in post.history(case)


def test_the_registrator_changes_what_the_row_says(post: Post, client: TestClient):
    [case] = post.cases()
    form = {"version": str(case.version), "matter": "Uteblivet besök", "secrecy": "health_care"}
    client.post(f"/arenden/{case.id}/diarium", data=form)
    page = client.get(f"/arenden/{case.id}").text
    assert "Uteblivet besök" in page
