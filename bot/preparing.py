"""Making ready: migrated database, trained model, demo people."""

from pathlib import Path

from alembic.util.exc import CommandError
from sqlalchemy.exc import OperationalError

from bot.app import build_services
from bot.config import Mode, Settings
from bot.demo.loading import load_demo
from bot.mail.maildir import make_maildir
from handlers.errors import ConfigurationFault
from nlp import model_store
from nlp.corpus_file import TRAINING_CORPUS
from storage.database import Database, open_database
from storage.migrate import migrate


def open_migrated(settings: Settings) -> Database:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.url_of_database)
    try:
        migrate(database)
    except OperationalError as error:
        raise ConfigurationFault(
            f"LOTSEN_DATABASE_URL: databasen svarar inte ({type(error.orig).__name__})."
        ) from error
    except CommandError as error:
        raise ConfigurationFault(
            "LOTSEN_DATABASE_URL: databasen hör till en nyare utgåva av Lotsen än den här."
        ) from error
    return database


def prepare(settings: Settings) -> None:
    """Do everything that a first start needs; quick when it is done already."""
    open_migrated(settings).close()
    if model_store.current_version(settings.model_dir) is None:
        train_with_bar(settings.model_dir)
    if settings.mode == Mode.DEMO:
        services = build_services(settings)
        load_demo(services)
        make_maildir(settings.inbox_maildir)
        make_maildir(settings.sent_maildir)
        services.database.close()


def train_with_bar(model_dir: Path) -> None:
    from bot.commands.language import train_showing_progress

    train_showing_progress(TRAINING_CORPUS, model_dir, seed=7)
