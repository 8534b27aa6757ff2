"""Harm and who was told, as people write it; what is denied or about others is no sign."""

import pytest

from handlers.dialogue.story import load_story_reader
from tests.clock import T0

READER = load_story_reader()


def read(text: str, language: str = "sv"):
    return READER.read(text, (), T0, language)


@pytest.mark.parametrize(
    ("text", "harm"),
    [
        ("The neighbour's dog bit a resident yesterday, it was a small wound", "mild"),
        ("She is an 82 yr old lady and the alarm did not work", ""),
        ("We had to make sure that she was fine", "nobody"),
        ("The resident died on the way to the hospital", "death"),
        ("Maken dog förra året. Hon glömde sin medicin i dag", ""),
        ("Hennes make har avlidit och hon är ensam", ""),
        ("Han dog för tre år sedan, nu är det hustrun som är sjuk", ""),
        ("Larmet var död i natt", ""),
        ("hunden dog och hon glömde äta", ""),
        ("Sonen hittade henne död i sängen", "death"),
        ("Hon dog i morse", "death"),
        ("Personen avled på akuten", "death"),
    ],
)
@pytest.mark.parametrize("spoken", ["sv", "en"])
def test_death_is_read_in_the_texts_own_language_and_only_of_the_person(
    text: str, harm: str, spoken: str
):
    assert read(text, spoken).harm == harm


@pytest.mark.parametrize(
    ("text", "harm"),
    [
        ("Hon blödde inte", ""),
        ("hon hade ont i armen, inte i benet", "mild"),
        ("ledsen att jag skriver sent, ingen skada", "nobody"),
        ("Hon var ledsen hela dagen", "mild"),
        ("Jag är orolig för att larmet inte hörs", ""),
        ("ringde ambulans men hon behövde inte åka", ""),
        ("ambulansen behövdes inte, hon fick ett blåmärke", "mild"),
        ("ambulans kom och hon fick åka med", "hospital"),
        ("Hon kom hem från sjukhuset utan lista", ""),
        ("she was not in pain", ""),
        ("we called an ambulance but it was not needed", ""),
    ],
)
def test_harm_that_is_denied_before_or_after_is_none(text: str, harm: str):
    assert read(text).harm == harm


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Dottern fick veta", "relative"),
        ("Anhöriga vet om det", "relative"),
        ("jag sa till sjuksköterskan", "nurse"),
        ("ssk kontaktad, dottern uppringd", "both"),
        ("vi ringde sköterskan och berättade det för maken", "both"),
        ("Sonen ringde och klagade", ""),
        ("Sonen ringde sjuksköterskan", "nurse"),
        ("Sjuksköterskan ringde aldrig", ""),
        ("vi försökte ringa dottern", ""),
        ("vi ringde dottern men hon svarade inte", ""),
        ("vi ska informera sonen i morgon", ""),
        ("Ingen ringde sjuksköterskan", ""),
        ("Dottern vet inget", ""),
        ("Dottern har inte fått veta", ""),
        ("hon blödde inte vi ringde sköterskan", "nurse"),
        ("We told the nurse and the daughter knows", "both"),
        ("The nurse called us", ""),
        ("We had to make sure and called the office", ""),
        ("The son was not informed", ""),
    ],
)
def test_who_was_told_is_who_heard_of_it_and_not_who_called(text: str, told: str):
    assert read(text).told == told
