"""A Lotsen with the Slack door in a process of its own, to be killed: folder, API address."""

import socket
import sys
from pathlib import Path

import uvicorn

from bot.app import build_services
from bot.channels.slack.door import build_slack
from bot.channels.slack.settings import SlackSettings
from bot.config import Settings
from bot.web.app import create_app
from tests.bot.slack.fake_slack import BOT_TOKEN, SIGNING_SECRET


def main(folder: str, api_url: str) -> None:
    services = build_services(Settings(_env_file=None, data_dir=Path(folder)))
    settings = SlackSettings(
        _env_file=None, bot_token=BOT_TOKEN, signing_secret=SIGNING_SECRET, api_url=api_url
    )
    door = build_slack(services, settings)
    assert door is not None
    app = create_app(services)
    app.include_router(door.router)
    listening = socket.create_server(("127.0.0.1", 0))
    sys.stdout.write(f"{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    server.run(sockets=[listening])


if __name__ == "__main__":
    main(*sys.argv[1:])
