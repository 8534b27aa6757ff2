"""Nothing is lost and nothing doubled, whatever instruction the process dies at."""

from pathlib import Path

from tests.killing import die_at_every_step


def test_a_mail_whose_process_is_killed_at_any_step_is_one_case_with_one_receipt(tmp_path: Path):
    die_at_every_step("mail", tmp_path)


def test_a_report_whose_process_is_killed_at_any_step_is_one_case_with_one_receipt(tmp_path: Path):
    die_at_every_step("chat", tmp_path, danger_alerts=1)
