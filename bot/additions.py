"""The link in a receipt: the same dialogue, for what a case still lacks, without logging in."""

from datetime import timedelta

from itsdangerous import BadSignature, URLSafeSerializer

from bot.app import Services
from handlers.domain.deadline import local_date

OPEN_FOR = timedelta(days=60)
PATH = "/komplettera"


def addition_link(services: Services, case_id: str) -> str:
    """Return an address that lets its holder add to one case, and read nothing of it."""
    today = local_date(services.clock()).toordinal()
    return f"{services.settings.base_url}{PATH}/{_signer(services).dumps([case_id, today])}"


def case_of_link(services: Services, token: str) -> str:
    """Return the case's id; empty when the link is not ours or too old."""
    try:
        case_id, day = _signer(services).loads(token)
    except (BadSignature, ValueError, TypeError):
        return ""
    today = local_date(services.clock()).toordinal()
    return str(case_id) if 0 <= today - int(day) <= OPEN_FOR.days else ""


def _signer(services: Services) -> URLSafeSerializer:
    return URLSafeSerializer(services.secret, salt="addition")
