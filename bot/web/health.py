"""Health for machines: /health/live says the process answers, /health/ready that work gets done.

The world hears yes or no. What is the matter is for an administrator who is logged in, and for
whoever asks on the machine itself.
"""

from datetime import timedelta
from ipaddress import ip_address

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from bot.app import Services
from bot.web.session import Session
from handlers.domain.deadline import local_date
from handlers.domain.people import Role
from handlers.nobody_there import nobody_there

STALE_AFTER = timedelta(minutes=15)
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


def build(services: Services) -> APIRouter:
    router = APIRouter()

    @router.get("/health/live")
    def live() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @router.get("/health/ready")
    def ready(request: Request) -> JSONResponse:
        """503 when a loop has not run, or something waits, for longer than a quarter of an hour."""
        stale, counts = _found(services)
        body: dict[str, object] = {"status": "stale" if stale else "ok"}
        if _is_local(request) or _is_administrator(services, request):
            body |= {"stale": stale, **counts}
        return JSONResponse(body, status_code=503 if stale else 200)

    return router


def _found(services: Services) -> tuple[list[str], dict[str, int]]:
    """Return the names of what does not get done, and the counts of what waits for people."""
    now = services.clock()
    with services.unit_of_work(read_only=True) as uow:
        beats = uow.heartbeats.all()
        waiting = {
            "inbox": uow.inbox.oldest_waiting_at(),
            "outbox": uow.outbox.oldest_pending_at(),
        }
        counts = {
            "dead_letters": len(uow.outbox.dead()),
            "failed_mail": len(uow.inbox.in_state("failed")),
            "unacknowledged_alerts": len(uow.alerts.unacknowledged()),
        }
        nobody = nobody_there(uow, now)
    counts["alerts_with_nobody_there"] = nobody.alerts if nobody else 0
    counts["cases_with_nobody_there"] = nobody.cases if nobody else 0
    stale = [name for name, (at, fault) in beats.items() if abs(now - at) > STALE_AFTER or fault]
    stale += [name for name, at in waiting.items() if at and now - at > STALE_AFTER]
    return sorted(stale), counts


def _is_local(request: Request) -> bool:
    """Whether somebody on the machine asks: a proxy there states the world's name or address."""
    passed_on = any(name in request.headers for name in _FORWARDED)
    hosts = (request.client.host if request.client else "", request.url.hostname or "")
    return not passed_on and all(_is_loopback(host) for host in hosts)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_administrator(services: Services, request: Request) -> bool:
    person_id = Session(services, request).person_id
    if not person_id:
        return False
    with services.unit_of_work(read_only=True) as uow:
        organisation = uow.organisation
    return organisation.has_role(person_id, Role.ADMINISTRATOR, local_date(services.clock()))
