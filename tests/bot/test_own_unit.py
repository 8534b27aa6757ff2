"""Where a person works, or reported from last, is guessed when the story names no unit."""

import pytest

from bot.conversation import current
from bot.organisation import export_organisation
from handlers.dialogue.state import Command
from tests.bot.test_organisation_import import (
    differences,
    exported,
    given_file,
    organisation,
    row,
)
from tests.lotskoping import MARIA, Lotskoping

STORY = "Dörren stod öppen hela natten"
STAFF = row(
    enhet_id="havsbrisen", enhet="Havsbrisens korttidsboende", typ="short_stay",
    område_id="omr-boende", område="Särskilt boende", lagrum="HSL SoL", roll="Medarbetare",
    person_id="nadia", namn="Nadia Nyberg", epost="nadia@lotskoping.example",
)  # fmt: skip


def guessed(lotskoping: Lotskoping, conversation: str, person_id: str = "") -> str:
    begin = Command.RESUME
    lotskoping.say(command=begin, new_report=True, conversation=conversation, person_id=person_id)
    for line in ("nej", STORY):
        lotskoping.say(line, conversation=conversation, person_id=person_id)
    draft = current(lotskoping.services, conversation)
    assert draft is not None
    found = draft.state.guesses.get("where")
    return found.value if found else ""


@pytest.mark.parametrize(
    ("person_id", "unit"),
    [(MARIA, "bjorkgarden"), ("olle-granfors", "rehabteamet"), ("bengt-orrfelt", "")],
)
def test_whoever_leads_or_works_in_one_unit_need_not_name_it(
    person_id: str, unit: str, lotskoping: Lotskoping
):
    for channel in ("slack:T1:U1", "teams:tenant:user", "webchat:1"):
        assert guessed(lotskoping, channel, person_id) == unit


def test_else_it_is_the_unit_of_the_conversations_last_report(lotskoping: Lotskoping):
    assert guessed(lotskoping, "slack:T1:U1") == ""
    lotskoping.report(unit="solrosen", conversation="slack:T1:U1")
    assert guessed(lotskoping, "slack:T1:U1") == "solrosen"
    assert guessed(lotskoping, "slack:T1:U2") == ""
    lotskoping.clock.advance(hours=1)
    lotskoping.report(unit="havsbrisen", conversation="slack:T1:U1")
    assert guessed(lotskoping, "slack:T1:U1") == "havsbrisen"


def test_a_unit_in_the_story_goes_before_the_own_one(lotskoping: Lotskoping):
    lotskoping.say(command=Command.RESUME, person_id=MARIA)
    lotskoping.say("nej", person_id=MARIA)
    lotskoping.say("på solrosen stod dörren öppen", person_id=MARIA)
    draft = current(lotskoping.services, "webchat:test")
    assert draft is not None
    assert draft.state.guesses["where"].value == "solrosen"


def test_staff_get_their_unit_from_the_file_and_no_right_with_it(lotskoping: Lotskoping):
    told = differences(given_file(lotskoping, [*exported(lotskoping), STAFF], dry_run=True))
    assert told == (
        "+ person Nadia Nyberg <nadia@lotskoping.example>",
        "~ arbetsplats Nadia Nyberg: Havsbrisens korttidsboende",
    )
    assert organisation(lotskoping).person("nadia") is None
    given_file(lotskoping, [*exported(lotskoping), STAFF])
    after = organisation(lotskoping)
    assert after.assignments_of("nadia", lotskoping.clock().date()) == ()
    assert guessed(lotskoping, "teams:tenant:nadia", "nadia") == "havsbrisen"
    assert ";medarbetare;nadia;" in export_organisation(lotskoping.services)
    assert differences(given_file(lotskoping, exported(lotskoping))) == ()


def test_staff_who_have_left_the_file_have_no_unit_any_more(lotskoping: Lotskoping):
    before = exported(lotskoping)
    given_file(lotskoping, [*before, STAFF])
    assert differences(given_file(lotskoping, before)) == ("- arbetsplats Nadia Nyberg",)


def test_a_file_that_says_of_nobody_where_they_work_changes_it_for_nobody(lotskoping: Lotskoping):
    given_file(lotskoping, [*exported(lotskoping), STAFF])
    leaders = [line for line in exported(lotskoping) if ";medarbetare;" not in line]
    assert differences(given_file(lotskoping, leaders)) == ()


def test_staff_without_a_unit_are_a_fault(lotskoping: Lotskoping):
    line = row(roll="medarbetare", namn="Nadia Nyberg", epost="nadia@lotskoping.example")
    [fault] = given_file(lotskoping, [*exported(lotskoping), line]).faults
    assert fault.text == "en medarbetare behöver en enhet"
