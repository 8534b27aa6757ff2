"""Explanations that stop at a person. They are answered with five whys, not refused."""

import re

MOST_WHYS = 5

# The words that managers' own notes use when nobody has looked further: of 4,706 reports most
# stood with "mänsklig faktor" or "ingen känd orsak" (patient safety report 2022).
_PERSON = re.compile(
    r"""\b(?:den\s+)?mänsk?l(?:ig|iga)\s+fakt(?:or|orn|orer)\b
      | \bhuman\s+(?:factor|error)\b
      | \bmänskligt\s+(?:fel|misstag)\b
      | \b(?:ingen|inte\s+någon|okänd)\s+(?:känd\s+)?orsak\b
      | \borsak(?:en)?\s+(?:är\s+)?okänd\b
      | \bvet\s+(?:ej|inte)\b
      | \b(?:handhavande\w*|(?:gjorde|gjort|göra)\s+fel|felbedöm\w*|bristande\s+uppmärksamhet)\b
      | \bglöm(?:de|t|ska)\b
      | \bslarv\w*
      | \bouppmärksam\w*
      | \b(?:missade|misstag|tankspridd\w*|oaktsam\w*)\b
      | \bstress(?:ad|ade|en|ig)?\b
    """,
    re.IGNORECASE | re.VERBOSE,
)

# Words that reach the circumstances: with one of them the text says more than who.
_SYSTEM = re.compile(
    r"""\b(?:rutin|rutiner|rutinen|signer\w*|signeringslist\w*|instruktion\w*|introduktion\w*
      | utbildning\w*|bemanning\w*|vikarie\w*|schema\w*|system\w*|larm\w*|hjälpmed\w*|överlämn\w*
      | överrapport\w*|rapporter\w*|dokument\w*|information\w*|delegering\w*|lokal\w*|belysning\w*
      | förpackning\w*|etikett\w*|märkning\w*|avbrott\w*|arbetsbelastning\w*|telefon\w*|checklist\w*
      | kommunikation\w*|språk\w*|journal\w*|planering\w*|kontroll\w*|tid|tiden|tidsbrist\w*)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


# What somebody forgot or did carelessly is part of the mistake, not a circumstance: "forgot to
# sign" names no routine. Up to two words, but none that begins a reason.
_OBJECT = r"(?:\s+(?!för\b|eftersom\b|därför\b|då\b|när\b|men\b)\w+){0,2}"
_MISTAKE = re.compile(rf"(?:{_PERSON.pattern}){_OBJECT}", re.IGNORECASE | re.VERBOSE)

_FEWEST_LETTERS = 4


def is_person_only(text: str) -> bool:
    """Whether an explanation names a person's mistake, or nothing, and no circumstance."""
    return bool(_PERSON.search(text)) and not _SYSTEM.search(_MISTAKE.sub(" ", text))


def says_nothing(text: str) -> bool:
    """Whether there is no word in an explanation: a full stop, a dash, an x."""
    return sum(letter.isalpha() for letter in text) < _FEWEST_LETTERS
