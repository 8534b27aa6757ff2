"""Mails a second from a Maildir to stored cases, beside roundup on the same mails in one run.

    python -m tests.bench_mail [MAILS]

Lotsen classifies with the model that `make train` has made. roundup lies in a virtual environment
of its own: python -m venv var/roundup-venv, and var/roundup-venv/bin/pip install roundup. Every
measure is a process of its own, so that its peak memory is its own; starting and loading models is
not timed, for roundup neither.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import func, select

from bot.config import load_settings
from bot.intake import SqlMailStore, handle_waiting_mail
from bot.logs import configure_logs
from bot.mail.maildir import MaildirSource, deliver, make_maildir
from bot.mail.sources import collect
from storage import tables
from tests.lotskoping import open_lotskoping
from tests.postgres import fresh_database, running_postgres

MAILS = 500
ROUNDUP = Path(__file__).resolve().parents[1] / "var" / "roundup-venv" / "bin"
_PLACES = ("Solrosens demensboende", "Björkgårdens äldreboende", "hemtjänsten", "natten")
_MATTERS = (
    "Ingen kom till min mamma i går kväll, och ingen svarade i telefon. Vad händer nu?",
    "Maten var kall hela veckan och pappa åt ingenting. Personalen hade inte tid att värma den.",
    "Min man ramlade vid sängen i måndags. Larmet låg på golvet och han nådde det inte.",
    "Det kom fyra olika personer på en dag, och ingen visste att hon ska ha hjälp med medicinen.",
)
_IN_ROUNDUP = """
import json, sys, time
from roundup import instance, mailgw
from roundup.scripts.roundup_mailgw import parse_arguments
tracker = instance.open(sys.argv[1])
gateway = mailgw.MailGW(tracker, parse_arguments(["mailgw", sys.argv[1]])[1])
begun = time.perf_counter()
gateway.do_mailbox(sys.argv[2])
took = time.perf_counter() - begun
db = tracker.open("admin")
peak = int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 1024
print(json.dumps({"seconds": took, "stored": len(db.issue.list()), "peak_mb": peak}))
"""


def mails(count: int) -> Iterator[EmailMessage]:
    for number in range(count):
        mail = EmailMessage()
        mail["From"] = f"Anhörig {number} <anhorig{number}@mail.example>"
        mail["To"] = "synpunkter@lotskoping.example"
        mail["Subject"] = f"Fråga {number} om {_PLACES[number % 3]}"
        mail["Date"] = "Mon, 02 Mar 2026 10:12:33 +0100"
        mail["Message-ID"] = f"<bench-{number}@mail.example>"
        mail.set_content(f"Hej!\n\n{_MATTERS[number % 4]}\n\nMed vänlig hälsning\nAnhörig {number}")
        if number % 2:
            mail.add_alternative(f"<p>{_MATTERS[number % 4]}</p>", subtype="html")
        yield mail


def lotsen(count: int, url: str, folder: Path) -> dict[str, float]:
    configure_logs((folder / "log").open("w"))  # for the life of the process
    shutil.copytree(trained_model(), folder / "model")
    opened = open_lotskoping(folder, database_url=url)
    services, inbox = opened.services, opened.services.settings.inbox_maildir
    make_maildir(inbox)
    for number, mail in enumerate(mails(count)):
        deliver(inbox, mail.as_bytes(), name=f"bench-{number}")
    services.analyst.analyse("Något gick fel.")  # the model is loaded by now
    begun = time.perf_counter()
    collect(MaildirSource(inbox, mailbox="inbox"), SqlMailStore(services))
    handle_waiting_mail(services)
    took = time.perf_counter() - begun
    with services.unit_of_work() as uow:
        cases = select(func.count()).select_from(tables.cases)
        stored = uow.connection.execute(cases).scalar_one()
    services.database.close()
    peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    return {"seconds": took, "stored": stored, "peak_mb": peak}


def trained_model() -> Path:
    """Return the folder of the model that the checkout has; the measure is of real classifying."""
    folder = load_settings().model_dir
    if not folder.is_dir():
        sys.exit(f"no model in {folder}: make train")
    return folder


def roundup(count: int, folder: Path) -> dict[str, float]:
    home, box = folder / "home", folder / "mbox"
    admin = [str(ROUNDUP / "roundup-admin"), "-i", str(home)]
    subprocess.run([*admin, "install", "classic", "sqlite"], check=True, capture_output=True)
    _configure(home)
    subprocess.run([*admin, "initialise", "hemligt"], check=True, capture_output=True)
    box.write_bytes(
        b"".join(b"From a Mon Jan  1 00:00:00 2026\n" + m.as_bytes() + b"\n" for m in mails(count))
    )
    command = [str(ROUNDUP / "python"), "-c", _IN_ROUNDUP, str(home), str(box)]
    run = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder)
    found: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return found


def _configure(home: Path) -> None:
    """Give the tracker its addresses, let anybody write to it, and send its mail to a file."""
    text = (home / "config.ini").read_text()
    for name, value in (
        ("web", "http://127.0.0.1:8080/"),
        ("domain", "lotskoping.example"),
        ("host", "127.0.0.1"),
        ("debug", str(home / "sent.log")),
    ):
        text = re.sub(rf"^#?{name} = ?(?:NO DEFAULT)?$", f"{name} = {value}", text, flags=re.M)
    (home / "config.ini").write_text(text)
    schema = (home / "schema.py").read_text()
    allowed = "db.security.addPermissionToRole('Anonymous', 'Email Access')"
    (home / "schema.py").write_text(schema.replace(f"#{allowed}", allowed))


def measured(name: str, count: int, url: str = "") -> None:
    with tempfile.TemporaryDirectory() as folder:
        if name.startswith("roundup"):
            found = roundup(count, Path(folder))
        else:
            command = [sys.executable, "-m", "tests.bench_mail", str(count), url, folder]
            run = subprocess.run(command, check=True, capture_output=True, text=True)
            found = json.loads(run.stdout.splitlines()[-1])
    rate = count / found["seconds"]
    sys.stdout.write(
        f"{name:<24} {rate:7.1f} mails/s  {found['stored']:5.0f} of {count} stored"
        f"  peak {found['peak_mb']:5.0f} MB\n"
    )
    sys.stdout.flush()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MAILS
    if len(sys.argv) > 3:  # the process of one measure
        sys.stdout.write(json.dumps(lotsen(count, sys.argv[2], Path(sys.argv[3]))) + "\n")
        return
    measured("Lotsen, SQLite", count)
    with running_postgres() as server, fresh_database(server) as url:
        measured("Lotsen, PostgreSQL", count, url)
    if (ROUNDUP / "python").exists():
        measured("roundup, SQLite", count)
    else:
        sys.stdout.write(f"roundup is not in {ROUNDUP}\n")


if __name__ == "__main__":
    main()
