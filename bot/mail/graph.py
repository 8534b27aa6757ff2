"""A mailbox in Exchange Online, read through Microsoft Graph."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from bot.mail.errors import MailboxTrouble
from bot.mail.microsoft import GraphAnswer, GraphClient
from bot.mail.sources import RawMail

_ID_TYPE = 'IdType="ImmutableId"'
_LOST_STATE = frozenset({"syncStateNotFound", "SyncStateNotFound", "resyncRequired"})
_PAGE = "odata.maxpagesize=50"
_NOT_FOUND, _CONFLICT, _GONE = 404, 409, 410
_MAX_PAGES = 10_000


class GraphSource:
    """Follows the changes of one folder with a delta query; ids are immutable.

    What a round finds is fetched oldest first, and the mark (Graph's own delta link) moves only
    when all of it has been handed out. The first round of a process looks at the whole folder,
    because what lies there was never moved away.
    """

    def __init__(
        self,
        client: GraphClient,
        *,
        user: str,
        mailbox: str,
        folder: str = "inbox",
        handled_folder: str = "Lotsen",
    ) -> None:
        self._client = client
        self._mailbox = mailbox
        self._user = f"/users/{quote(user, safe='@')}"
        self._folder = quote(folder)
        self._handled_name = handled_folder
        self._handled_id = ""
        self._mark = ""
        self._is_first = True

    @property
    def mailbox(self) -> str:
        return self._mailbox

    @property
    def mark(self) -> str:
        return self._mark

    def fetch(self, after: str | None) -> Iterator[RawMail]:
        self._mark = ""
        found, mark = self._changes("" if self._is_first else after or "")
        is_whole = True
        for received_at, mail_id in sorted(found):
            answer = self._client.call("GET", f"{self._user}/messages/{quote(mail_id)}/$value")
            if answer.status == _NOT_FOUND:  # deleted or moved away meanwhile
                continue
            if answer.status != 200:
                is_whole = False  # the others first; the mark stays, so this one comes again
                continue
            yield RawMail(
                mailbox=self._mailbox, key=mail_id, received_at=received_at, raw=answer.body
            )
        if not is_whole:
            raise MailboxTrouble("graph_mail_not_given")
        self._mark = mark
        self._is_first = False

    def settle(self, key: str) -> None:
        folder_id = self._handled_folder()
        path = f"{self._user}/messages/{quote(key)}/move"
        answer = self._client.call("POST", path, json={"destinationId": folder_id})
        if answer.status not in (200, 201, _NOT_FOUND):
            raise _trouble(answer)

    def close(self) -> None:
        self._client.close()

    def _changes(self, link: str) -> tuple[set[tuple[datetime, str]], str]:
        """Return what lies in the folder or came since the link, and the next link."""
        start = f"{self._user}/mailFolders/{self._folder}/messages/delta?$select=receivedDateTime"
        found: set[tuple[datetime, str]] = set()
        path = link or start
        for _ in range(_MAX_PAGES):
            answer = self._client.call("GET", path, headers={"Prefer": f"{_ID_TYPE}, {_PAGE}"})
            if answer.status == _GONE or answer.code in _LOST_STATE:
                if path == start:
                    raise _trouble(answer)
                found, path = set(), start  # Graph has forgotten where we were: look at everything
                continue
            if answer.status != 200:
                raise _trouble(answer)
            found |= _entries(answer.data)
            if "@odata.nextLink" not in answer.data:
                return found, str(answer.data.get("@odata.deltaLink", ""))
            path = str(answer.data["@odata.nextLink"])
        raise MailboxTrouble("graph_endless_delta")

    def _handled_folder(self) -> str:
        if self._handled_id:
            return self._handled_id
        folders = f"{self._user}/mailFolders"
        answer = self._client.call("POST", folders, json={"displayName": self._handled_name})
        if answer.status == _CONFLICT:
            name = quote(self._handled_name.replace("'", "''"))
            answer = self._client.call("GET", f"{folders}?$filter=displayName eq '{name}'")
            values = answer.data.get("value") or [{}]
            self._handled_id = str(values[0].get("id", ""))
        else:
            self._handled_id = str(answer.data.get("id", ""))
        if not self._handled_id:
            raise _trouble(answer)
        return self._handled_id


def _entries(data: Mapping[str, Any]) -> set[tuple[datetime, str]]:
    return {
        (_moment(entry.get("receivedDateTime")), str(entry["id"]))
        for entry in data.get("value", ())
        if "@removed" not in entry and entry.get("id")
    }


def _moment(text: object) -> datetime:
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except ValueError:  # a change of a mail that is known lacks it: it sorts first
        return datetime.fromtimestamp(0, UTC)


def _trouble(answer: GraphAnswer) -> MailboxTrouble:
    known = {401: "access_refused", 403: "access_denied", _NOT_FOUND: "mailbox_missing"}
    return MailboxTrouble(f"graph_{known.get(answer.status, answer.status)}")
