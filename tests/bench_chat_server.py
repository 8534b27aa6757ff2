"""A Lotsen with one door, for tests/bench_chats.py: door, folder, database, platform.

It prints its port, serves until its input is closed, and finishes what has begun.
"""

import os
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import uvicorn
from fastapi import APIRouter

from bot.app import Services, build_services
from bot.channel import Channel
from bot.channels.slack.door import build_slack
from bot.channels.slack.settings import SlackSettings
from bot.channels.teams.door import build_teams
from bot.config import Settings
from bot.delivery import deliver_outbox
from bot.logs import configure_logs
from bot.serving import build_channels
from bot.web.app import create_app
from tests.bot.slack.fake_slack import BOT_TOKEN, SIGNING_SECRET
from tests.bot.teams.fake_teams import ISSUER, local_bot_token
from tests.bot.teams.house import settings_of_tests

WORKER_SECONDS = 2.0
PATIENCE_SECONDS = 0.7  # the default


def slack_door(services: Services, api: str) -> tuple[APIRouter, Channel]:
    settings = SlackSettings(
        _env_file=None, bot_token=BOT_TOKEN, signing_secret=SIGNING_SECRET, api_url=api
    )
    door = build_slack(services, settings)
    assert door is not None
    return door.router, door.channel


def teams_door(services: Services, url: str, closing: ExitStack) -> tuple[APIRouter, Channel]:
    from microsoft_teams.api.auth.cloud_environment import PUBLIC, with_overrides

    metadata = f"{url}/v1/.well-known/openidconfiguration"
    cloud = with_overrides(PUBLIC, openid_metadata_url=metadata)
    token = local_bot_token(ISSUER)
    door = build_teams(
        services,
        settings_of_tests(invoke_patience_seconds=PATIENCE_SECONDS),
        cloud=cloud,
        token=lambda *_: token,
    )
    assert door is not None
    door.start()
    closing.callback(door.stop)
    return door.router, door.channel


def main(name: str, folder: str, database_url: str, api: str) -> None:
    configure_logs(Path(os.devnull).open("w"))  # noqa: SIM115 - for the life of the process
    settings = Settings(_env_file=None, data_dir=Path(folder), database_url=database_url)
    services = build_services(settings)
    with ExitStack() as closing:
        doors = {
            "slack": lambda: slack_door(services, api),
            "teams": lambda: teams_door(services, api, closing),
        }
        opened = doors[name]() if name in doors else None
        app = create_app(services, (opened[0],) if opened else ())
        config = uvicorn.Config(app, port=0, log_config=None, access_log=False)
        server = uvicorn.Server(config)
        socket = config.bind_socket()
        sys.stdout.write(f"{socket.getsockname()[1]}\n")
        sys.stdout.flush()
        closed = threading.Event()

        def wait_for_the_end() -> None:
            sys.stdin.read()
            closed.set()
            server.should_exit = True

        def work() -> None:
            chats = {name: opened[1]} if opened else {}
            channels = {**build_channels(services), **chats}
            while not closed.wait(WORKER_SECONDS):
                deliver_outbox(services, channels)

        threading.Thread(target=wait_for_the_end, daemon=True).start()
        worker = threading.Thread(target=work)
        worker.start()
        server.run(sockets=[socket])
        worker.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
