"""A real Dovecot on 127.0.0.1 for one test session: TLS, passwords, OAuth by introspection."""

import http.server
import json
import os
import shutil
import smtplib
import socket
import subprocess
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.mail.imap_connection import AfterStoring, ImapAccount
from bot.mail.microsoft import TokenSource
from tests.bot.mail.servers import Certificate, free_port, make_certificate

PASSWORD = "hemligt"
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = required
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = yes
mail_location = maildir:{folder}/mail/%u
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
first_valid_gid = 1
auth_mechanisms = plain login xoauth2 oauthbearer
passdb {{
  driver = static
  args = password={password}
  mechanisms = plain login
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={folder}/home/%u allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp_port}
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
namespace inbox {{
  inbox = yes
}}
auth_failure_delay = 0
mail_max_userip_connections = 100
"""
INTROSPECTION = """
introspection_mode = post
introspection_url = http://127.0.0.1:{port}/introspect
username_attribute = username
active_attribute = active
active_value = true
timeout_msecs = 2000
"""


class _Introspection(http.server.BaseHTTPRequestHandler):
    """Knows tokens of the form good:USER."""

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        form = urllib.parse.parse_qs(self.rfile.read(length).decode())
        token = form.get("token", [""])[0]
        answer: dict[str, object] = {"active": False}
        if token.startswith("good:"):
            user = token.partition(":")[2]
            answer = {"active": True, "username": user, "exp": 9_999_999_999}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass
class Dovecot:
    folder: Path
    certificate: Certificate
    imap_port: int
    imaps_port: int
    lmtp_port: int

    def account(
        self,
        user: str,
        *,
        password: str = PASSWORD,
        tokens: TokenSource | None = None,
        after_storing: AfterStoring = AfterStoring.MOVE,
    ) -> ImapAccount:
        return ImapAccount(
            host="127.0.0.1",
            port=self.imaps_port,
            user=user,
            password=password,
            tokens=tokens,
            tls=self.certificate.client_context(),
            after_storing=after_storing,
            timeout_seconds=10,
        )

    def deliver(self, user: str, *subjects: str) -> None:
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as server:
            for subject in subjects:
                mail = f"Subject: {subject}\r\nFrom: asa@exempel.example\r\n\r\nHej åäö\r\n"
                server.sendmail("asa@exempel.example", [user], mail.encode())

    def control(self, *words: str) -> None:
        command = ["doveadm", "-c", str(self.folder / "dovecot.conf"), *words]
        subprocess.run(command, check=True, capture_output=True)


def why_not() -> str:
    """Return why no Dovecot can run here, '' when it can."""
    if shutil.which("dovecot") is None and not Path("/usr/sbin/dovecot").exists():
        return "dovecot is not installed (apt-get install dovecot-imapd dovecot-lmtpd)"
    return "" if os.geteuid() == 0 else "dovecot's own instance needs root here"


@contextmanager
def running_dovecot(folder: Path) -> Iterator[Dovecot]:
    folder.chmod(0o755)  # the server reads as another user
    certificate = make_certificate(folder)
    (folder / "mail").mkdir()
    (folder / "mail").chmod(0o777)
    stub = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Introspection)
    threading.Thread(target=stub.serve_forever, daemon=True).start()
    found = Dovecot(folder, certificate, free_port(), free_port(), free_port())
    (folder / "oauth2.conf").write_text(INTROSPECTION.format(port=stub.server_port))
    (folder / "dovecot.conf").write_text(
        CONFIGURATION.format(
            folder=folder,
            certificate=certificate.certificate,
            key=certificate.key,
            password=PASSWORD,
            imap_port=found.imap_port,
            imaps_port=found.imaps_port,
            lmtp_port=found.lmtp_port,
        )
    )
    subprocess.run(["/usr/sbin/dovecot", "-c", folder / "dovecot.conf"], check=True)
    try:
        _wait_for(found.imaps_port)
        yield found
    finally:
        found.control("stop")
        stub.shutdown()
        stub.server_close()


def _wait_for(port: int) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(port)


@contextmanager
def dovecot_or_skip() -> Iterator[Dovecot]:
    """Run a Dovecot for a test's fixture; without one the test is skipped, with CI it fails."""
    reason = why_not()
    if reason:
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    # Dovecot's sockets need a short path.
    with (
        tempfile.TemporaryDirectory(prefix="lotsen") as folder,
        running_dovecot(Path(folder)) as it,
    ):
        yield it
