"""What the finder of personal data found, as the tests read it."""

from nlp.personal_data import PersonalDataFinder


def found_in(finder: PersonalDataFinder, text: str) -> list[tuple[str, str]]:
    """Return each piece with its label."""
    return [(text[span.start : span.end], span.label) for span in finder.spans(text)]
