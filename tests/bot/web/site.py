"""A Lotsen that answers over HTTP, can be stopped, and starts again on the same folder and port."""

import socket
import threading
import time
from pathlib import Path

import uvicorn

from bot.web.app import create_app
from tests.lotskoping import Lotskoping, open_lotskoping

SECONDS_TO_START = 60


class Site:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = 0
        self.start()

    def start(self) -> None:
        self.lotskoping: Lotskoping = open_lotskoping(self._folder)
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        self._port = listener.getsockname()[1]
        self._listener = listener
        self._server = uvicorn.Server(
            uvicorn.Config(
                create_app(self.lotskoping.services),
                log_config=None,
                access_log=False,
                ws="none",
                lifespan="off",
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = threading.Thread(target=self._run, name="site")
        self._thread.start()
        self._await_start()

    def stop(self) -> None:
        """Stop as a restart does: nothing is told to the browser."""
        self._server.should_exit = True
        self._thread.join(SECONDS_TO_START)
        self._listener.close()
        self.lotskoping.services.database.close()

    def restart(self) -> None:
        self.stop()
        self.start()

    def address(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self._port}{path}"

    def _run(self) -> None:
        self._server.run(sockets=[self._listener])

    def _await_start(self) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                raise AssertionError("the site does not start")
            time.sleep(0.01)
