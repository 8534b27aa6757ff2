"""Notices, alerts and answers into the private conversation (bot.channel.Channel)."""

from dataclasses import dataclass

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.app import Services
from bot.channels.slack import blocks, turns
from bot.channels.slack.blocks import Block
from bot.channels.slack.casework import case_buttons
from bot.channels.slack.errors import Trouble, code_of, retry_after, trouble_of
from bot.channels.slack.people import CHANNEL, user_of
from bot.channels.slack.rendering import Say, own_buttons
from bot.chat_words import distinct
from handlers import own_reports
from handlers.access import access_of, allowed
from handlers.domain.case import Case
from handlers.errors import PermanentDeliveryError, TemporaryDeliveryError
from handlers.merged import where_it_lives
from handlers.permissions import Action
from handlers.records import OutboxMessage, Purpose, QueuedMessage

MOST_LINES = 40  # of a digest; Slack takes fifty blocks

SENT_MARK = "lotsen_message"  # the metadata that tells a message which was sent before a crash
LOOKED_BACK = 100  # messages


@dataclass(frozen=True, slots=True)
class SlackChannel:
    services: Services
    api: WebClient

    def send(self, queued: QueuedMessage) -> None:
        user = user_of(queued.message.recipient)
        try:
            if queued.attempts > 1 and self._was_sent(user, queued.id):
                return
            self.api.chat_postMessage(
                channel=user,
                text=blocks.escape(_read_aloud(queued.message)),
                blocks=self._blocks(queued.message),
                metadata={"event_type": SENT_MARK, "event_payload": {"outbox": str(queued.id)}},
                unfurl_links=False,
                unfurl_media=False,
            )
        except SlackApiError as error:
            self._refused(queued, error)
        except (OSError, TimeoutError, SlackClientError) as error:
            raise TemporaryDeliveryError(type(error).__name__) from error

    def _was_sent(self, user: str, outbox_id: int) -> bool:
        """Whether an earlier attempt came through although we never heard."""
        opened = self.api.conversations_open(users=user)
        history = self.api.conversations_history(
            channel=opened["channel"]["id"], include_all_metadata=True, limit=LOOKED_BACK
        )
        marks = (message.get("metadata") or {} for message in history.get("messages") or [])
        return any(
            mark.get("event_type") == SENT_MARK
            and (mark.get("event_payload") or {}).get("outbox") == str(outbox_id)
            for mark in marks
        )

    def _refused(self, queued: QueuedMessage, error: SlackApiError) -> None:
        trouble, code = trouble_of(error), code_of(error)
        log = structlog.get_logger().bind(outbox=queued.id, error=code)
        if trouble == Trouble.TEMPORARY:
            raise TemporaryDeliveryError(code, retry_after(error)) from error
        log.error("slack delivery refused", state=trouble.value)
        if trouble == Trouble.PERSON_GONE:
            self._forget(queued.message.recipient)
        raise PermanentDeliveryError(code) from error

    def _forget(self, address: str) -> None:
        """Write no more to somebody who is gone; a lost token forgets nobody: it comes back."""
        with self.services.unit_of_work() as uow:
            uow.chat_addresses.forget(CHANNEL, address)
            uow.commit()

    def _blocks(self, message: OutboxMessage) -> list[Block]:
        catalogue = self.services.municipality.catalogue

        def say(key: str, **values: object) -> str:
            return catalogue.get(key, message.language, **values)

        found = [blocks.strong(message.subject)] if message.subject else []
        if message.buttons:
            return [*found, *_digest(say, message)]
        found.append(blocks.paragraph(_without_link(message)))
        if message.alert_id:
            return [*found, *_alert_buttons(say, message)]
        case = self._case(message)
        if case is not None and self._answers_for(message, case):
            link = self.services.municipality.case_link(case.id)
            return [*found, *case_buttons(say, case, link)]
        if case is not None and message.purpose == Purpose.FEEDBACK:
            return [*found, *self._own_buttons(case, message.language)]
        if message.link:
            key = "slack.open_list" if message.purpose == Purpose.DIGEST else "slack.open"
            found += blocks.rows([blocks.button(say(key), turns.LINK, url=message.link)])
        return found

    def _own_buttons(self, case: Case, language: str) -> list[Block]:
        with self.services.unit_of_work(read_only=True) as uow:
            shown = where_it_lives(uow, case)
        municipality = self.services.municipality
        return own_buttons(own_reports.report_choices(case, shown, language, municipality))

    def _answers_for(self, message: OutboxMessage, case: Case) -> bool:
        """Whether it is for somebody who can receive the case; others get the way to it only."""
        if not message.person_id or message.purpose != Purpose.NOTICE:
            return False
        with self.services.unit_of_work(read_only=True) as uow:
            now, municipality = self.services.clock(), self.services.municipality
            access = access_of(uow, municipality, message.person_id, now)
            return allowed(uow, access, Action.WORK, case, now)

    def _case(self, message: OutboxMessage) -> Case | None:
        if not message.case_id:
            return None
        with self.services.unit_of_work(read_only=True) as uow:
            return uow.cases.find(message.case_id)


def _read_aloud(message: OutboxMessage) -> str:
    """Return what a notification and a screen reader say of the message."""
    if not message.buttons:
        return message.text
    return "\n".join((message.subject, *(one.words for one in message.buttons[:MOST_LINES])))


def _without_link(message: OutboxMessage) -> str:
    """Return the text without the line that only repeats the button's address."""
    if not message.link:
        return message.text
    lines = message.text.split("\n")
    kept = [line for line in lines if not line.endswith(message.link)]
    return "\n".join(kept).strip() or message.text


def _digest(say: Say, message: OutboxMessage) -> list[Block]:
    """One line with its button for each thing that waits, and the whole list below.

    How it is done stands under the first of its kind, so that a long list is no wall of text.
    """
    opened, told, found = say("slack.open"), set[str](), list[Block]()
    shown = message.buttons[:MOST_LINES]
    names = distinct([one.about for one in shown], [one.words for one in shown])
    for one, name in zip(shown, names, strict=True):
        is_new = one.how and one.how not in told
        words = f"{one.words}\n{one.named}" if one.named else one.words
        words = f"{words}\n{say('notice.digest_how', how=one.how)}" if is_new else words
        told.add(one.how)
        spoken = say("slack.open_what", what=name)
        way = blocks.button(opened, turns.LINK, url=one.link, spoken=spoken)
        found.append(blocks.paragraph(words, accessory=way))
    left = len(message.buttons) - len(found)
    if left:
        found.append(blocks.small(say("notice.digest_more", count=left)))
    whole = blocks.button(say("slack.open_list"), turns.LINK, url=message.link)
    return [*found, *blocks.rows([whole])]


def _alert_buttons(say: Say, message: OutboxMessage) -> list[Block]:
    taking = blocks.button(
        say("slack.acknowledge"), turns.ALERT, value=message.alert_id, style="danger"
    )
    return blocks.rows(
        [taking, blocks.button(say("slack.open_alert"), turns.LINK, url=message.link)]
    )
