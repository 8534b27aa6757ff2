"""Health for machines: /health/live says the process answers, /health/ready that work gets done."""

from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from bot.app import Services

STALE_AFTER = timedelta(minutes=15)


def build(services: Services) -> APIRouter:
    router = APIRouter()

    @router.get("/health/live")
    def live() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @router.get("/health/ready")
    def ready() -> JSONResponse:
        """503 when a loop has not run, or something waits, for longer than a quarter of an hour."""
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
        stale = [name for name, (at, fault) in beats.items() if now - at > STALE_AFTER or fault]
        stale += [name for name, at in waiting.items() if at and now - at > STALE_AFTER]
        body = {"status": "stale" if stale else "ok", "stale": sorted(stale), **counts}
        return JSONResponse(body, status_code=503 if stale else 200)

    return router
