"""The command line as a newcomer and a machine meet it."""

import io
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.console import talk
from bot.ingesting import ingest_paths
from tests.lotskoping import Lotskoping

ROOT = Path(__file__).resolve().parents[2]


def lotsen(*arguments: str, data_dir: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env={**os.environ, "LOTSEN_DATA_DIR": str(data_dir), **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield held.getsockname()[1]


def test_a_port_in_use_is_one_clear_sentence(tmp_path: Path, taken_port: int):
    run = lotsen("serve", data_dir=tmp_path, LOTSEN_PORT=str(taken_port))
    assert run.returncode == 2
    assert f"Porten {taken_port}" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOTSEN_PORT", "många"),
        ("LOTSEN_MODE", "fel"),
        ("LOTSEN_MAIL_ADDRESS", "ingen-adress"),
        ("LOTSEN_BASE_URL", "lotsen.example"),
        ("LOTSEN_CLOSURES", "2026-13-01"),
        ("LOTSEN_SLACK_TRANSPORT", "fax"),
        ("LOTSEN_TEAMS_CLIENT_ID", "inget-id"),
        ("LOTSEN_DATABASE_URL", "nonsense://x"),
    ],
)
def test_check_config_names_where_and_which_item_is_wrong(tmp_path: Path, name: str, value: str):
    run = lotsen("check-config", data_dir=tmp_path, **{name: value})
    assert run.returncode == 2
    assert name in run.stdout + run.stderr
    assert ".env" in run.stdout + run.stderr
    assert "Traceback" not in run.stderr


def test_check_config_names_every_fault_at_once(tmp_path: Path):
    wrong = {"LOTSEN_PORT": "0", "LOTSEN_CHAT_POLICY": "fel", "LOTSEN_SMTP_HOTS": "mail.example"}
    run = lotsen("check-config", data_dir=tmp_path, **wrong)
    assert run.returncode == 2
    for name in (*wrong, "menas LOTSEN_SMTP_HOST?"):
        assert name in run.stdout


def test_live_mode_without_a_secret_key_is_refused(tmp_path: Path):
    run = lotsen("check-config", data_dir=tmp_path, LOTSEN_MODE="live")
    assert run.returncode == 2
    assert "LOTSEN_SECRET_KEY" in run.stdout
    assert "LOTSEN_OIDC_ISSUER" in run.stdout
    assert lotsen("migrate", data_dir=tmp_path, LOTSEN_MODE="live").returncode == 2


def test_what_is_written_is_for_the_owner_alone(tmp_path: Path):
    data_dir = tmp_path / "var"
    assert lotsen("migrate", data_dir=data_dir).returncode == 0
    for path in (data_dir, data_dir / "lotsen.db"):
        assert path.stat().st_mode & 0o077 == 0, path.name


def test_check_config_is_content_with_the_defaults(tmp_path: Path):
    run = lotsen("check-config", data_dir=tmp_path)
    assert (run.returncode, run.stdout) == (0, "Inställningarna är riktiga.\n")


def test_the_terminal_holds_the_same_dialogue(lotskoping: Lotskoping):
    answers = ["nej", "Fel dos", "nyss", "björk", "nej", "1", "ringde", "hoppa över", "1", "ja"]
    out = io.StringIO()
    talk(lotskoping.services, answers, out, conversation_id="console:test", form_id="deviation")
    assert "AVV-2026-00001" in out.getvalue()
    assert "[9/9]" in out.getvalue()


def test_a_terminal_that_is_closed_midway_goes_on_next_time(lotskoping: Lotskoping):
    services, out = lotskoping.services, io.StringIO()
    talk(services, ["nej", "Fel dos"], out, conversation_id="console:test", form_id="deviation")
    again = io.StringIO()
    talk(services, [], again, conversation_id="console:test", form_id="deviation")
    assert "När hände det?" in again.getvalue()


def a_mail(folder: Path, name: str, body: str, extra: str = "") -> Path:
    path = folder / name
    path.write_text(
        f"From: anna@mail.example\nTo: synpunkter@lotskoping.example\nSubject: Hej\n"
        f"Message-ID: <{name}@mail.example>\n{extra}\n{body}\n"
    )
    return path


def test_ingest_gives_one_json_line_for_every_file(lotskoping: Lotskoping, tmp_path: Path):
    folder = tmp_path / "letters"
    folder.mkdir()
    a_mail(folder, "1", "Ingen kom till mamma i går och hon fick ingen mat.")
    a_mail(folder, "2", "Jag är borta till måndag.", "Auto-Submitted: auto-replied\n")
    (folder / "3").write_bytes(b"")
    lines = [json.loads(line) for line in ingest_paths(lotskoping.services, [folder])]
    assert [line["outcome"] for line in lines] == ["case", "automatic", "held"]
    assert set(lines[0]) == {
        "file", "outcome", "case", "kind", "sender", "subject", "text", "attachments", "reasons",
    }  # fmt: skip
    assert lines[0]["sender"] == "anna@mail.example"
    assert lines[0]["case"].endswith("-2026-00001")
    assert lines[2]["case"] is not None


def test_the_same_bytes_again_are_a_duplicate_of_the_same_case(
    lotskoping: Lotskoping, tmp_path: Path
):
    path = a_mail(tmp_path, "1", "Ingen kom till mamma i går.")
    [first] = ingest_paths(lotskoping.services, [path])
    [again] = ingest_paths(lotskoping.services, [path])
    assert json.loads(again)["outcome"] == "duplicate"
    assert json.loads(again)["case"] == json.loads(first)["case"]


def test_twelve_simulated_days_break_no_invariant_and_double_nothing(tmp_path: Path):
    run = lotsen("simulate", "--days", "12", "--seed", "7", "--json", data_dir=tmp_path)
    assert run.returncode == 0, run.stderr[-2000:]
    figures = json.loads(run.stdout.splitlines()[-1])
    assert figures["cases"] > 30
    assert figures["duplicates"] == 0
    assert figures["repeated_deliveries"] > 30
    assert figures["reminders"]["not_acknowledged"] > 0
    assert set(figures["invariants"].values()) == {0}


def test_the_same_seed_gives_the_same_figures_and_leaves_no_trace(tmp_path: Path):
    first, second = (
        lotsen("simulate", "--days", "4", "--json", data_dir=tmp_path).stdout for _ in range(2)
    )
    assert json.loads(first.splitlines()[-1])["cases"] > 0
    assert first == second
    assert list(tmp_path.iterdir()) == []
