"""What waits because somebody is owed it: a step of a track, an answer not opened, a second yes."""

from collections.abc import Iterable, Iterator

from handlers.answer_pages import DEAD_CODE, unopened
from handlers.case_records import Track
from handlers.desk import Desk
from handlers.dismissing import AGREED_WITHIN, may_be_dismissed, second_person
from handlers.domain.case import Case
from handlers.domain.deadline import add_working_days, local_date
from handlers.domain.moves import SarahStep
from handlers.independence import fault_of
from handlers.work_source import Source, WorkItem


def track_items(source: Source, tracks: Iterable[Track]) -> Iterator[WorkItem]:
    for track in tracks:
        case = source.case(track.case_id)
        if case is not None:
            yield WorkItem(
                kind=track.machine.value,
                key=f"track/{track.id}/{track.step}",
                person=source.leader(case, track),
                case=case,
                due_on=track.due_on or local_date(track.started_at),
                place="#spar",
            )
            yield from _investigation(source, case, track)


def _investigation(source: Source, case: Case, track: Track) -> Iterator[WorkItem]:
    """Yield the lex Sarah investigation that SAS has asked somebody to make.

    Nobody stands in for an investigator: when she is away, or does not stand free any more, it is
    for SAS to name another.
    """
    if not track.investigator_id or track.step != SarahStep.INVESTIGATING:
        return
    gone = fault_of(source.uow, case, track.investigator_id, source.today, track.machine)
    investigator = source.uow.organisation.person(track.investigator_id)
    name = f"{track.id}/{track.investigator_id}"
    due_on = track.due_on or local_date(track.started_at)
    if investigator is None or gone:
        yield WorkItem(
            kind="name_investigator",
            key=f"name_investigator/{name}",
            person=source.leader(case, track),
            case=case,
            due_on=due_on,
            place="#spar",
            tell_at_once=True,
        )
        return
    yield WorkItem(
        kind="investigate",
        key=f"investigate/{name}",
        person=investigator,
        case=case,
        due_on=due_on,
        place="#orsak",
    )


def proposals(source: Source) -> Iterator[WorkItem]:
    """Yield proposals to end a case, for the nearest person at work today who may agree.

    While nobody may, it waits; whoever comes back is told.
    """
    for case in source.uow.cases.with_proposals():
        asked = case.dismissal
        if asked is None or not may_be_dismissed(case):
            continue
        desk = Desk(
            uow=source.uow,
            municipality=source.municipality,
            person_id=asked.proposed_by,
            now=source.now,
            case_id=case.id,
        )
        person = second_person(desk, case, asked)
        if person is not None:
            works = source.municipality.is_working_day
            yield WorkItem(
                kind="dismissal",
                key=f"dismissal/{case.id}",
                person=person,
                case=case,
                due_on=add_working_days(local_date(asked.proposed_at), AGREED_WITHIN, works),
                place="#skriv-av",
            )


def unopened_answers(source: Source) -> Iterator[WorkItem]:
    """Yield answers that the sender has not opened, in ended cases too."""
    for one, why in unopened(source.uow, source.municipality, source.now):
        case = source.uow.cases.find(one.case_id)
        if case is not None:
            yield WorkItem(
                kind=why,
                key=f"{why}/{one.id}/{one.codes_sent}",
                person=source.doer(case, one.written_by),
                case=case,
                due_on=local_date(one.expires_at),
                place="#svara",
                tell_at_once=why == DEAD_CODE,
            )
