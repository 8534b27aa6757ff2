"""When the background work runs. APScheduler only ticks; what is due stands in the database."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from bot.app import Services
from bot.collecting import Collecting
from bot.collecting import collect_mail as collect_mail
from bot.delivery import Channels, deliver_outbox
from handlers import advice, alert_watch, alerts, duties, exchanges, reminders, series

MAIL = "mail"  # the loop that fetches


def sweep(services: Services) -> reminders.Sweep:
    """Make due tasks, queue due reminders, send unanswered alerts on, erase what is due.

    One process at a time: the others find the work done when their turn comes.
    """
    now = services.clock()
    with services.unit_of_work() as uow:
        if not uow.ledger.take_turn():
            return reminders.Sweep()
        duties.make_due_tasks(uow, now, services.municipality)
        done = reminders.queue_due_reminders(uow, now, services.municipality)
        series.queue_due_series(uow, now, services.municipality)
        alerts.escalate_due(uow, now, services.municipality)
        advice.ask_on(uow, now, services.municipality)
        alert_watch.queue_due_watches(uow, now, services.municipality)
        exchanges.queue_due_chasers(uow, now, services.municipality)
        uow.erase_due(now)
        uow.blur_anonymous()
        uow.commit()
    return done


def beat(services: Services, name: str, fault: str = "") -> None:
    with services.unit_of_work() as uow:
        uow.heartbeats.beat(name, services.clock(), fault)
        uow.commit()


def start_scheduler(
    services: Services, channels: Channels, collecting: Collecting
) -> BackgroundScheduler:
    """Start the ticking threads; the caller shuts them down.

    Every channel has a thread of its own: a chat that hangs keeps no alert from going by mail.
    """
    settings = services.settings
    scheduler = BackgroundScheduler(
        timezone="UTC", executors={"default": ThreadPoolExecutor(len(channels) + 2)}
    )
    jobs: list[tuple[str, Callable[[], object], float]] = [
        (MAIL, collecting.round, settings.worker_seconds),
        ("sweep", lambda: sweep(services), settings.sweep_seconds),
    ]
    for name, channel in channels.items():
        send = partial(deliver_outbox, services, {name: channel})
        jobs.append(("outbox", send, settings.worker_seconds))
    for name, work, seconds in jobs:
        scheduler.add_job(
            lambda name=name, work=work: tick(services, name, work),
            "interval",
            seconds=seconds,
            next_run_time=services.clock() + timedelta(seconds=0.2),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,  # a late tick is still a tick
        )
    scheduler.start()
    return scheduler


def tick(services: Services, name: str, work: Callable[[], object]) -> None:
    """Run one piece of background work and note that it ran, or that it failed."""
    fault = ""
    try:
        work()
    except Exception as error:  # noqa: BLE001 - one of the two outer loops: the next tick must come
        fault = type(error).__name__
        structlog.get_logger().error("tick failed", event_name=name, error=fault)
    beat(services, name, fault)
