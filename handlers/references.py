"""A number in somebody else's system: it goes out by mail, and says nothing about a person."""

import re

from handlers.municipality import Municipality

_NUMBER = re.compile(r"(?=.*\d)[\w/.: -]{1,60}")  # also with the name of a register before it


def is_number(reference: str, municipality: Municipality) -> bool:
    """Whether a text is a number or nothing, and neither a name nor anybody's personal number."""
    if not reference:
        return True
    return _NUMBER.fullmatch(reference) is not None and not municipality.about_person(reference)
