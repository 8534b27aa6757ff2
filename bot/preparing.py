"""Making ready: migrated database, trained model, demo people."""

from functools import partial

import structlog
from alembic.util.exc import CommandError
from sqlalchemy.exc import OperationalError

from bot.app import Services, build_services
from bot.commands.language import train_showing_progress
from bot.config import Mode, Settings
from bot.demo.loading import load_demo
from bot.mail.maildir import make_maildir
from handlers.errors import ConfigurationFault
from nlp.analyst import load_analyst
from nlp.corpus_file import TRAINING_CORPUS
from storage.database import Database, open_database
from storage.migrate import migrate

SEED = 7


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


def prepare(settings: Settings) -> Services:
    """Do everything that a first start needs and return what is ready to run.

    Quick when it is done already. A model that is missing, or made by another version of Lotsen,
    is trained; where there is no room for one, keywords and rules go on without it.
    """
    open_migrated(settings).close()
    load = partial(load_analyst, settings.model_dir, model_seconds=settings.model_seconds)
    analyst = load()
    if analyst.model is None:
        try:
            train_showing_progress(TRAINING_CORPUS, settings.model_dir, seed=SEED)
        except OSError as error:  # such as a full disk, which may be what broke the last one
            log = structlog.get_logger()
            log.error("no model could be made; keywords go on", error=type(error).__name__)
        analyst = load()
    analyst.analyse("")  # its dictionary loads at the first use; nobody should wait for it later
    services = build_services(settings, analyst=analyst)
    if settings.mode == Mode.DEMO:
        load_demo(services)
        make_maildir(settings.inbox_maildir)
        make_maildir(settings.sent_maildir)
    return services
