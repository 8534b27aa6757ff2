"""The composition root: settings in, wired services out. Nothing else makes these objects."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from bot.calendar import swedish_working_days
from bot.clock import system_clock
from bot.config import Mode, Settings
from bot.mail.mailboxes import AnyMailbox, MaildirMailbox, load_mailboxes
from handlers.about_person import load_about_person
from handlers.alert_rules import load_alert_rules
from handlers.clocks import load_clocks
from handlers.dialogue.story import StoryReader, load_story_reader
from handlers.domain.category import Taxonomy, load_taxonomy
from handlers.domain.people import FALLBACK, Person
from handlers.duty_rules import load_duty_rules
from handlers.forms.form import Form, load_forms
from handlers.municipality import Municipality
from handlers.permissions import load_permissions
from handlers.ports import Clock, TextAnalyst
from handlers.reminder_rules import load_reminder_rules, load_work_rules
from handlers.senders import load_sender_rules
from handlers.team_rules import load_team_rules
from handlers.texts import load_catalogue
from nlp.analyst import load_analyst
from nlp.personal_data import load_personal_data_finder, mask
from storage.database import Database, open_database
from storage.unit_of_work import SqlUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    settings: Settings
    database: Database
    clock: Clock
    municipality: Municipality
    forms: Mapping[str, Form]
    taxonomy: Taxonomy
    analyst: TextAnalyst
    reader: StoryReader
    secret: str
    mailboxes: tuple[AnyMailbox, ...] = ()

    def unit_of_work(self, *, read_only: bool = False) -> SqlUnitOfWork:
        return SqlUnitOfWork(self.database, self.fallback, read_only=read_only)

    @property
    def fallback(self) -> Person:
        """The address that is told when a whole chain of responsibility is vacant."""
        return Person(id=FALLBACK, name="Jour", email=self.settings.fallback_email)


def build_services(
    settings: Settings, clock: Clock = system_clock, analyst: TextAnalyst | None = None
) -> Services:
    """Open the database and load forms, texts, rules and, unless it is given, the model.

    Faults name file and item.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return Services(
        settings=settings,
        database=open_database(settings.url_of_database),
        clock=clock,
        municipality=build_municipality(settings),
        forms=load_forms(),
        taxonomy=load_taxonomy(),
        analyst=analyst or load_analyst(settings.model_dir, model_seconds=settings.model_seconds),
        reader=load_story_reader(),
        secret=_secret(settings),
        mailboxes=mailboxes_of(settings),
    )


def mailboxes_of(settings: Settings) -> tuple[AnyMailbox, ...]:
    """Return the mailboxes of the file, or the one Maildir that stands in the settings."""
    if settings.mailboxes is not None:
        return load_mailboxes(settings.mailboxes)
    inbox = MaildirMailbox(
        kind="maildir", name="inbox", address=settings.mail_address, path=settings.inbox_maildir
    )
    return (inbox,)


def build_municipality(settings: Settings) -> Municipality:
    finder = load_personal_data_finder()
    return Municipality(
        name=settings.municipality_name,
        contact=settings.contact,
        base_url=settings.base_url,
        catalogue=load_catalogue(own=settings.texts_dir),
        is_working_day=swedish_working_days(frozenset(settings.closures)),
        reminder_rules=load_reminder_rules(),
        work_rules=load_work_rules(),
        permissions=load_permissions(),
        duty_rules=load_duty_rules(),
        alert_rules=load_alert_rules(),
        clocks=load_clocks(),
        about_person=load_about_person(lambda text: mask(text, finder.spans(text))),
        team_rules=load_team_rules(),
        categories=frozenset(category.code for category in load_taxonomy().offered),
        new_id=partial(secrets.token_urlsafe, 18),
        target_months=settings.target_months,
        draft_days=settings.draft_days,
        handover_hours=settings.handover_hours,
        nurse_email=settings.nurse_email,
        work_system=settings.work_system,
        reopen_days=settings.reopen_days,
        diary_pattern=settings.diary_pattern,
        staff_domains=settings.staff_domains,
        mail_address=settings.mail_address,
        senders=load_sender_rules(),
    )


def _secret(settings: Settings) -> str:
    """Return the signing key; in demo mode one is made and kept beside the database."""
    given = settings.secret_key.get_secret_value()
    if given or settings.mode != Mode.DEMO:
        return given
    path = settings.data_dir / "secret"
    try:
        # O_EXCL: of two processes that start together, one makes the key and both read it.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(32))
    return path.read_text(encoding="ascii")
