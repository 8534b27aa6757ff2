"""Signs: what a text tells of that is counted over several cases, found by word lists alone."""

from dataclasses import dataclass
from pathlib import Path

from handlers.domain.sign import Sign
from nlp.serious import SeriousRules, load_rules

DEFAULT_SIGNS = Path(__file__).resolve().parent / "signs.toml"


@dataclass(frozen=True, slots=True)
class SignFinder:
    rules: SeriousRules

    def signs(self, text: str) -> tuple[str, ...]:
        """Return the signs of a text in the order of the file."""
        return tuple(dict.fromkeys(found.rule_id for found in self.rules.findings(text)))


def load_sign_finder(path: Path = DEFAULT_SIGNS) -> SignFinder:
    """Raise ConfigurationFault that names file and rule when the lists cannot be used."""
    return SignFinder(load_rules(path, frozenset(Sign)))
