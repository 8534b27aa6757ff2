"""A report on the page, with a picture, begun in a chat: whatever step the process dies at."""

from pathlib import Path

from tests.killing import die_at_every_step


def test_a_report_with_a_picture_killed_at_any_step_is_one_case_with_one_picture(tmp_path: Path):
    die_at_every_step("web", tmp_path, files=1)
