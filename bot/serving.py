"""Starting up: database, model, demo people; then web server and background work."""

import signal
import sys
import threading

import uvicorn
from fastapi import FastAPI

from bot.app import Services
from bot.channels.mailbox import build_mail_channel
from bot.channels.slack.door import build_slack
from bot.channels.teams.door import build_teams
from bot.channels.webchat import StoredConversation
from bot.collecting import Collecting, Watching, open_doors
from bot.config import Mode, Settings
from bot.delivery import Channels
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
    return [door.source for door in open_doors(services)]


def run(settings: Settings, *, web: bool, work: bool) -> None:
    """Run until interrupted."""
    services = prepare(settings)
    slack, teams = build_slack(services), build_teams(services)
    channels = dict(build_channels(services))
    routers = []
    if slack is not None:
        channels["slack"] = slack.channel
        routers.append(slack.router)
    if teams is not None:
        channels["teams"] = teams.channel
        routers.append(teams.router)
        teams.start()
    doors = open_doors(services) if work else []
    collecting = Collecting(services, doors)
    watching = Watching(collecting, doors)
    scheduler = start_scheduler(services, channels, collecting) if work else None
    watching.start()
    sys.stdout.write(_welcome(settings))
    sys.stdout.flush()
    try:
        if web:
            _serve_pages(create_app(services, routers), settings)
        else:
            _wait_until_interrupted()
    finally:
        watching.stop()
        if scheduler is not None:
            scheduler.shutdown()
        collecting.close()
        if teams is not None:
            teams.stop()
        services.database.close()


def _serve_pages(app: FastAPI, settings: Settings) -> None:
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,  # it would write addresses with ids
        server_header=False,
    )


def _wait_until_interrupted() -> None:
    asked = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: asked.set())
    asked.wait()


def _welcome(settings: Settings) -> str:
    demo = ""
    if settings.mode == Mode.DEMO:
        demo = DEMO.format(inbox=settings.inbox_maildir, sent=settings.sent_maildir)
    return WELCOME.format(
        municipality=settings.municipality_name, base=settings.base_url, demo=demo
    )
