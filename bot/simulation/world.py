"""The simulated municipality: its clock, its days, and what happens in them.

Only people are simulated. Every report goes through the real dialogue, every mail through the real
Maildir and intake, every reminder through the real sweep, every message through the real outbox.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

from bot.app import Services, build_services
from bot.config import Settings
from bot.delivery import Channels, deliver_outbox
from bot.demo.loading import load_demo
from bot.mail.sources import MailSource
from bot.preparing import open_migrated
from bot.schedule import collect_mail, sweep
from bot.simulation.asides import Asides
from bot.simulation.behaviour import Habits
from bot.simulation.chat import CHANNEL, UnsteadyChat, open_chats, outages
from bot.simulation.colleagues import Colleagues
from bot.simulation.managers import Managers
from bot.simulation.people import Reporters
from bot.simulation.profiles import Profile, organisation_of
from bot.simulation.specialists import Specialists
from handlers.domain.deadline import STOCKHOLM
from handlers.ports import TextAnalyst
from nlp.corpus_file import CorpusText
from storage.organisation import replace_organisation

# When the day's sweeps run. Before eight and after five nothing may be sent.
SWEEPS = (time(6, 50), time(8, 5), time(12, 0), time(16, 50), time(19, 0))


class SimulatedClock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Tally:
    """What was meant to happen, to compare with what stands in the store afterwards."""

    receipts: list[str] = field(default_factory=list)  # the case numbers that reporters were given
    routed_on: int = 0  # matters of the work environment, which are no cases
    mails: int = 0  # later letters among them
    refused: Counter[str] = field(default_factory=Counter)  # what the product said no to, and why
    kept_out: int = 0  # tries to open a case by somebody who may not
    repeated: int = 0  # turns and mails that were delivered again on purpose
    reminders: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class World:
    profile: Profile
    habits: Habits
    first: date
    days: int
    chat: UnsteadyChat
    services: Services
    clock: SimulatedClock
    channels: Channels
    source: MailSource
    random: Random
    tally: Tally
    reporters: Reporters
    managers: Managers
    specialists: Specialists
    asides: Asides
    colleagues: Colleagues

    def live(self, on_day: Callable[[], None]) -> None:
        for number in range(self.days):
            self._day(self.first + timedelta(days=number))
            on_day()

    def _day(self, day: date) -> None:
        """One day: sweeps at their hours, reports and mails between, managers in the morning."""
        moments = [(self._moment(day, at), self._sweep) for at in SWEEPS]
        moments += [(at, self._report) for at in self._times(day, self.reporters.reports_a_day)]
        moments += [(at, self._mail) for at in self._times(day, self.reporters.mails_a_day)]
        moments += [(at, self._letter) for at in self._times(day, self.reporters.letters_a_day)]
        if self.services.municipality.is_working_day(day):
            moments.append((self._moment(day, time(9, 30)), self._managers_work))
        for at, happens in sorted(moments, key=lambda one: one[0]):
            self.clock.now = at
            happens()
            self._background()

    def _report(self) -> None:
        self.reporters.report(self)

    def _mail(self) -> None:
        self.reporters.mail(self)

    def _letter(self) -> None:
        self.reporters.letter(self)

    def _managers_work(self) -> None:
        with self.services.unit_of_work(read_only=True) as uow:
            cases = uow.cases.listed(None, open_only=True)
        self.specialists.work(self, cases)
        self.managers.work(self, cases)
        self.asides.work(self, cases)
        self.colleagues.work(self, cases)

    def _sweep(self) -> None:
        self.tally.reminders.update(sweep(self.services).reminders_by_rule)

    def _background(self) -> None:
        collect_mail(self.services, [self.source])
        deliver_outbox(self.services, self.channels)
        self.managers.answer_alerts(self)

    def _times(self, day: date, mean: float) -> list[datetime]:
        """Return moments at random hours, as many as a Poisson process with this mean gives."""
        count, passed = 0, self.random.expovariate(mean) if mean else 2.0
        while passed < 1.0:
            count += 1
            passed += self.random.expovariate(mean)
        return [self._moment(day, time(0)) + timedelta(seconds=s) for s in self._seconds(count)]

    def _seconds(self, count: int) -> list[int]:
        return [self.random.randrange(86_400) for _ in range(count)]

    @staticmethod
    def _moment(day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=STOCKHOLM).astimezone(UTC)


def build_world(
    folder: Path,
    seed: int,
    profile: Profile,
    *,
    first: date,
    days: int,
    texts: list[CorpusText],
    analyst: TextAnalyst,
) -> World:
    """Make an empty municipality in a folder of its own; real data is never near it."""
    from bot.serving import build_channels, build_sources

    settings = Settings(_env_file=None, data_dir=folder, secret_key="simulation-only-" + "0" * 32)
    open_migrated(settings).close()
    clock = SimulatedClock(datetime.combine(first, time(0), tzinfo=STOCKHOLM).astimezone(UTC))
    services = _with_ids_of(seed, build_services(settings, clock, analyst))
    load_demo(services)
    random = Random(seed)  # noqa: S311 - a simulation, not a secret
    [source] = build_sources(services)
    chat = _people_the(services, profile, first, days, random)
    habits = Habits(*profile.daily_chance, seed)
    return World(
        profile=profile,
        habits=habits,
        first=first,
        days=days,
        chat=chat,
        services=services,
        clock=clock,
        channels={**build_channels(services), CHANNEL: chat},
        source=source,
        random=random,
        tally=Tally(),
        reporters=Reporters(texts, random, profile),
        managers=Managers(random, habits, profile.after_reminder),
        specialists=Specialists(random),
        asides=Asides(random),
        colleagues=Colleagues(random),
    )


def _with_ids_of(seed: int, services: Services) -> Services:
    """Return the services with ids that a seed gives: what is sorted by id keeps its order."""
    ids = Random(f"ids of {seed}")  # noqa: S311 - a simulation, not a secret
    municipality = replace(services.municipality, new_id=lambda: f"{ids.getrandbits(128):032x}")
    return replace(services, municipality=municipality)


def _people_the(
    services: Services, profile: Profile, first: date, days: int, random: Random
) -> UnsteadyChat:
    """Put the profile's organisation in place, and return the chat that it is reached by."""
    now = services.clock()
    with services.unit_of_work() as uow:
        organisation = organisation_of(profile, uow.organisation, first, days, random)
        replace_organisation(uow.connection, organisation)
        open_chats(uow, organisation, profile.chat_share, now, random)
        uow.commit()
    return UnsteadyChat(services, tuple(outages(now, days, profile.outages_a_month, random)))
