"""Reply tokens: they open the case they were made for and no other."""

import secrets

from hypothesis import example, given
from hypothesis import strategies as st

from bot.mail.tokens import find_case_id, make_token

SECRET = "s" * 40
CASE_IDS = st.one_of(
    st.binary(min_size=8, max_size=24).map(lambda data: secrets.token_urlsafe(len(data))),
    st.from_regex(r"[A-Za-z0-9_.-]{5,40}", fullmatch=True),
)


@given(case_id=CASE_IDS)
def test_a_token_opens_the_case_it_was_made_for(case_id: str) -> None:
    token = make_token(case_id, SECRET)

    assert find_case_id([f"synpunkter+{token}@lotskoping.example"], SECRET) == case_id
    assert find_case_id(["other", f"lotsen.00ff.{token}@lotskoping.example"], SECRET) == case_id


@given(case_id=CASE_IDS)
@example(case_id="00000g")  # the shortest: four bytes
def test_a_token_survives_a_server_that_changes_the_case_of_letters(case_id: str) -> None:
    token = make_token(case_id, SECRET)

    assert token == token.lower()
    assert find_case_id([token.upper()], SECRET) == case_id


@given(case_id=CASE_IDS, at=st.integers(min_value=0, max_value=200), letter=st.sampled_from("a2z7"))
def test_a_changed_token_opens_nothing_else(case_id: str, at: int, letter: str) -> None:
    token = make_token(case_id, SECRET)
    at %= len(token)
    changed = token[:at] + letter + token[at + 1 :]

    assert find_case_id([changed], SECRET) in {"", case_id}


def test_a_token_of_another_installation_opens_nothing() -> None:
    assert find_case_id([make_token("abcdefghij", "another secret")], SECRET) == ""


def test_an_address_with_a_token_keeps_within_the_limit_of_mail_servers() -> None:
    token = make_token(secrets.token_urlsafe(18), SECRET)

    assert len(f"synpunkter+{token}") <= 64


@given(text=st.text(max_size=300))
def test_any_text_is_searched_without_an_error(text: str) -> None:
    assert find_case_id([text], SECRET) == ""
