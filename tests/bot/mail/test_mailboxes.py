"""The file of mailboxes: what it may say, and the faults it is told."""

from pathlib import Path

import pytest

from bot.mail.graph import GraphSource
from bot.mail.imap import ImapSource
from bot.mail.mailboxes import ImapMailbox, load_mailboxes, open_source
from bot.mail.maildir import MaildirSource
from handlers.errors import ConfigurationFault

WHOLE = """
[[mailbox]]
name = "synpunkter"
address = "synpunkter@lotskoping.example"
report_kind = "complaint"
kind = "imap"
host = "imap.lotskoping.example"
password_file = "{folder}/password"

[[mailbox]]
name = "avvikelser"
address = "avvikelser@lotskoping.example"
report_kind = "deviation"
unit_id = "bjorkgarden"
kind = "graph"
[mailbox.microsoft]
tenant_id = "11111111-1111-1111-1111-111111111111"
client_id = "lotsen"
secret_file = "{folder}/password"

[[mailbox]]
name = "prov"
address = "prov@lotskoping.example"
kind = "maildir"
path = "{folder}/inbox"
"""


def write(folder: Path, text: str) -> Path:
    (folder / "password").write_text("hemligt\n")
    path = folder / "mailboxes.toml"
    path.write_text(text.format(folder=folder))
    return path


def test_several_mailboxes_of_different_kinds_are_opened(tmp_path: Path) -> None:
    sources = [open_source(mailbox) for mailbox in load_mailboxes(write(tmp_path, WHOLE))]

    assert [type(source) for source in sources] == [ImapSource, GraphSource, MaildirSource]
    assert [source.mailbox for source in sources] == ["synpunkter", "avvikelser", "prov"]
    for source in sources:
        source.close()


def test_the_password_stands_in_a_file_of_its_own(tmp_path: Path) -> None:
    [mailbox, *_] = load_mailboxes(write(tmp_path, WHOLE))

    assert isinstance(mailbox, ImapMailbox)
    assert mailbox.account().password == "hemligt"
    assert mailbox.account().user == "synpunkter@lotskoping.example"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("imap.lotskoping.example", ""), "host"),
        (('kind = "imap"', 'kind = "pop3"'), "mailbox.0"),
        (('password_file = "{folder}/password"', ""), "password_file eller microsoft"),
        (('secret_file = "{folder}/password"', ""), "secret_file eller certificate_file"),
        (('name = "avvikelser"', 'name = "synpunkter"'), "samma name"),
        (("report_kind", "reportkind"), "reportkind"),
        (("[[mailbox]]", "[[mailbox"), "går inte att läsa"),
    ],
)
def test_a_fault_names_the_file_and_the_item(
    tmp_path: Path, change: tuple[str, str], fault: str
) -> None:
    path = write(tmp_path, WHOLE.replace(*change))

    with pytest.raises(ConfigurationFault, match=fault) as found:
        load_mailboxes(path)
    assert str(path) in str(found.value)


def test_a_missing_secret_is_told_with_its_file(tmp_path: Path) -> None:
    path = write(tmp_path, WHOLE)
    (tmp_path / "password").unlink()
    [mailbox, *_] = load_mailboxes(path)

    with pytest.raises(ConfigurationFault, match="password"):
        open_source(mailbox)
