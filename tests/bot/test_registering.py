"""What comes from outside stands in the register, whatever door it came through."""

import io
import json
import zipfile

import pytest

from bot.case_package import package_of
from handlers.case_records import RegisterEntry, RegisterSender
from handlers.dialogue.state import Command, PromptKind, UserInput
from handlers.domain.case import Case
from handlers.registering import entry_of, sender_of
from tests.bot.post import Post
from tests.lotskoping import SKIP, Lotskoping

WHO = "Dottern Karin Modin, telefon 070-123 45 67"
ANSWERS = {
    "danger": UserInput(choice="no"),
    "what": UserInput(text="Maten har varit kall hela veckan."),
    "who": UserInput(text=WHO),
    "harm": UserInput(choice="nobody"),
    "how": UserInput(choice="phone"),
    "told_on": UserInput(choice="today"),
    "where": UserInput(choice="solrosen"),
    "category": UserInput(text="1"),
}


def told(lotskoping: Lotskoping, form: str) -> Case:
    prompt = lotskoping.say(command=Command.RESUME, form=form, new_report=True)[-1]
    for _ in ANSWERS:
        if prompt.kind == PromptKind.SUMMARY:
            break
        answer = ANSWERS.get(prompt.question_id, SKIP)
        prompt = lotskoping.say(answer.text, choice=answer.choice, command=answer.command)[-1]
    receipt = lotskoping.say(command=Command.SUBMIT)[-1]
    with lotskoping.unit_of_work() as uow:
        case = uow.cases.find_number(receipt.case_number)
    assert case is not None
    return case


def registered(
    lotskoping: Lotskoping, case: Case
) -> tuple[RegisterEntry | None, RegisterSender | None]:
    with lotskoping.unit_of_work() as uow:
        return entry_of(uow, case.id), sender_of(uow, case.id)


@pytest.mark.parametrize("form", ["complaint", "suggestion"])
def test_what_is_told_on_the_web_page_gets_a_row(lotskoping: Lotskoping, form: str):
    case = told(lotskoping, form)
    entry, sender = registered(lotskoping, case)
    assert entry is not None
    assert entry.received_on == case.received_on
    assert sender is None  # a web page knows nobody


def test_what_staff_write_down_for_somebody_gets_a_row_and_a_sender(lotskoping: Lotskoping):
    entry, sender = registered(lotskoping, told(lotskoping, "passed_on"))
    assert entry is not None
    assert sender is not None
    assert sender.name == WHO


def test_what_staff_report_themselves_gets_no_row(lotskoping: Lotskoping):
    assert registered(lotskoping, lotskoping.report()) == (None, None)


def test_the_rows_of_all_doors_are_counted_together(lotskoping: Lotskoping):
    post = Post(lotskoping)
    cases = [told(lotskoping, "complaint"), told(lotskoping, "passed_on")]
    post.comes("Ingen kom till mamma i går.")
    cases += [case for case in post.cases() if case.id not in {one.id for one in cases}]
    entries = [registered(lotskoping, case)[0] for case in cases]
    numbers = [entry.diary_number for entry in entries if entry]
    assert numbers == ["VO 2026/0001", "VO 2026/0002", "VO 2026/0003"]


def test_a_package_without_sender_covers_the_signature_and_says_what_it_holds(
    lotskoping: Lotskoping,
):
    post = Post(lotskoping)
    post.comes(
        "Ingen kom till mamma i går.\nRing mig.\n/Karin, 070-123 45 67",
        From="Karin Modin <karin@mail.example>",
    )
    [case] = post.cases()
    with lotskoping.unit_of_work() as uow:
        _, content = package_of(lotskoping.services, uow, case, with_sender=False)
    archive = zipfile.ZipFile(io.BytesIO(content))
    files = {name.partition("/")[2]: archive.read(name).decode() for name in archive.namelist()}
    whole = "\n".join(files.values())
    assert not [word for word in ("Karin", "Modin", "070-123", "mail.example") if word in whole]
    assert "Ingen kom till mamma i går." in files["arende.html"]
    assert "avsandare/" not in files["LAS-MIG.txt"]
    assert "Läs texter och bilagor" in files["LAS-MIG.txt"]


def test_the_package_names_who_said_it_in_the_senders_folder_only(lotskoping: Lotskoping):
    case = told(lotskoping, "passed_on")
    with lotskoping.unit_of_work() as uow:
        _, content = package_of(lotskoping.services, uow, case, with_sender=True)
    archive = zipfile.ZipFile(io.BytesIO(content))
    files = {name.partition("/")[2]: archive.read(name).decode() for name in archive.namelist()}
    who = json.loads(files.pop("avsandare/avsandare.json"))
    assert who["register"]["name"] == WHO
    assert not any("Modin" in text for text in files.values())
    assert "Maten har varit kall" in files["arende.html"]
    assert "<dt>Hur det kom</dt><dd>Telefon</dd>" in files["arende.html"]
