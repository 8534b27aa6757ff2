"""What a text tells of that weighs little once and much when it comes again, or must be hidden."""

from enum import StrEnum


class Sign(StrEnum):
    """Found by word lists (nlp/signs.toml); kept with the case, so that cases can be counted."""

    MISSED_DOSE = "missed_dose"
    INFECTION = "infection"
    VIOLENCE = "violence"
    DOCUMENTS = "documents"  # somebody asks for documents, which is handled at once (TF 2:16)
    MANAGER = "manager"  # the unit's manager is complained about
    MANAGER_ABOVE = "manager_above"  # so is the manager of the area
