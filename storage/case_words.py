"""In which cases words stand: in what was reported, in letters, and in all that was written of it.

Comments and reasons are looked in too: what the page of a case shows to whoever may open it.
"""

import unicodedata
from collections.abc import Iterator, Sequence, Set
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, Connection, Text, cast, or_, select

from storage import case_tables, tables

_ESCAPE = "/"


def cases_with_words(
    connection: Connection, words: Sequence[str], *, not_in: Set[str]
) -> frozenset[str]:
    """Return the ids of the cases that have every word, as a part of a word, in small or capitals.

    Who may see them is not asked here. Answers to the questions `not_in` are not looked in.
    """
    found = [_with_word(connection, word, not_in) for word in words]
    return frozenset.intersection(*found) if found else frozenset()


def _with_word(connection: Connection, word: str, not_in: Set[str]) -> frozenset[str]:
    sought = _plain(word)
    found: set[str] = set()
    for case_id, texts, condition in _places(not_in):
        may_have = or_(*(_may_have(text, sought) for text in texts))
        statement = select(case_id, *texts).where(may_have, *condition)
        for own_id, *written in connection.execute(statement):
            if any(sought in _plain(text) for one in written for text in _texts(one)):
                found.add(own_id)
    return frozenset(found)


_Place = tuple[Column[str], tuple[Column[Any], ...], tuple[ColumnElement[bool], ...]]


def _places(not_in: Set[str]) -> tuple[_Place, ...]:
    cases, causes, actions = tables.cases.c, tables.causes.c, tables.actions.c
    letters, reports, answers = tables.letters.c, tables.reports.c, tables.report_answers.c
    of_report = answers.report_id == reports.id
    told = answers.question_id.not_in(sorted(not_in))
    short = cases.closed_without_investigation_reason
    return (
        (cases.id, (cases.title, cases.feedback, cases.no_action_reason, short), ()),
        (cases.id, (cases.dismissal,), ()),
        (causes.case_id, (causes.text, causes.whys), ()),
        *_places_of_work(),
        (actions.case_id, (actions.text, actions.effect), ()),
        (letters.case_id, (letters.subject, letters.text, letters.folded_text), ()),
        (reports.case_id, (answers.text,), (of_report, told)),
    )


def _places_of_work() -> tuple[_Place, ...]:
    comments, tasks = case_tables.case_comments.c, case_tables.case_tasks.c
    advice, answers = case_tables.advice_requests.c, case_tables.complaint_answers.c
    exchanges, snoozes = case_tables.exchanges.c, case_tables.reminder_snoozes.c
    risks, steps = tables.risk_assessments.c, case_tables.track_steps.c
    return (
        (comments.case_id, (comments.text,), ()),
        (tasks.case_id, (tasks.text,), ()),
        (advice.case_id, (advice.question, advice.answer), ()),
        (exchanges.case_id, (exchanges.answer,), ()),
        (answers.case_id, (answers.explanation, answers.measures), ()),
        (risks.case_id, (risks.rationale,), ()),
        (snoozes.case_id, (snoozes.reason,), ()),
        (steps.case_id, (steps.note,), ()),
    )


def _may_have(column: Column[Any], word: str) -> ColumnElement[bool]:
    """Narrow down in the database: SQLite knows the capitals of a to z only, so others may be any.

    A sign that means something in a pattern becomes "any" too, and so does one that stands in JSON
    as several; Python compares what is left.
    """
    is_json = isinstance(column.type, JSON)
    text, other = (cast(column, Text), "%") if is_json else (column, "_")
    known = (sign if sign.isascii() and sign.isalnum() else other for sign in word)
    return text.ilike(f"%{''.join(known)}%", escape=_ESCAPE)


def _texts(written: object) -> Iterator[str]:
    """Return what somebody has written in a column: a text, several, or one named "reason"."""
    if isinstance(written, str):
        yield written
    elif isinstance(written, list):
        yield from (str(one) for one in written)
    elif isinstance(written, dict):
        yield str(written.get("reason", ""))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()
