"""Starting up: database, model, demo people; then web server and background work."""

import shutil
import signal
import sys
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import uvicorn
from fastapi import APIRouter, FastAPI

from bot.app import Services
from bot.channels.mailbox import build_mail_channel
from bot.channels.slack.door import build_slack
from bot.channels.teams.door import TeamsDoor, build_teams
from bot.channels.webchat import StoredConversation
from bot.collecting import Collecting, Watching, open_doors
from bot.config import Mode, Settings
from bot.delivery import Channels
from bot.mail.sources import MailSource
from bot.preparing import prepare
from bot.schedule import MAIL, start_scheduler, tick
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
  2. Lägg ett brev i {inbox}/new, eller kör: {lotsen} ingest FIL
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
    chats = _open_chats(services)
    with ExitStack() as closing:  # last opened, first closed
        closing.callback(services.database.close)
        if chats.teams is not None:
            chats.teams.start()
            closing.callback(chats.teams.stop)
        if work:
            start_work(services, chats.channels, closing)
        sys.stdout.write(_welcome(settings))
        sys.stdout.flush()
        if web:
            _serve_pages(create_app(services, chats.routers), settings)
        else:
            _wait_until_interrupted()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chats:
    channels: Channels
    routers: tuple[APIRouter, ...]
    teams: TeamsDoor | None


def _open_chats(services: Services) -> _Chats:
    """Return the doors of the chat platforms that are set up."""
    slack, teams = build_slack(services), build_teams(services)
    channels = dict(build_channels(services))
    if slack is not None:
        channels["slack"] = slack.channel
    if teams is not None:
        channels["teams"] = teams.channel
    routers = tuple(door.router for door in (slack, teams) if door is not None)
    return _Chats(channels=channels, routers=routers, teams=teams)


def start_work(services: Services, channels: Channels, closing: ExitStack) -> None:
    """Fetch, send and sweep in threads until `closing` is closed."""
    doors = open_doors(services)
    collecting = Collecting(services, doors)
    watching = Watching(
        lambda mailbox: tick(services, MAIL, partial(collecting.round, news_in=mailbox)), doors
    )
    closing.callback(collecting.close)
    closing.callback(start_scheduler(services, channels, collecting).shutdown)
    watching.start()
    closing.callback(watching.stop)


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
        demo = DEMO.format(
            inbox=settings.inbox_maildir, sent=settings.sent_maildir, lotsen=_own_command()
        )
    return WELCOME.format(
        municipality=settings.municipality_name, base=settings.base_url, demo=demo
    )


def _own_command() -> str:
    """Return what starts Lotsen when typed in this folder, wherever the environment lies."""
    python = Path(sys.executable)
    script = python.with_name("lotsen")
    if not script.exists():
        return f"{_as_typed(python)} -m bot"
    return "lotsen" if shutil.which("lotsen") == str(script) else _as_typed(script)


def _as_typed(program: Path) -> str:
    here = Path.cwd()
    return str(program.relative_to(here) if program.is_relative_to(here) else program)
