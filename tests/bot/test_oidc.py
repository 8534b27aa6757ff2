"""Login at a real OpenID Connect provider: who gets in, who does not, and when it ends."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from fastapi.testclient import TestClient

from bot.app import build_services
from bot.config import Settings, load_settings
from bot.demo.loading import load_demo
from bot.preparing import open_migrated
from bot.web.app import create_app
from handlers.domain.people import Validity
from handlers.errors import ConfigurationFault
from storage.organisation import replace_organisation
from tests.bot.identity_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    LocalProvider,
    running_provider,
)
from tests.clock import T0, SetClock
from tests.lotskoping import ERIK, MARIA, Lotskoping

MARIAS_ADDRESS = "maria-lindqvall@lotskoping.example"


@dataclass(slots=True)
class Door:
    """A browser in front of a Lotsen that trusts the local provider."""

    lotskoping: Lotskoping
    provider: LocalProvider
    browser: TestClient

    def leave(self, onward: str = "/arenden") -> str:
        """Go to the login page; return where the browser is sent."""
        answer = self.browser.get(f"/logga-in?vidare={onward}")
        assert answer.status_code == 303
        return answer.headers["location"]

    def choose(self, address: str) -> str:
        """Choose an account at the provider; return the path back to us."""
        provider = requests.Session()
        provider.trust_env = False
        back = provider.get(
            address, verify=str(self.provider.ca_file), allow_redirects=False, timeout=5
        )
        return back.headers["Location"].removeprefix("http://testserver")

    def log_in(self, user: str = MARIAS_ADDRESS, onward: str = "/arenden") -> tuple[int, str]:
        self.provider.user = user
        answer = self.browser.get(self.choose(self.leave(onward)))
        return answer.status_code, answer.headers.get("location", "")

    def is_inside(self) -> bool:
        return self.browser.get("/arenden").status_code == 200


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    with running_provider(tmp_path, T0) as provider:
        settings = Settings(
            _env_file=None,
            data_dir=tmp_path,
            base_url="http://testserver",
            oidc_issuer=provider.issuer,
            oidc_client_id=CLIENT_ID,
            oidc_client_secret=CLIENT_SECRET,
            oidc_ca_file=provider.ca_file,
        )
        open_migrated(settings).close()
        clock = SetClock()
        services = build_services(settings, clock)
        load_demo(services)
        browser = TestClient(create_app(services), follow_redirects=False)
        with browser:
            yield Door(Lotskoping(services, clock), provider, browser)
        services.database.close()


def refused(door: Door, user: str = MARIAS_ADDRESS) -> bool:
    status, _ = door.log_in(user)
    return status == 422 and not door.is_inside()


def test_somebody_with_an_assignment_gets_in_and_comes_where_they_were_going(door: Door):
    assert door.log_in(onward="/larm") == (303, "/larm")
    assert door.is_inside()


def test_the_address_may_be_written_in_capitals(door: Door):
    assert door.log_in(MARIAS_ADDRESS.upper())[0] == 303


def test_the_login_leads_to_no_other_site(door: Door):
    assert door.log_in(onward="//evil.example/x") == (303, "/arenden")


def test_there_is_no_demo_login_beside_the_real_one(door: Door):
    answer = door.browser.post("/logga-in", data={"person_id": MARIA})
    assert answer.status_code == 405
    assert not door.is_inside()


def test_somebody_without_an_assignment_is_told_so(door: Door):
    assert refused(door, "okand@lotskoping.example")


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example/kommunen"},
        {"aud": "another-system"},
        {"aud": [CLIENT_ID, "another-system"]},
        {"nonce": "of-another-login"},
        {"nonce": None},
        {"exp": int((T0 - timedelta(minutes=5)).timestamp())},
        {"exp": None},
        {"exp": "soon"},
        {"nbf": int((T0 + timedelta(minutes=5)).timestamp())},
        {"preferred_username": None},
        {"preferred_username": ["maria"]},
    ],
    ids=str,
)
def test_an_id_token_that_is_not_ours_or_not_now_is_refused(door: Door, claims: dict[str, object]):
    door.provider.claims = claims
    assert refused(door)


def test_an_answer_with_another_state_is_refused(door: Door):
    door.provider.user = MARIAS_ADDRESS
    back = door.choose(door.leave())
    assert door.browser.get(back.replace("state=", "state=x")).status_code == 422
    assert not door.is_inside()


def test_an_answer_works_once(door: Door):
    door.provider.user = MARIAS_ADDRESS
    back = door.choose(door.leave())
    cookies = dict(door.browser.cookies)
    assert door.browser.get(back).status_code == 303
    door.browser.post("/logga-ut")
    door.browser.cookies.update(cookies)
    assert door.browser.get(back).status_code == 422


def test_an_answer_in_another_browser_is_refused(door: Door):
    """Else somebody could be lured into working as somebody else."""
    door.provider.user = MARIAS_ADDRESS
    back = door.choose(door.leave())
    door.browser.cookies.clear()
    assert door.browser.get(back).status_code == 422
    assert not door.is_inside()


def test_an_answer_after_a_quarter_of_an_hour_is_refused(door: Door):
    door.provider.user = MARIAS_ADDRESS
    back = door.choose(door.leave())
    door.lotskoping.clock.advance(minutes=16)
    assert door.browser.get(back).status_code == 422


def test_a_person_who_says_no_at_the_provider_is_not_let_in(door: Door):
    door.provider.denied = True
    assert refused(door)


def test_a_wrong_client_secret_lets_nobody_in(door: Door):
    door.provider.client_secret = "changed at the provider"
    assert refused(door)


def test_a_provider_that_does_not_answer_is_said_so_and_works_when_it_is_back(tmp_path: Path):
    settings = Settings(
        _env_file=None,
        data_dir=tmp_path,
        oidc_issuer="https://127.0.0.1:9/kommunen",
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
    )
    open_migrated(settings).close()
    services = build_services(settings, SetClock())
    with TestClient(create_app(services), follow_redirects=False) as browser:
        answer = browser.get("/logga-in")
    services.database.close()
    assert answer.status_code == 422
    assert "svarar inte" in answer.text


def test_a_login_ends_at_once_when_the_assignment_ends(door: Door):
    door.log_in()
    assert door.is_inside()
    with door.lotskoping.unit_of_work() as uow:
        organisation = uow.organisation
        yesterday = Validity(first_on=T0.date() - timedelta(days=9), last_on=T0.date())
        ended = tuple(
            replace(a, valid=yesterday) if a.person_id == MARIA else a
            for a in organisation.assignments
        )
        replace_organisation(uow.connection, replace(organisation, assignments=ended))
        uow.commit()
    assert door.is_inside()  # the last day is worked
    door.lotskoping.clock.advance(hours=16)
    assert not door.is_inside()


def test_a_login_ends_after_twelve_hours_and_after_two_without_use(door: Door):
    door.log_in()
    for _ in range(7):
        door.lotskoping.clock.advance(hours=1.6)
        assert door.is_inside()
    door.lotskoping.clock.advance(hours=1)
    assert not door.is_inside()
    door.provider.now = door.lotskoping.clock()
    door.log_in()
    door.lotskoping.clock.advance(hours=2.1)
    assert not door.is_inside()


def test_logging_out_ends_the_session_even_for_who_has_kept_the_cookie(door: Door):
    door.log_in()
    kept = dict(door.browser.cookies)
    door.browser.post("/logga-ut")
    door.browser.cookies.update(kept)
    assert not door.is_inside()


def test_logging_out_leads_on_to_the_providers_own_logout(door: Door):
    door.log_in()
    left = door.browser.post("/logga-ut")
    assert left.headers["location"] == "/utloggad"
    page = door.browser.get("/utloggad").text
    back = "post_logout_redirect_uri=http%3A%2F%2Ftestserver%2F"
    address = f"{door.provider.issuer}/logout?client_id={CLIENT_ID}&amp;{back}"
    assert f'content="0; url={address}"' in page
    assert f'href="{address}"' in page
    assert not door.is_inside()


def test_a_provider_without_a_logout_of_its_own_leaves_us_logged_out(door: Door):
    door.provider.has_logout = False
    door.log_in()
    door.browser.post("/logga-ut")
    page = door.browser.get("/utloggad").text
    assert "Du är utloggad" in page
    assert "http-equiv" not in page
    assert not door.is_inside()


def test_logins_and_refusals_are_kept_in_the_log(door: Door):
    door.log_in()
    door.log_in("okand@lotskoping.example")
    with door.lotskoping.unit_of_work() as uow:
        kept = uow.audit.between(T0 - timedelta(days=1), T0 + timedelta(days=1))
    assert [(e.kind, e.actor_id) for e in kept] == [("logged_in", MARIA), ("login_refused", "")]


def test_two_people_with_one_address_are_both_refused(door: Door):
    with door.lotskoping.unit_of_work() as uow:
        organisation = uow.organisation
        people = tuple(
            replace(p, email=MARIAS_ADDRESS) if p.id == ERIK else p for p in organisation.people
        )
        replace_organisation(uow.connection, replace(organisation, people=people))
        uow.commit()
    assert refused(door)


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"mode": "live", "secret_key": "x" * 32}, "OIDC_ISSUER"),
        ({"oidc_issuer": "http://provider.example"}, "https"),
        ({"oidc_issuer": "https://provider.example"}, "OIDC_CLIENT_ID"),
    ],
)
def test_settings_that_would_let_nobody_or_anybody_in_are_refused(
    given: dict[str, object], fault: str
):
    with pytest.raises(ConfigurationFault, match=fault):
        load_settings(_env_file=None, **given)
