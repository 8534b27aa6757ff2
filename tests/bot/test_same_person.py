"""The page of a case, where somebody says that two cases are about one person."""

import io
import re
import zipfile

from bot.case_package import export_by_number
from bot.exporting import export_sheets
from tests.bot.test_hidden_case import browser
from tests.handlers.test_reminders import change
from tests.handlers.test_same_person import cases_of, choices, hide, tie
from tests.lotskoping import INGER, MARIA, Lotskoping

SAY = "Handlar om samma person som"


def test_the_manager_says_it_reads_it_and_takes_it_back(lotskoping: Lotskoping):
    first, second = cases_of(lotskoping, 2)
    maria = browser(lotskoping, MARIA)
    page = maria.get(f"/arenden/{first.id}").text
    assert f'value="{second.id}"' in page
    form = {"version": str(first.version), "other_id": second.id}
    page = maria.post(f"/arenden/{first.id}/samma-person", data=form, follow_redirects=True).text
    assert "De här ärendena handlar om samma person" in page
    assert f"{SAY} {second.number}" in page
    undo = {"version": str(first.version)}
    page = maria.post(
        f"/arenden/{second.id}/inte-samma-person", data=undo, follow_redirects=True
    ).text
    assert "De här ärendena handlar om samma person" not in page
    assert f"Handlar inte längre om samma person som {first.number}" in page


def test_the_page_of_a_case_tied_to_a_hidden_one_is_as_if_it_were_tied_to_none(
    lotskoping: Lotskoping,
):
    first, second, free = cases_of(lotskoping, 3)
    tie(lotskoping, first, second)
    hide(lotskoping, second, MARIA)
    page = browser(lotskoping, MARIA).get(f"/arenden/{first.id}").text
    assert second.number not in page
    assert "Ångra: det är inte samma person" not in page
    assert choices(lotskoping, first) == [free.id]
    hidden = {"version": str(first.version), "other_id": second.id}
    unknown = hidden | {"other_id": "finns-inte"}
    answers = [
        browser(lotskoping, MARIA).post(f"/arenden/{free.id}/samma-person", data=form)
        for form in (hidden, unknown)
    ]
    assert {one.status_code for one in answers} == {422}
    assert answers[0].text.count("finns") == answers[1].text.count("finns")


def test_a_pattern_of_one_person_is_named_so(lotskoping: Lotskoping):
    first, second, third = cases_of(lotskoping, 3)
    tie(lotskoping, first, second)
    tie(lotskoping, second, third)
    page = browser(lotskoping, INGER).get("/monster").text
    assert "Handlar om samma person: 3 gånger" in page
    for case in (first, second, third):
        assert f'<a href="/arenden/{case.id}">{case.number}</a>' in page


def test_patterns_lead_to_their_cases_the_greatest_first(lotskoping: Lotskoping):
    often, seldom = cases_of(lotskoping, 4), cases_of(lotskoping, 3)
    for case in often + seldom:
        change(lotskoping, case, category="fall" if case in often else "threat_violence")
    page = browser(lotskoping, INGER).get("/monster").text
    counts = re.findall(r"<h2>[^<]*: (\d+) gånger</h2>", page)
    assert counts == ["4", "3"]
    led = re.findall(r'<a href="/arenden/([^"/]+)">AVV', page)
    assert led == [case.id for case in (*reversed(often), *reversed(seldom))]


def test_no_package_and_no_export_tells_which_cases_are_about_one_person(
    lotskoping: Lotskoping, tmp_path
):
    first, second = cases_of(lotskoping, 2)
    tie(lotskoping, first, second)
    with lotskoping.unit_of_work() as uow:
        group_id = uow.work.same_person.where()[0].group_id
    path = export_by_number(lotskoping.services, first.number, tmp_path, with_sender=True)
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as package:
        written = "".join(package.read(name).decode() for name in package.namelist())
    written += str(export_sheets(lotskoping.services))
    assert group_id not in written
    assert "same_person" not in written
