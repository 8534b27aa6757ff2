"""Kills a Lotsen process at one step of a report's or a mail's way, again and again.

Run as a program by test_kill.py: python -m tests.kill_runner {chat|mail|web} DATA_DIR. A step is a
statement or commit that the database is asked for, or a file that mail is written to. For every
step a child is forked that dies there by SIGKILL; then another goes on as after a restart, with
the person's phone or the mail server delivering again what was not confirmed. One JSON line each.
"""

import io
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

from fastapi.testclient import TestClient
from PIL import Image
from sqlalchemy import event, func, select

from bot.app import Services, build_services
from bot.config import Settings
from bot.continuing import continue_link, window_to
from bot.delivery import deliver_outbox
from bot.demo.loading import load_demo
from bot.logs import configure_logs
from bot.mail.maildir import MaildirSource, deliver, make_maildir
from bot.preparing import open_migrated
from bot.schedule import collect_mail
from bot.serving import build_channels
from bot.web.app import create_app
from bot.web.session import CONTINUED_COOKIE
from handlers.dialogue.state import Command
from storage import tables
from storage.database import open_database
from tests.clock import SetClock
from tests.lotskoping import Lotskoping

MAIL = EmailMessage()
MAIL["From"] = "Anna <anna@mail.example>"
MAIL["To"] = "synpunkter@lotskoping.example"
MAIL["Subject"] = "Maten"
MAIL["Message-ID"] = "<1@mail.example>"
MAIL.set_content("Maten var kall hela veckan och ingen svarar i telefon när jag ringer.")

CHAT = "console:kill"

Work = Callable[[Lotskoping], None]


def make_ready(folder: Path) -> None:
    """Make the folder that every step starts from."""
    settings = Settings(_env_file=None, data_dir=folder)
    open_migrated(settings).close()
    services = build_services(settings)
    load_demo(services)
    services.database.close()
    inbox = settings.inbox_maildir
    make_maildir(inbox)
    deliver(inbox, MAIL.as_bytes(), name="one")


def open_in(folder: Path, loaded: Services) -> Lotskoping:
    """Open a step's own database; what is only read is loaded once for all steps."""
    settings = Settings(_env_file=None, data_dir=folder)
    clock = SetClock()
    database = open_database(settings.url_of_database)
    services = replace(loaded, settings=settings, database=database, clock=clock)
    return Lotskoping(services, clock)


def chat(lotskoping: Lotskoping) -> None:
    """A care worker's whole report; every turn has its id, so that it can be sent again."""
    turns = [
        {"command": Command.RESUME},
        {"choice": "yes"},
        {"text": "Personen fick fel dos insulin"},
        {"choice": "now"},
        {"choice": "bjorkgarden"},
        {"choice": "no"},
        {"choice": "mild"},
        {"command": Command.SKIP},
        {"command": Command.SKIP},
        {"text": "1"},
        {"command": Command.SUBMIT},
    ]
    for number, turn in enumerate(turns):
        lotskoping.say(message_id=f"turn-{number}", **turn)  # type: ignore[arg-type]
    deliver_outbox(lotskoping.services, build_channels(lotskoping.services))


def begin_in_chat(lotskoping: Lotskoping) -> None:
    """Leave a draft that lacks nothing but to be sent."""
    turns = [
        {"command": Command.RESUME},
        {"choice": "no"},
        {"text": "Personen fick fel dos insulin"},
        {"choice": "today"},
        {"choice": "bjorkgarden"},
        {"choice": "no"},
        {"choice": "mild"},
        {"command": Command.SKIP},
        {"command": Command.SKIP},
        {"text": "1"},
    ]
    for turn in turns:
        lotskoping.say(conversation=CHAT, **turn)  # type: ignore[arg-type]


def web(lotskoping: Lotskoping) -> None:
    """The chat's link is opened in a browser, a picture added and the report sent."""
    with lotskoping.services.unit_of_work(read_only=True) as uow:
        draft = uow.drafts.latest(CHAT)
    assert draft is not None
    app = create_app(lotskoping.services)
    with TestClient(app, base_url=lotskoping.services.settings.base_url) as browser:
        browser.post(continue_link(lotskoping.services, draft.id))
        # After the restart of a report that was sent the link leads nowhere; the browser has this.
        browser.cookies.set(CONTINUED_COOKIE, window_to(lotskoping.services, draft))
        files = {"files": ("golvet.jpg", a_picture())}
        browser.post("/rapportera/fil", data={"message_id": "file"}, files=files)
        browser.post("/rapportera", data={"message_id": "sent", "command": "submit"})
    deliver_outbox(lotskoping.services, build_channels(lotskoping.services))


def a_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "red").save(out, "JPEG")
    return out.getvalue()


def mail(lotskoping: Lotskoping) -> None:
    inbox = lotskoping.services.settings.inbox_maildir
    collect_mail(lotskoping.services, [MaildirSource(inbox, mailbox="inbox")])
    deliver_outbox(lotskoping.services, build_channels(lotskoping.services))


def killed_at(folder: Path, loaded: Services, work: Work, step: int) -> bool:
    """Do the work in a child that dies at the step; False when it came to the end alive."""
    child = os.fork()
    if child == 0:
        lotskoping = open_in(folder, loaded)
        die_at(lotskoping, step, reads=work is not web)
        work(lotskoping)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def die_at(lotskoping: Lotskoping, step: int, *, reads: bool) -> None:
    """Kill this process at its so-many-th step from here.

    A page reads a lot: without `reads` only what writes counts. Whoever dies while reading leaves
    what stood after the last write.
    """
    engine, passed = lotskoping.services.database.engine, [0]

    def count(*about: object) -> None:
        reading = any(isinstance(one, str) and one.startswith("SELECT") for one in about)
        if reading and not reads:
            return
        passed[0] += 1
        if passed[0] == step:
            os.kill(os.getpid(), signal.SIGKILL)

    for moment in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(engine, moment, count)
    sys.addaudithook(lambda name, _: count() if name in ("os.link", "os.rename") else None)


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "never came to an end"
        time.sleep(0.005)


def gone_on(folder: Path, loaded: Services, work: Work) -> dict[str, int]:
    """Do the work after the restart, and count what there is at the end."""
    lotskoping = open_in(folder, loaded)
    lotskoping.clock.advance(minutes=10)  # the dead process's leases run out
    work(lotskoping)
    with lotskoping.unit_of_work() as uow:
        counted = {
            name: uow.connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in (
                ("cases", tables.cases),
                ("reports", tables.reports),
                ("files", tables.report_files),
            )
        }
        danger = [a for a in uow.alerts.all() if a.key.endswith("/danger")]
        pending = uow.outbox.oldest_pending_at() is not None
        turns = uow.connection.execute(select(tables.inbox.c.outcome)).scalars()
        kinds = [prompt["kind"] for turn in turns for prompt in turn.get("prompts", ())]
        shown = kinds.count("receipt")
    folder_of_sent = lotskoping.services.settings.sent_maildir / "new"
    sent = [message_from_bytes(path.read_bytes()) for path in folder_of_sent.iterdir()]
    lotskoping.services.database.close()
    return {
        **counted,
        "danger_alerts": len(danger),
        "receipts": sum(one["To"] == "anna@mail.example" for one in sent) + shown,
        "doubled": len(sent) - len({one["Message-ID"] for one in sent}),
        "sent": len(sent),
        "waiting": int(pending),
    }


def main() -> None:
    configure_logs(open(os.devnull, "w"))  # noqa: SIM115, PTH123 - for the life of the process
    work: Work = {"chat": chat, "mail": mail, "web": web}[sys.argv[1]]
    root, step, died = Path(sys.argv[2]), 0, True
    make_ready(root / "ready")
    loaded = build_services(Settings(_env_file=None, data_dir=root / "ready"))
    loaded.database.close()
    if work is web:
        begun = open_in(root / "ready", loaded)
        begin_in_chat(begun)
        begun.services.database.close()
    while died:
        step += 1
        folder = root / str(step)
        shutil.copytree(root / "ready", folder)
        died = killed_at(folder, loaded, work, step)
        found = {"step": step, "died": died, **gone_on(folder, loaded, work)}
        sys.stdout.write(json.dumps(found) + "\n")
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
