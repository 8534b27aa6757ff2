"""Starting up: database, model, demo people; then web server and background work."""

import sys

import uvicorn

from bot.app import Services
from bot.channels.mailbox import build_mail_channel
from bot.channels.webchat import StoredConversation
from bot.config import Mode, Settings
from bot.delivery import Channels
from bot.mail.maildir import MaildirSource, make_maildir
from bot.mail.sources import MailSource
from bot.preparing import prepare
from bot.schedule import start_scheduler
from bot.web.app import create_app

WELCOME = """
Lotsen är igång för {municipality}.

  Rapportera            {base}/rapportera
  Ärenden (logga in)    {base}/arenden
  Larm (logga in)       {base}/larm
  Hälsa                 {base}/health/ready
{demo}
Avsluta med Ctrl+C.
"""
DEMO = """
Logga in som (påhittade personer, inget lösenord, bara i demoläget):
  Maria Lindqvall    enhetschef, Björkgårdens äldreboende
  Erik Västerlund    enhetschef, Hemtjänst Norr
  Inger Strandlycke  MAS
  Monika Hedlunda    SAS
  Bengt Orrfelt      registrator

Prova det här:
  1. Rapportera en händelse på Björkgården. Logga in som Maria och gör klart ärendet.
  2. Lägg ett brev i {inbox}/new, eller kör: lotsen ingest FIL
     Kvittot till avsändaren hamnar i {sent}/new
  3. Svara ”Ja, fara nu” på första frågan och logga in som Inger.
"""


def build_channels(services: Services) -> Channels:
    stored = StoredConversation(services)
    return {"webchat": stored, "console": stored, "mail": build_mail_channel(services)}


def build_sources(services: Services) -> list[MailSource]:
    inbox = services.settings.inbox_maildir
    make_maildir(inbox)
    return [MaildirSource(inbox, mailbox="inbox")]


def run(settings: Settings, *, web: bool, work: bool) -> None:
    """Run until interrupted."""
    services = prepare(settings)
    scheduler = None
    if work:
        scheduler = start_scheduler(services, build_channels(services), build_sources(services))
    sys.stdout.write(_welcome(settings))
    sys.stdout.flush()
    try:
        if web:
            uvicorn.run(
                create_app(services),
                host=settings.host,
                port=settings.port,
                log_config=None,
                access_log=False,  # it would write addresses with ids
                server_header=False,
            )
        else:
            _wait_until_interrupted()
    finally:
        if scheduler is not None:
            scheduler.shutdown()
        services.database.close()


def _wait_until_interrupted() -> None:
    import signal

    signal.sigwait({signal.SIGINT, signal.SIGTERM})


def _welcome(settings: Settings) -> str:
    demo = ""
    if settings.mode == Mode.DEMO:
        demo = DEMO.format(inbox=settings.inbox_maildir, sent=settings.sent_maildir)
    return WELCOME.format(
        municipality=settings.municipality_name, base=settings.base_url, demo=demo
    )
