"""What a tap, a submission or a typed text says to the dialogue."""

from bot.channels.slack import turns
from bot.channels.slack.deliveries import TEXT, Delivery, Kind
from handlers.dialogue.answers import understood
from handlers.dialogue.state import Command, UserInput

WORDS_OF_STORY = 4  # fewer are a greeting, or a word of no meaning here


def is_short(delivery: Delivery) -> bool:
    """Whether words that nobody asked for are too few to be what has happened."""
    return len(delivery.text.split()) < WORDS_OF_STORY and not command_of(delivery.text)


def command_of(text: str) -> Command:
    """Return what a text asks for, when it is one of the dialogue's own words."""
    return understood(UserInput(text=text), at_summary=False).command


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
