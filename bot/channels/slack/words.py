"""What a tap, a submission or a typed text says to the dialogue."""

from bot.channels.slack import turns
from bot.channels.slack.deliveries import TEXT, Delivery, Kind
from handlers.dialogue.state import Command, UserInput


def said_in(delivery: Delivery) -> UserInput:
    """Return what a tap or a submission says."""
    if delivery.kind == Kind.SUBMISSION:
        if TEXT in delivery.answers:
            return UserInput(text=delivery.answers[TEXT])
        return UserInput(command=Command.SUBMIT)
    prefix, _, value = delivery.value.partition(":")
    match f"{prefix}:":
        case turns.CHOICE:  # with the words that were typed beside it
            return UserInput(choice=value, text=delivery.answers.get(TEXT, ""))
        case turns.COMMANDED:
            return _command(value)
        case turns.CHANGED:
            return UserInput(command=Command.CHANGE, choice=value)
        case _:
            return UserInput()


def _command(value: str) -> UserInput:
    known = {command.value for command in Command} - {Command.SUGGESTED.value}
    return UserInput(command=Command(value)) if value in known else UserInput()
