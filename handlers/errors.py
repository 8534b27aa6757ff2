"""Every error that Lotsen raises on purpose, split by who must act.

LotsenError
├── UserFault               the person can put it right; carries a text key
│   ├── AnswerRejected      an answer in the dialogue
│   ├── GateNotMet          the case lacks what its next state needs
│   └── StaleVersion        somebody else changed the case meanwhile
├── NotAllowed              the person has no right to it; answered like "not found"
│   └── OfficeOver          it was the person's while an office lasted, and she may be told so
├── IllegalTransition       our mistake: a move that the table does not have
├── ConfigurationFault      the operator; names file and item
└── DeliveryError           the outside
    ├── TemporaryDeliveryError    try again later
    └── PermanentDeliveryError    never; somebody must be told
"""

from datetime import timedelta


class LotsenError(Exception):
    """The root; never raised itself."""


class UserFault(LotsenError):
    """Carries `key`, a key of the text catalogue, and the values that its text takes."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class AnswerRejected(UserFault):
    pass


class GateNotMet(UserFault):
    """`missing` lists the text keys of all that is missing, in the order of the case page."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__("gate.gate_not_met")
        self.missing = missing


class StaleVersion(UserFault):
    def __init__(self) -> None:
        super().__init__("fault.stale_version")


class NotAllowed(LotsenError):
    pass


class OfficeOver(NotAllowed):
    pass


class IllegalTransition(LotsenError):
    pass


class ConfigurationFault(LotsenError):
    """The sentence names the file and the item."""


class DeliveryError(LotsenError):
    pass


class TemporaryDeliveryError(DeliveryError):
    """`retry_after` is what the other side asked for, when it did."""

    def __init__(self, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class PermanentDeliveryError(DeliveryError):
    pass
