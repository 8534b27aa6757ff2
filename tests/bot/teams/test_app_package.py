"""The app package: what Teams checks when it is uploaded."""

import json
import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest
from PIL import Image
from pydantic import ValidationError

from bot.channels.teams.settings import TeamsSettings
from tests.bot.teams.fake_teams import BOT, TENANT

PROGRAM = Path(__file__).parents[3] / "deploy" / "teams" / "build_app.py"
SETTINGS = {
    "LOTSEN_TEAMS_CLIENT_ID": BOT.upper(),
    "LOTSEN_TEAMS_TENANT_ID": TENANT,
    "LOTSEN_TEAMS_CLIENT_SECRET": "local",
    "LOTSEN_BASE_URL": "https://lotsen.lotskoping.example",
}
# From the manifest's schema, 1.19: the longest that a text may be.
LONGEST = {
    ("name", "short"): 30,
    ("name", "full"): 100,
    ("description", "short"): 80,
    ("description", "full"): 4000,
    ("developer", "name"): 32,
}
REQUIRED = {
    "manifestVersion", "version", "id", "developer", "name", "description", "icons", "accentColor",
}  # fmt: skip
KNOWN = REQUIRED | {
    "$schema", "localizationInfo", "bots", "permissions", "validDomains", "defaultInstallScope",
}  # fmt: skip


def build(target: Path, settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROGRAM), "--out", str(target)]
    return subprocess.run(
        command, env=settings, cwd=target.parent, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    target = tmp_path_factory.mktemp("package") / "lotsen.zip"
    done = build(target, SETTINGS)
    assert done.returncode == 0, done.stderr
    with ZipFile(target) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


@pytest.fixture(scope="module")
def manifest(package: dict[str, bytes]) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(package["manifest.json"])
    return read


def test_the_package_holds_the_manifest_and_both_icons_at_its_top(
    package: dict[str, bytes],
) -> None:
    assert sorted(package) == ["color.png", "manifest.json", "outline.png"]


def test_the_manifest_has_what_the_schema_asks_for_and_nothing_unknown(
    manifest: dict[str, Any],
) -> None:
    assert set(manifest) >= REQUIRED
    assert set(manifest) <= KNOWN
    assert manifest["$schema"].endswith(
        f"/v{manifest['manifestVersion']}/MicrosoftTeams.schema.json"
    )
    assert re.fullmatch(r"\d+\.\d+\.\d+", manifest["version"])
    assert re.fullmatch(r"#[0-9A-F]{6}", manifest["accentColor"])


def test_no_setting_is_left_open(package: dict[str, bytes]) -> None:
    assert b"$" not in package["manifest.json"].replace(b'"$schema"', b"")


def test_the_ids_are_the_bots(manifest: dict[str, Any]) -> None:
    [bot] = manifest["bots"]
    assert manifest["id"] == bot["botId"] == BOT
    assert set(bot["scopes"]) <= {"personal", "team", "groupChat"}
    assert bot["scopes"][0] == manifest["defaultInstallScope"] == "personal"


def test_every_text_is_short_enough(manifest: dict[str, Any]) -> None:
    for (group, name), longest in LONGEST.items():
        assert 0 < len(manifest[group][name]) <= longest, (group, name)
    for commands in manifest["bots"][0]["commandLists"]:
        assert len(commands["commands"]) <= 10
        for command in commands["commands"]:
            assert len(command["title"]) <= 32
            assert len(command["description"]) <= 128


def test_every_address_is_https_and_in_the_valid_domains(manifest: dict[str, Any]) -> None:
    for name in ("websiteUrl", "privacyUrl", "termsOfUseUrl"):
        address = urlsplit(manifest["developer"][name])
        assert address.scheme == "https"
        assert address.hostname in manifest["validDomains"]


@pytest.mark.parametrize(("name", "side"), [("color.png", 192), ("outline.png", 32)])
def test_an_icon_has_the_size_that_teams_asks_for(
    package: dict[str, bytes], name: str, side: int
) -> None:
    with Image.open(BytesIO(package[name])) as icon:
        assert icon.format == "PNG"
        assert icon.size == (side, side)


def test_the_small_icon_is_white_and_transparent_only(package: dict[str, bytes]) -> None:
    with Image.open(BytesIO(package["outline.png"])) as icon:
        pixels = icon.convert("RGBA")
        shades = {pixels.getpixel((x, y)) for x in range(32) for y in range(32)}
    assert all(isinstance(p, tuple) and p[:3] == (255, 255, 255) for p in shades)
    assert {p[3] for p in shades if isinstance(p, tuple)} >= {0, 255}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"LOTSEN_TEAMS_CLIENT_ID": ""}, "LOTSEN_TEAMS_CLIENT_ID"),
        ({"LOTSEN_BASE_URL": "http://127.0.0.1:8000"}, "LOTSEN_BASE_URL"),
    ],
)
def test_a_missing_setting_is_named(tmp_path: Path, changed: dict[str, str], named: str) -> None:
    done = build(tmp_path / "lotsen.zip", SETTINGS | changed)
    assert done.returncode == 2
    assert named in done.stderr
    assert not (tmp_path / "lotsen.zip").exists()


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"client_id": "lotsen"}, "LOTSEN_TEAMS_CLIENT_ID"),
        ({"tenant_id": "lotskoping"}, "LOTSEN_TEAMS_TENANT_ID"),
        ({"client_secret": ""}, "LOTSEN_TEAMS_CLIENT_SECRET"),
    ],
)
def test_a_half_configured_door_names_what_it_lacks(changed: dict[str, Any], named: str) -> None:
    whole = {"client_id": BOT, "tenant_id": TENANT, "client_secret": "local"}
    with pytest.raises(ValidationError, match=named):
        TeamsSettings(_env_file=None, **(whole | changed))


def test_without_a_client_id_there_is_no_door() -> None:
    assert not TeamsSettings(_env_file=None).enabled
