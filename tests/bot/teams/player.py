"""Plays a script of tests/transcripts/ in Teams: taps on cards, words in dialogs.

What no card has a place for is written in the private chat, as people do.
"""

from dataclasses import dataclass, field

from tests.bot.teams.house import House, Json, actions, elements
from tests.scenarios import Script

# Where each form is begun: a button of the first card, or "another matter" and a way in.
WAYS = {
    "risk": "Rapportera en risk",
    "misconduct": "Rapportera ett missförhållande",
    "passed_on": "Lämna vidare en synpunkt",
    "suggestion": "Förslag eller beröm",
}
MORE = "något annat …"


@dataclass(slots=True)
class Player:
    house: House
    card: Json = field(default_factory=dict)  # what stands last in the chat
    dialog: Json | None = None  # opened to change something in the summary

    def play(self, script: Script) -> None:
        self.card = self.house.write("hej")
        complaint = script.form_id == "complaint"
        self._tap("Framför en synpunkt" if complaint else "Rapportera en händelse")
        if script.form_id in WAYS:
            self._tap("Något annat ärende")
            self._tap(WAYS[script.form_id])
        for line in script.lines:
            self.say(line)

    def say(self, line: str) -> None:
        if self.dialog is not None:
            self._fill(self.dialog, line)
        elif action := self._named(line):
            self._do(action)
        elif value := self._in_list(line):
            self.card = self.house.choose(self.card, value)
        elif action := self._numbered(line) or self._sending(line):
            self._do(action)
        elif action := self._writing():
            self._fill(self._opened(action), line)
        elif action := self._named(MORE):
            self._do(action)
            self.say(line)
        else:
            self.card = self.house.write(line)

    def _tap(self, label: str) -> None:
        action = self._named(label)
        assert action is not None, label
        self._do(action)

    def _do(self, action: Json) -> None:
        if _opens_dialog(action):
            self.dialog = self._opened(action)
        else:
            self.card = self.house.invoke(action)

    def _opened(self, action: Json) -> Json:
        return self.house.open_dialog(self.card, str(action["title"]))

    def _fill(self, dialog: Json, line: str) -> None:
        before = len(self.house.fake.calls)
        assert self.house.fill_dialog(dialog, line).status_code == 200
        self.dialog = None
        self.card = self.house.fake.wait_for(before + 1)[-1].card

    def _named(self, line: str) -> Json | None:
        """Return the button with this label, "Ändra: När" for "ändra när" among them."""
        first, _, rest = line.casefold().partition(" ")
        wanted = {line.casefold(), f"✓ {line.casefold()}"}
        if first == "ändra":
            wanted.add(f"ändra: {rest}")
        return next(
            (a for a in actions(self.card) if str(a.get("title")).casefold() in wanted), None
        )

    def _in_list(self, line: str) -> str:
        for element in elements(self.card):
            if element["type"] == "Input.ChoiceSet":
                for choice in element["choices"]:
                    if choice["title"].casefold() == line.casefold():
                        return str(choice["value"])
        return ""

    def _numbered(self, line: str) -> Json | None:
        answers = [
            a
            for a in actions(self.card)
            if a.get("data", {}).get("choice") and not _opens_dialog(a)
        ]
        changes = {"change"}
        answers = [a for a in answers if a["data"].get("command", "") not in changes]
        is_number = line.isdigit() and 0 < int(line) <= len(answers)
        return answers[int(line) - 1] if is_number else None

    def _sending(self, line: str) -> Json | None:
        if line.casefold() != "ja":
            return None
        found = (a for a in actions(self.card) if a.get("data", {}).get("command") == "submit")
        return next(found, None)

    def _writing(self) -> Json | None:
        found = (a for a in actions(self.card) if _opens_dialog(a) and a["data"]["verb"] == "write")
        return next((a for a in found if not a["data"].get("choice")), None)


def _opens_dialog(action: Json) -> bool:
    return action.get("data", {}).get("msteams") == {"type": "task/fetch"}
