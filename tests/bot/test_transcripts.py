"""Every script gives the same words as it stands written, and the same records in every channel."""

from pathlib import Path

import pytest

from tests.bot.page_reader import Browser
from tests.lotskoping import open_lotskoping
from tests.scenarios import FOLDER, Script, play, play_by_taps, records, scripts

SCRIPTS = scripts()
each = pytest.mark.parametrize("script", SCRIPTS, ids=[script.name for script in SCRIPTS])


def test_there_are_enough_scripts():
    assert len(SCRIPTS) >= 12


@each
def test_the_transcript_reads_as_it_is_written(script: Script, tmp_path: Path):
    lotskoping = open_lotskoping(tmp_path)
    said = play(lotskoping, script)
    lotskoping.services.database.close()
    assert said == (FOLDER / f"{script.name}.txt").read_text(encoding="utf-8")


@each
def test_taps_give_the_same_records_as_words(script: Script, tmp_path: Path):
    by_words, by_taps = open_lotskoping(tmp_path / "words"), open_lotskoping(tmp_path / "taps")
    play(by_words, script)
    play_by_taps(by_taps, script, f"slack:T1:{script.name}")
    assert records(by_taps) == records(by_words)
    for lotskoping in (by_words, by_taps):
        lotskoping.services.database.close()


@each
def test_the_web_gives_the_same_records_as_the_terminal(script: Script, tmp_path: Path):
    in_terminal, on_web = open_lotskoping(tmp_path / "console"), open_lotskoping(tmp_path / "web")
    play(in_terminal, script)
    with Browser(on_web.services, person_id=script.person_id) as browser:
        browser.open(f"/rapportera?form={script.form_id}")
        for line in script.lines:
            browser.say(line)
    assert records(on_web) == records(in_terminal)
    for lotskoping in (in_terminal, on_web):
        lotskoping.services.database.close()
