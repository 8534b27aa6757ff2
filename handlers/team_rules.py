"""Who is asked into a case by its category, read from team_rules.toml."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from handlers.case_records import Profession
from handlers.errors import ConfigurationFault

TeamRules = Mapping[str, tuple[Profession, ...]]  # category code -> professions


def load_team_rules(folder: Path | None = None) -> TeamRules:
    path = (folder or Path(__file__).parent) / "team_rules.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationFault(f"{path.name}: kan inte läsas: {error}") from error
    found: dict[str, tuple[Profession, ...]] = {}
    for number, rule in enumerate(data.get("rule", ()), start=1):
        where = f"{path.name}: rule {number}"
        try:
            invited = tuple(Profession(one) for one in rule["invite"])
            found |= dict.fromkeys(rule["categories"], invited)
        except KeyError as error:
            raise ConfigurationFault(f"{where}: {error.args[0]} saknas") from error
        except (TypeError, ValueError) as error:
            raise ConfigurationFault(f"{where}: {error}") from error
    return found
