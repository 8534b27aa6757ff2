"""Small pictures of attached ones, made anew so that nothing of the original file is passed on."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.mail.limits import MailLimits
from handlers.records import StoredAttachment

PREVIEWED = frozenset(
    {"image/jpeg", "image/png", "image/gif", "image/webp", "image/tiff", "image/bmp"}
)
PREVIEW_PIXELS = 900  # the longer side


def is_previewed(file: StoredAttachment) -> bool:
    return file.media_type in PREVIEWED and not file.note


def small_picture(file: StoredAttachment) -> bytes | None:
    """Return the picture made anew: smaller, upright, without what the camera wrote beside it."""
    out = io.BytesIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(file.content)) as image:
                if image.width * image.height > MailLimits().image_pixels:
                    return None
                upright = ImageOps.exif_transpose(image)
                upright.thumbnail((PREVIEW_PIXELS, PREVIEW_PIXELS))
                upright.convert("RGB").save(out, "JPEG", quality=80)
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
