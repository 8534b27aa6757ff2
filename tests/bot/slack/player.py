"""Plays a script of tests/transcripts/ in Slack: taps where there is a button, writes in windows.

What a window has no place for is typed in the private conversation, as people do.
"""

from dataclasses import dataclass

from bot.channels.slack import turns
from tests.bot.slack.fake_slack import Json
from tests.bot.slack.slack_user import SlackUser
from tests.bot.slack.stage import Stage
from tests.scenarios import Script

WRITE, MORE = "skriv svaret", "något annat …"
# What is written after /avvikelse to begin in another form.
WORDS = {
    "deviation": "",
    "risk": "risk",
    "misconduct": "lex Sarah",
    "passed_on": "lämna vidare en synpunkt",
    "suggestion": "förslag eller beröm",
    "complaint": "synpunkt",
}


@dataclass(slots=True)
class Player:
    stage: Stage
    someone: SlackUser

    def play(self, script: Script) -> None:
        self.someone.command(WORDS[script.form_id])
        self.stage.settled()
        for line in script.lines:
            self.say(line)
            self.stage.settled()

    def say(self, line: str) -> None:
        surface = self._surface()
        taps = _taps(surface)
        if payload := self._tapped(surface, line):
            self.someone.send(payload, "payload")
        elif self._is_list(surface, line):
            self._tap(surface, taps[int(line) - 1])
        elif line.casefold() == "ja" and (window := self.someone.window()) and "submit" in window:
            self.someone.submit()
        elif _has_input(surface):
            self.someone.write(line)
        elif payload := self._tapped(surface, WRITE) or self._tapped(surface, MORE):
            self.someone.send(payload, "payload")
            self.stage.settled()
            self.say(line)
        else:
            self._type(line)

    def _tapped(self, surface: Json, line: str) -> Json | None:
        """Return the tap on the button, line of a list, or answer to change that is named."""
        for block in surface["blocks"]:
            for element in (*block.get("elements", []), block.get("accessory") or {}):
                if _label(element) == line.casefold() and "value" in element:
                    return self.someone.tap_on(surface, block, element)
                for option in element.get("options", []):
                    if option["text"]["text"].casefold() == line.casefold():
                        chosen = {"selected_option": option}
                        return self.someone.tap_on(surface, block, element, chosen)
            row = block.get("text", {}).get("text", "").casefold()
            first, _, rest = line.casefold().partition(" ")
            if first == "ändra" and "accessory" in block and row.startswith(f"{rest}:"):
                return self.someone.tap_on(surface, block, block["accessory"])
        return None

    def _tap(self, surface: Json, found: tuple[Json, Json]) -> None:
        self.someone.send(self.someone.tap_on(surface, *found), "payload")

    def _is_list(self, surface: Json, line: str) -> bool:
        count = len(_taps(surface))
        return line.isdigit() and 0 < int(line) <= count and not _has_input(surface)

    def _type(self, line: str) -> None:
        if self.someone.window() is not None:
            self.someone.close()
            self.stage.settled()
        self.someone.say(line)

    def _surface(self) -> Json:
        return self.someone.window() or self.someone.last_message()


def _label(element: Json) -> str:
    text = element.get("text")
    return str(text["text"]).casefold() if isinstance(text, dict) else ""


def _taps(surface: Json) -> list[tuple[Json, Json]]:
    """Return the answers in the order of showing, without back, pause and the like."""
    return [
        (block, element)
        for block in surface["blocks"]
        for element in block.get("elements", [])
        if str(element.get("action_id", "")).startswith(f"{turns.ANSWER}_")
        and "_way_" not in element["action_id"]
    ]


def _has_input(surface: Json) -> bool:
    return any(block["type"] == "input" for block in surface["blocks"])
