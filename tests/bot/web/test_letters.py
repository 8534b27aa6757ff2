"""What the mail reader notes about a file has words on the case page."""

from bot.mail import attachments, sniffing
from handlers.texts import load_catalogue


def test_every_note_about_an_attachment_has_a_text() -> None:
    notes = {
        str(value)
        for module in (attachments, sniffing)
        for name, value in vars(module).items()
        if name.startswith("NOTE_")
    }
    catalogue = load_catalogue()
    missing = [n for n in notes if not catalogue.has(f"attachment.{n.removeprefix('attachment_')}")]
    assert notes
    assert missing == []
