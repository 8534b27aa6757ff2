"""Whole conversations as readable scripts, and what they leave behind.

A script in tests/transcripts/ is played in a channel and has to give the same words and the same
records every time. Lines of a script:

    # what it is about        the first line; "# form: …" and "# person: …" say how it begins
    > the person's words      or the label of a button
    text                      what the bot answered
    = what happened           a case, a notice, an alert, a hand-over

Other channels play `spoken(script)` their own way and compare `records` but for the channel.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.channels.console import as_input, render
from bot.conversation import InboundMessage, receive
from handlers.dialogue.state import Command, DraftStatus, Prompt, PromptKind, UserInput
from storage import tables
from storage.unit_of_work import SqlUnitOfWork
from tests.lotskoping import Lotskoping

FOLDER = Path(__file__).parent / "transcripts"
CHANNEL = "console"


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    name: str  # of the file, without its ending
    title: str
    form_id: str = "deviation"
    person_id: str = ""
    lines: tuple[str, ...] = field(default=())  # what the person says, in order


def load(path: Path) -> Script:
    title, settings, lines = "", {"form": "deviation", "person": ""}, []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# "):
            name, colon, value = line[2:].partition(": ")
            if colon and name in settings:
                settings[name] = value
            else:
                title = title or line[2:]
        elif line == ">" or line.startswith("> "):
            lines.append(line[2:])
    return Script(
        name=path.stem,
        title=title,
        form_id=settings["form"],
        person_id=settings["person"],
        lines=tuple(lines),
    )


def scripts() -> list[Script]:
    return [load(path) for path in sorted(FOLDER.glob("*.txt"))]


def play(lotskoping: Lotskoping, script: Script, conversation: str = "") -> str:
    """Play a script in the terminal's way and return the whole transcript."""
    conversation = conversation or f"{CHANNEL}:{script.name}"
    seen = Seen(lotskoping)
    parts = [_head(script)]
    prompts = _say(lotskoping, script, conversation, 0, UserInput(command=Command.RESUME))
    parts += [render(prompts).rstrip("\n"), *seen.news()]
    for number, line in enumerate(script.lines, 1):
        parts.append(f"\n> {line}\n" if line else "\n>\n")
        said = as_input(line, prompts)
        prompts = _say(lotskoping, script, conversation, number, said)
        parts += [render(prompts).rstrip("\n"), *seen.news()]
    return "\n".join(parts) + "\n"


def play_by_taps(lotskoping: Lotskoping, script: Script, conversation: str) -> None:
    """Play a script as a channel with buttons does: labels are taps, everything else is words."""
    prompts = _say(lotskoping, script, conversation, 0, UserInput(command=Command.RESUME))
    for number, line in enumerate(script.lines, 1):
        prompts = _say(lotskoping, script, conversation, number, tapped(line, prompts))


def tapped(line: str, prompts: Sequence[Prompt]) -> UserInput:
    """Return the button that a line names, or the line as words."""
    first, _, rest = line.partition(" ")
    for prompt in reversed(prompts):
        for choice in (*prompt.choices, *prompt.commands):
            if choice.label.casefold() == line.casefold():
                return UserInput(choice=choice.choice, command=choice.command)
        for one in prompt.lines:
            if first.casefold() == "ändra" and one.label.casefold() == rest.casefold():
                return UserInput(command=Command.CHANGE, choice=one.question_id)
    return UserInput(text=line)


def _say(
    lotskoping: Lotskoping, script: Script, conversation: str, number: int, said: UserInput
) -> tuple[Prompt, ...]:
    message = InboundMessage(
        channel=conversation.partition(":")[0],
        conversation_id=conversation,
        message_id=f"turn-{number}",
        user_input=said,
        form_id=script.form_id,
        person_id=script.person_id,
        new_report=number == 0,
    )
    return receive(lotskoping.services, message)


def is_receipt(prompts: Sequence[Prompt]) -> bool:
    return any(prompt.kind == PromptKind.RECEIPT for prompt in prompts)


class Seen:
    """Tells what has happened in the store since it was asked last."""

    def __init__(self, lotskoping: Lotskoping) -> None:
        self._lotskoping = lotskoping
        self._known = set(self._all())

    def news(self) -> list[str]:
        found = [line for line in self._all() if line not in self._known]
        self._known |= set(found)
        return [f"= {line}" for line in found]

    def _all(self) -> list[str]:
        with self._lotskoping.services.unit_of_work(read_only=True) as uow:
            return [
                *_cases(uow),
                *_additions(uow),
                *_handovers(uow),
                *_alerts(uow),
                *_messages(uow),
            ]


def _cases(uow: SqlUnitOfWork) -> Iterator[str]:
    for case in uow.cases.listed(None, open_only=False):
        unit = uow.organisation.unit(case.unit_id)
        marks = [
            mark
            for mark, holds in (
                ("möjlig vårdskada", case.possible_medical_harm),
                ("möjligt missförhållande", case.possible_misconduct),
                ("dolt för enhetens chefer", case.manager_involved),
            )
            if holds
        ]
        what = [case.kind, case.category, unit.name if unit else "ingen enhet", *marks]
        yield f"ärende {case.number}: {', '.join(what)}"
        report = uow.reports.of_case(case.id)
        if report and report.reporter.confidential:
            yield f"{case.number}: vem som rapporterar är dolt"


def _additions(uow: SqlUnitOfWork) -> Iterator[str]:
    for case in uow.cases.listed(None, open_only=False):
        for report in uow.reports.all_of_case(case.id)[1:]:
            yield f"tillägg i {case.number}: {report.text_of('more')}"


def _handovers(uow: SqlUnitOfWork) -> Iterator[str]:
    for one in uow.handovers.where():
        yield f"överlämning {one.number or one.form_id}, {len(one.lines)} rader"


def _alerts(uow: SqlUnitOfWork) -> Iterator[str]:
    for alert in uow.alerts.all():
        yield f"larm till {alert.role}: {'; '.join(alert.reasons)}"


def _messages(uow: SqlUnitOfWork) -> Iterator[str]:
    table = tables.outbox
    for row in uow.connection.execute(select(table).order_by(table.c.id)):
        yield f"brev till {row.person_id or row.recipient}: {row.subject}"


def records(lotskoping: Lotskoping) -> list[dict[str, Any]]:
    """Return every case with its answers and alerts, without ids, moments and the channel."""
    with lotskoping.services.unit_of_work(read_only=True) as uow:
        return [
            {
                "number": case.number,
                "kind": case.kind.value,
                "category": case.category,
                "category_source": case.category_source,
                "unit": case.unit_id,
                "harm": case.harm,
                "laws": case.legal_areas,
                "medical_harm": case.possible_medical_harm,
                "misconduct": case.possible_misconduct,
                "hidden_from": case.manager_involved_ids,
                "target_on": case.target_on,
                "answers": [
                    {key: (one.value, one.text) for key, one in report.answers.items()}
                    for report in uow.reports.all_of_case(case.id)
                ],
                "confidential": [
                    report.reporter.confidential for report in uow.reports.all_of_case(case.id)
                ],
                "alerts": sorted((a.role, a.reasons) for a in uow.alerts.of_case(case.id)),
            }
            for case in uow.cases.listed(None, open_only=False)
        ]


def left_over(lotskoping: Lotskoping) -> dict[str, Any]:
    """Return what no case was made of: reports under way, hand-overs, alerts before any case."""
    with lotskoping.services.unit_of_work(read_only=True) as uow:
        found = uow.connection.execute(select(tables.drafts.c.id)).scalars().all()
        drafts = [draft for one in found if (draft := uow.drafts.find(one)) is not None]
        return {
            "drafts": sorted(
                (
                    draft.state.form_id,
                    sorted((key, one.value, one.text) for key, one in draft.state.answers.items()),
                )
                for draft in drafts
                if draft.state.answers and draft.state.status != DraftStatus.SUBMITTED
            ),
            "handovers": sorted((one.form_id, one.lines) for one in uow.handovers.where()),
            "alerts": sorted((a.role, a.reasons) for a in uow.alerts.all()),
        }


def _head(script: Script) -> str:
    lines = [f"# {script.title}"]
    if script.form_id != "deviation":
        lines.append(f"# form: {script.form_id}")
    if script.person_id:
        lines.append(f"# person: {script.person_id}")
    return "\n".join(lines) + "\n"
