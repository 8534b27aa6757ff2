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
      | \bglöm(?:de|t|ska)\b
      | \bslarv\w*
      | \bouppmärksam\w*
      | \b(?:missade|misstag|tankspridd\w*|oaktsam\w*)\b
      | \bstress(?:ad|ade)?\s+person\w*
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


def is_person_only(text: str) -> bool:
    """Whether an explanation names a person's mistake, or nothing, and no circumstance."""
    return bool(_PERSON.search(text)) and not _SYSTEM.search(text)
