"""Forms as typed data, read from the .toml files beside this module."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from handlers.errors import ConfigurationFault

LANGUAGES = ("sv", "en")
Texts = Mapping[str, str]  # language -> text


class QuestionType(StrEnum):
    CHOICE = "choice"
    TEXT = "text"
    UNIT = "unit"
    CATEGORY = "category"
    BOX = "box"  # never asked: a box at the summary, for whoever wants to tick it


class Section(StrEnum):
    """SBAR with danger before it and the category after it."""

    DANGER = "danger"
    SITUATION = "situation"
    BACKGROUND = "background"
    ASSESSMENT = "assessment"
    RECOMMENDATION = "recommendation"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    value: str
    texts: Texts
    form: str = ""  # choosing it goes on in this form


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """The question is asked only when another one was answered with one of these values."""

    question_id: str
    values: frozenset[str]
    flag: str = ""  # instead: only when the story was recognised as this
    named: bool = False  # instead: never of somebody who reports without a name


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    id: str
    section: Section
    type: QuestionType
    texts: Texts
    help: Texts
    choices: tuple[Choice, ...] = ()
    free_text: bool = False  # a choice question that takes own words too
    optional: bool = False
    condition: Condition | None = None
    from_question: str = ""  # category: whose text the suggestion is made from


class Outcome(StrEnum):
    """What becomes of a finished form."""

    CASE = "case"
    HANDOVER = "handover"  # kept for some hours, for whoever has the link
    ADDITION = "addition"  # goes into a case that is there already


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    id: str
    version: int
    intro: Texts
    questions: tuple[Question, ...]
    outcome: Outcome = Outcome.CASE
    roles: bool = False  # roles are wanted in the place of names
    ways: tuple[str, ...] = ()  # commands that the first question offers beside its answers

    @property
    def story(self) -> Question | None:
        """Return the question whose answer is read for what it tells already."""
        read = {question.from_question for question in self.questions}
        return next((q for q in self.questions if q.id in read), None)

    def question(self, question_id: str) -> Question | None:
        return next((q for q in self.questions if q.id == question_id), None)


def load_forms(folder: Path | None = None) -> Mapping[str, Form]:
    """Return every form by id; a fault names file and item."""
    folder = folder or Path(__file__).parent
    forms = (load_form(path) for path in sorted(folder.glob("*.toml")))
    return {form.id: form for form in forms}


def load_form(path: Path) -> Form:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationFault(f"{path.name}: kan inte läsas: {error}") from error
    where = path.name
    try:
        form = Form(
            id=data["id"],
            version=int(data["version"]),
            intro=_texts(data["intro"], f"{where}: intro"),
            questions=tuple(_question(one, where) for one in data["question"]),
            outcome=Outcome(data.get("outcome", Outcome.CASE)),
            roles=bool(data.get("roles", False)),
            ways=tuple(data.get("ways", ())),
        )
    except KeyError as error:
        raise ConfigurationFault(f"{where}: {error.args[0]} saknas") from error
    except ValueError as error:
        raise ConfigurationFault(f"{where}: {error}") from error
    _check_references(form, where)
    return form


def _question(data: Mapping[str, Any], file: str) -> Question:
    where = f"{file}: question {data.get('id', '?')}"
    known = {"id", "section", "type", "text", "help", "choices", "free_text", "optional"}
    unknown = set(data) - known - {"when", "from"}
    if unknown:
        raise ConfigurationFault(f"{where}: okända nycklar {', '.join(sorted(unknown))}")
    try:
        return Question(
            id=data["id"],
            section=Section(data["section"]),
            type=QuestionType(data["type"]),
            texts=_texts(data["text"], where),
            help=_texts(data["help"], where) if "help" in data else {},
            choices=tuple(
                Choice(value=c["value"], texts=_texts(c, where), form=c.get("form", ""))
                for c in data.get("choices", ())
            ),
            free_text=bool(data.get("free_text", False)),
            optional=bool(data.get("optional", False)),
            condition=_condition(data["when"]) if "when" in data else None,
            from_question=data.get("from", ""),
        )
    except KeyError as error:
        raise ConfigurationFault(f"{where}: {error.args[0]} saknas") from error
    except ValueError as error:
        raise ConfigurationFault(f"{where}: {error}") from error


def _condition(data: Mapping[str, Any]) -> Condition:
    if data.get("named"):
        return Condition(question_id="", values=frozenset(), named=True)
    if "flag" in data:
        return Condition(question_id="", values=frozenset(), flag=data["flag"])
    return Condition(question_id=data["question"], values=frozenset(data["is"]))


def _texts(data: Mapping[str, Any], where: str) -> Texts:
    missing = [language for language in LANGUAGES if not data.get(language)]
    if missing:
        raise ConfigurationFault(f"{where}: text saknas på {', '.join(missing)}")
    return {language: str(data[language]) for language in LANGUAGES}


def _check_references(form: Form, where: str) -> None:
    ids = [question.id for question in form.questions]
    if len(ids) != len(set(ids)):
        raise ConfigurationFault(f"{where}: två frågor har samma id")
    for question in form.questions:
        before = ids[: ids.index(question.id)]
        wanted = {question.from_question}
        if question.condition:
            wanted.add(question.condition.question_id)
        if not wanted - {""} <= set(before):
            raise ConfigurationFault(f"{where}: question {question.id}: hänvisar framåt")
        if question.type in (QuestionType.CHOICE, QuestionType.BOX) and not question.choices:
            raise ConfigurationFault(f"{where}: question {question.id}: choices saknas")
