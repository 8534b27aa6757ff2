"""Makes the app package for Teams from the settings: manifest, two icons, one zip file."""

import argparse
import sys
from pathlib import Path
from string import Template
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZipFile

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from PIL import Image, ImageDraw  # noqa: E402 - after the path of the checkout

from bot.channels.teams.settings import TeamsSettings, load_teams_settings  # noqa: E402
from bot.config import Settings, load_settings  # noqa: E402
from handlers.errors import ConfigurationFault  # noqa: E402

BLUE, RED, WHITE = (20, 55, 94, 255), (200, 16, 46, 255), (255, 255, 255, 255)
CLEAR = (255, 255, 255, 0)
OVERSAMPLING = 8  # drawn large and made small, for smooth edges
FLAG = (1 / 32, 4 / 32, 31 / 32, 28 / 32)  # as on the pages: the flag of a ship with a pilot


def colour_icon() -> Image.Image:
    """Return the flag on the blue of the pages' top."""
    image, box = _canvas(192, BLUE, share=0.62)
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle(box, radius=image.width * 0.03, fill=WHITE)
    left, top, right, bottom = box
    pen.rectangle(((left + right) / 2, top, right - image.width * 0.03, bottom), fill=RED)
    pen.rounded_rectangle(
        ((left + right) / 2, top, right, bottom), radius=image.width * 0.03, fill=RED
    )
    return image.resize((192, 192), Image.Resampling.LANCZOS)


def outline_icon() -> Image.Image:
    """Return the flag in white and transparent only, as Teams asks of the small icon."""
    image, box = _canvas(32, CLEAR, share=0.9)
    pen = ImageDraw.Draw(image)
    left, top, right, bottom = box
    pen.rounded_rectangle(box, radius=16, outline=WHITE, width=2 * OVERSAMPLING)
    pen.rectangle(((left + right) / 2, top, right - OVERSAMPLING, bottom), fill=WHITE)
    icon = image.resize((32, 32), Image.Resampling.LANCZOS)
    white = Image.new("RGBA", icon.size, CLEAR)
    white.putalpha(icon.getchannel("A"))
    return white


def _canvas(
    side: int, background: tuple[int, int, int, int], *, share: float
) -> tuple[Image.Image, tuple[float, float, float, float]]:
    """Return an empty icon and where the flag stands on it."""
    large = side * OVERSAMPLING
    edge, width = large * (1 - share) / 2, large * share
    left, top, right, bottom = (edge + part * width for part in FLAG)
    return Image.new("RGBA", (large, large), background), (left, top, right, bottom)


def manifest(settings: Settings, teams: TeamsSettings, *, version: str, pages: str) -> str:
    """Return the manifest; raise ConfigurationFault when a setting that it needs is missing."""
    if not teams.enabled:
        raise ConfigurationFault("LOTSEN_TEAMS_CLIENT_ID: saknas")
    address = urlsplit(settings.base_url)
    if address.scheme != "https" or not address.hostname:
        raise ConfigurationFault("LOTSEN_BASE_URL: Teams kräver en adress med https://")
    template = Template((Path(__file__).parent / "manifest.json").read_text(encoding="utf-8"))
    return template.substitute(
        version=version,
        client_id=teams.client_id.lower(),
        developer=settings.municipality_name[:32],
        base_url=settings.base_url,
        privacy_url=pages or settings.base_url,
        terms_url=pages or settings.base_url,
        domain=address.hostname,
    )


def build(target: Path, *, version: str, pages: str) -> None:
    text = manifest(load_settings(), load_teams_settings(), version=version, pages=pages)
    target.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(target, "w", ZIP_DEFLATED) as package:
        package.writestr("manifest.json", text)
        with package.open("color.png", "w") as file:
            colour_icon().save(file, "PNG")
        with package.open("outline.png", "w") as file:
            outline_icon().save(file, "PNG")


def main() -> int:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--out", type=Path, default=ROOT / "var" / "teams" / "lotsen-teams.zip")
    reader.add_argument("--version", default="1.0.0", help="högre för varje ny uppladdning")
    reader.add_argument("--pages", default="", help="adress till kommunens integritetspolicy")
    chosen = reader.parse_args()
    try:
        build(chosen.out, version=chosen.version, pages=chosen.pages)
    except ConfigurationFault as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    sys.stdout.write(f"{chosen.out}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
