"""`lotsen check-config`: everything that is configuration, read once, with every fault named."""

from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError

from bot.app import build_municipality, mailboxes_of
from bot.channels.slack.settings import load_slack_settings
from bot.channels.teams.settings import load_teams_settings
from bot.config import Settings
from handlers.domain.category import load_taxonomy
from handlers.errors import ConfigurationFault
from handlers.forms.form import load_forms
from handlers.reminder_rules import load_reminder_rules
from handlers.texts import load_catalogue
from storage.database import open_database


def faults_of(settings: Settings) -> list[str]:
    """Return a sentence for each fault; an empty list says that Lotsen can start."""
    checks: tuple[Callable[[], object], ...] = (
        load_forms,
        load_catalogue,
        load_taxonomy,
        load_slack_settings,
        load_teams_settings,
        lambda: build_municipality(settings),
        lambda: mailboxes_of(settings),
        _check_duties,
        lambda: _check_database(settings),
    )
    faults = []
    for check in checks:
        try:
            check()
        except ConfigurationFault as fault:
            faults.append(str(fault))
    return list(dict.fromkeys(faults))


def _check_duties() -> None:
    catalogue = load_catalogue()
    for rule in load_reminder_rules():
        if not catalogue.has(f"duty.{rule.duty}"):
            raise ConfigurationFault(
                f"reminder_rules.toml: rule {rule.id}: duty {rule.duty} saknar text"
            )


def _check_database(settings: Settings) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        database = open_database(settings.url_of_database)
        with database.reading() as connection:
            connection.exec_driver_sql("SELECT 1")
        database.close()
    except (SQLAlchemyError, ImportError) as error:
        raise ConfigurationFault(
            f"miljön eller .env: LOTSEN_DATABASE_URL: databasen kan inte öppnas "
            f"({type(error).__name__})"
        ) from error
