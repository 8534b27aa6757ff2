"""Pictures made anew, small or whole, so that nothing of the original file is passed on."""

import io
import warnings
from collections.abc import Callable

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.mail.limits import MailLimits
from handlers.records import ReportFile, StoredAttachment

PREVIEWED = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "image/tiff", "image/bmp"}
)
PREVIEW_PIXELS = 900  # the longer side


def is_previewed(file: StoredAttachment | ReportFile) -> bool:
    return file.media_type in PREVIEWED and not file.note


def small_picture(file: StoredAttachment | ReportFile) -> bytes | None:
    """Return the picture made anew: smaller, upright, without what the camera wrote beside it."""

    def smaller(image: Image.Image, out: io.BytesIO) -> None:
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((PREVIEW_PIXELS, PREVIEW_PIXELS))
        upright.convert("RGB").save(out, "JPEG", quality=80)

    return _made_anew(file.content, smaller)


def clean_picture(content: bytes) -> bytes | None:
    """Return the picture in its size and kind, upright, without what the camera wrote beside it."""

    def whole(image: Image.Image, out: io.BytesIO) -> None:
        colours = image.info.get("icc_profile")
        upright = ImageOps.exif_transpose(image)
        upright.info.clear()
        upright.save(out, image.format, quality=92, icc_profile=colours)

    return _made_anew(content, whole)


def opens(content: bytes) -> bool:
    """Whether a picture is whole and within bounds; of a JPEG only a small copy is made."""

    def load(image: Image.Image, out: io.BytesIO) -> None:
        del out
        image.draft("RGB", (PREVIEW_PIXELS, PREVIEW_PIXELS))
        image.load()

    return _made_anew(content, load) is not None


def _made_anew(content: bytes, make: Callable[[Image.Image, io.BytesIO], None]) -> bytes | None:
    """Return what is made of an opened picture; None for a broken or hostile one."""
    out = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as image:
                if image.width * image.height > MailLimits().image_pixels:
                    return None
                make(image, out)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        ValueError,
        SyntaxError,
    ):
        return None  # what PIL raises for broken and hostile pictures
    return out.getvalue()
