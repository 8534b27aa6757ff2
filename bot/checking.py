"""`lotsen check-config`: everything that is configuration, read once, with every fault named."""

from collections.abc import Callable
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from bot.app import build_municipality, mailboxes_of
from bot.channels.slack.settings import SlackSettings, load_slack_settings
from bot.channels.teams.settings import TeamsSettings, load_teams_settings
from bot.config import Settings, load_settings, unknown_names
from handlers.domain.category import load_taxonomy
from handlers.errors import ConfigurationFault
from handlers.forms.form import load_forms
from handlers.reminder_rules import load_reminder_rules
from handlers.texts import load_catalogue
from nlp.analyst import model_trouble
from storage.database import open_database


def faults() -> list[str]:
    """Return a sentence for each fault; an empty list says that Lotsen can start."""
    found = unknown_names(Settings, SlackSettings, TeamsSettings)
    found += _told_by(
        load_settings,
        load_forms,
        load_catalogue,
        load_taxonomy,
        load_slack_settings,
        load_teams_settings,
        _check_duties,
    )
    with suppress(ConfigurationFault):  # told already
        found += faults_of(load_settings())
    return list(dict.fromkeys(found))


def faults_of(settings: Settings) -> list[str]:
    """Return the faults in what the settings name: texts, mailboxes, database, model."""
    return _told_by(
        lambda: build_municipality(settings),
        lambda: mailboxes_of(settings),
        lambda: _check_database(settings),
        lambda: _check_model(settings),
    )


def _told_by(*checks: Callable[[], object]) -> list[str]:
    found = []
    for check in checks:
        try:
            check()
        except ConfigurationFault as fault:
            found.append(str(fault))
    return found


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


def _check_model(settings: Settings) -> None:
    """A model that is not made yet is no fault: `prepare` makes it."""
    if trouble := model_trouble(settings.model_dir):
        raise ConfigurationFault(
            f"{settings.model_dir}: språkmodellen går inte att använda ({trouble}). "
            "Lotsen sorterar då efter nyckelord, och bara reglerna larmar. "
            "Gör en ny med lotsen prepare, eller gå tillbaka med lotsen model rollback."
        )
