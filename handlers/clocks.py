"""The clocks of complaints, side tracks, other organisations and answers, from clocks.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from handlers.case_records import PartyKind
from handlers.domain.case import CaseKind
from handlers.domain.deadline import IsWorkingDay, add_working_days
from handlers.domain.moves import Machine, MariaStep, ProviderStep, SarahStep
from handlers.errors import ConfigurationFault

_STEPS: dict[Machine, type[MariaStep | SarahStep | ProviderStep]] = {
    Machine.LEX_MARIA: MariaStep,
    Machine.LEX_SARAH: SarahStep,
    Machine.LEX_SARAH_PROVIDER: ProviderStep,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class KindClock:
    """Working days from the day of receipt; None: no such clock."""

    confirm_working_days: int | None = None
    answer_working_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeClock:
    answer_days: int
    chase_every_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPageClock:
    open_days: int
    code_minutes: int
    code_days: int
    code_attempts: int
    codes_a_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    kinds: Mapping[CaseKind, KindClock]
    steps: Mapping[tuple[Machine, str], int]  # working days
    exchanges: Mapping[PartyKind, ExchangeClock]
    answer_page: AnswerPageClock
    effect_days: int

    def confirm_on(
        self, kind: CaseKind, received_on: date, is_working_day: IsWorkingDay
    ) -> date | None:
        days = self.kinds.get(kind, KindClock()).confirm_working_days
        return None if days is None else add_working_days(received_on, days, is_working_day)

    def answer_on(
        self, kind: CaseKind, received_on: date, is_working_day: IsWorkingDay
    ) -> date | None:
        days = self.kinds.get(kind, KindClock()).answer_working_days
        return None if days is None else add_working_days(received_on, days, is_working_day)

    def step_due_on(
        self, machine: Machine, step: str, since: date, is_working_day: IsWorkingDay
    ) -> date | None:
        days = self.steps.get((machine, step))
        return None if days is None else add_working_days(since, days, is_working_day)

    def exchange_due_on(self, party: PartyKind, sent_on: date) -> date:
        return sent_on + timedelta(days=self.exchanges[party].answer_days)


def load_clocks(folder: Path | None = None) -> Clocks:
    """Raise ConfigurationFault with file and item when a clock cannot be used."""
    path = (folder or Path(__file__).parent) / "clocks.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return _clocks(data)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationFault(f"{path.name}: kan inte läsas: {error}") from error
    except KeyError as error:
        raise ConfigurationFault(f"{path.name}: {error.args[0]} saknas") from error
    except (TypeError, ValueError) as error:
        raise ConfigurationFault(f"{path.name}: {error}") from error


def _clocks(data: Mapping[str, Any]) -> Clocks:
    kinds = {kind: KindClock(**data[kind]) for kind in CaseKind if kind in data}
    steps = {
        (machine, step(name)): _days(days, f"{machine}.{name}")
        for machine, step in _STEPS.items()
        for name, days in data.get(machine, {}).items()
    }
    return Clocks(
        kinds=kinds,
        steps={(machine, str(step)): days for (machine, step), days in steps.items()},
        exchanges={kind: ExchangeClock(**data["exchange"][kind]) for kind in PartyKind},
        answer_page=AnswerPageClock(**data["answer_page"]),
        effect_days=_days(data["effect"]["check_after_days"], "effect.check_after_days"),
    )


def _days(value: object, item: str) -> int:
    if not isinstance(value, int) or not 0 < value < 1000:
        raise ValueError(f"{item}: ska vara ett antal dagar")
    return value
