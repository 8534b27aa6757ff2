"""In which cases words stand: in what was reported, in letters, and in what was written of it."""

import unicodedata
from collections.abc import Sequence, Set

from sqlalchemy import Column, ColumnElement, Connection, or_, select

from storage import tables

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
        may_have = or_(*(text.ilike(_pattern(sought), escape=_ESCAPE) for text in texts))
        statement = select(case_id, *texts).where(may_have, *condition)
        for own_id, *written in connection.execute(statement):
            if any(sought in _plain(text) for text in written):
                found.add(own_id)
    return frozenset(found)


_Place = tuple[Column[str], tuple[Column[str], ...], tuple[ColumnElement[bool], ...]]


def _places(not_in: Set[str]) -> tuple[_Place, ...]:
    cases, causes, actions = tables.cases.c, tables.causes.c, tables.actions.c
    letters, reports, answers = tables.letters.c, tables.reports.c, tables.report_answers.c
    of_report = answers.report_id == reports.id
    told = answers.question_id.not_in(sorted(not_in))
    return (
        (cases.id, (cases.title, cases.feedback, cases.no_action_reason), ()),
        (causes.case_id, (causes.text,), ()),
        (actions.case_id, (actions.text, actions.effect), ()),
        (letters.case_id, (letters.subject, letters.text, letters.folded_text), ()),
        (reports.case_id, (answers.text,), (of_report, told)),
    )


def _pattern(word: str) -> str:
    """Narrow down in the database: SQLite knows the capitals of a to z only, so others may be any.

    A sign that means something in a pattern becomes "any" too; Python compares what is left.
    """
    known = (sign if sign.isascii() and sign.isalnum() else "_" for sign in word)
    return f"%{''.join(known)}%"


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()
