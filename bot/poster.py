"""The poster that hangs in a unit: an A4 sheet with a QR code, as PDF for print and as a picture.

The sheet is laid out once, in points from its upper left corner, and painted twice.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import reportlab
import segno
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
MIDDLE = WIDTH / 2
MARGIN = 48.0
PICTURE_DPI = 200
QR_SIDE = 270.0  # 95 mm: a phone reads it from two metres
QUIET_MODULES = 4  # the light border that ISO/IEC 18004 asks for
INK, BLUE, RED, WHITE = "#1a1f26", "#14375e", "#a4121f", "#ffffff"
# These fonts come with reportlab, so that the sheet looks the same on every machine.
_FONTS = Path(reportlab.__file__).parent / "fonts"
PLAIN, BOLD = "Vera", "VeraBd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Poster:
    """What stands on the sheet; `address` is in the QR code, `typed` is for the keyboard."""

    unit_name: str
    municipality: str
    address: str
    typed: str
    texts: Mapping[str, str] = field(default_factory=dict)  # of the texts' [poster]


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Line:
    """A centred line of text; `baseline` is its distance from the sheet's upper edge."""

    text: str
    baseline: float
    size: float
    font: str = PLAIN
    colour: str = INK


def to_pdf(poster: Poster) -> bytes:
    """Return the sheet with real text in it, so that it can be searched and read aloud."""
    _know_fonts()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, lang="sv", invariant=True)
    canvas.setTitle(f"{poster.texts['title']} – {poster.unit_name}")
    canvas.setAuthor(poster.municipality)
    for shape in _shapes(poster):
        canvas.setFillColor(HexColor(shape.colour))
        if isinstance(shape, Box):
            bottom = HEIGHT - shape.top - shape.height
            canvas.rect(shape.left, bottom, shape.width, shape.height, stroke=0, fill=1)
        else:
            canvas.setFont(shape.font, shape.size)
            canvas.drawCentredString(MIDDLE, HEIGHT - shape.baseline, shape.text)
    canvas.save()
    return out.getvalue()


def to_png(poster: Poster) -> bytes:
    """Return the sheet as a picture, for a screen or a document of one's own."""
    _know_fonts()
    scale = PICTURE_DPI / 72
    image = Image.new("RGB", (round(WIDTH * scale), round(HEIGHT * scale)), WHITE)
    draw = ImageDraw.Draw(image)
    for shape in _shapes(poster):
        if isinstance(shape, Box):
            right, bottom = shape.left + shape.width, shape.top + shape.height
            corners = (shape.left, shape.top, right, bottom)
            left, top, right, bottom = (round(one * scale) for one in corners)
            draw.rectangle((left, top, right - 1, bottom - 1), fill=shape.colour)
        else:
            font = ImageFont.truetype(str(_FONTS / f"{shape.font}.ttf"), shape.size * scale)
            place = (MIDDLE * scale, shape.baseline * scale)
            draw.text(place, shape.text, font=font, fill=shape.colour, anchor="ms")
    out = io.BytesIO()
    image.quantize(64).save(out, "PNG", optimize=True, dpi=(PICTURE_DPI, PICTURE_DPI))
    return out.getvalue()


def _know_fonts() -> None:
    for name in (PLAIN, BOLD):
        registerFont(TTFont(name, _FONTS / f"{name}.ttf"))


def _shapes(poster: Poster) -> Iterator[Box | Line]:
    say = poster.texts
    yield Box(0, 0, WIDTH, 150, BLUE)
    yield _fitting(say["title"], 78, 40, font=BOLD, colour=WHITE)
    yield _fitting(say["lead"], 118, 18, colour=WHITE)
    yield _fitting(poster.unit_name, 196, 28, font=BOLD)
    yield from _code(poster.address, top=216)
    below = 216 + QR_SIDE
    yield _fitting(say["scan"], below + 30, 18, font=BOLD)
    yield _fitting(f"{say['type']} {poster.typed}", below + 58, 15)
    for number, key in enumerate(("what", "anonymous", "english")):
        yield _fitting(say[key], below + 100 + 24 * number, 15)
    yield Box(0, HEIGHT - 150, WIDTH, 90, RED)
    yield _fitting(say["danger"], HEIGHT - 94, 28, font=BOLD, colour=WHITE)
    yield _fitting(poster.municipality, HEIGHT - 26, 13)


def _fitting(
    text: str, baseline: float, size: float, *, font: str = PLAIN, colour: str = INK
) -> Line:
    """Return a line that is as large as asked for, or as large as the sheet has room for."""
    room = WIDTH - 2 * MARGIN
    needed = stringWidth(text, font, size)
    return Line(text, baseline, min(size, size * room / needed), font, colour)


def _code(address: str, *, top: float) -> Iterator[Box]:
    """Return the modules of the QR code, neighbours in a row as one box."""
    rows = segno.make_qr(address, error="q").matrix
    module = QR_SIDE / (len(rows) + 2 * QUIET_MODULES)
    left = MIDDLE - QR_SIDE / 2
    for row_number, row in enumerate(rows):
        above = top + (row_number + QUIET_MODULES) * module
        for first, length in _runs(row):
            start = left + (first + QUIET_MODULES) * module
            yield Box(start, above, length * module, module, INK)


def _runs(row: bytearray) -> Iterator[tuple[int, int]]:
    """Return where dark modules begin and how many follow one another."""
    start = -1
    for column, dark in enumerate((*row, 0)):
        if dark and start < 0:
            start = column
        elif not dark and start >= 0:
            yield start, column - start
            start = -1
