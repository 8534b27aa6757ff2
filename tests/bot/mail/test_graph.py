"""Microsoft Graph against a strict stand-in: order, throttling, dead tokens, lost state, deaths."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.mail.composing import compose
from bot.mail.errors import MailboxTrouble
from bot.mail.graph import GraphSource
from bot.mail.graph_sending import GraphSender
from bot.mail.microsoft import GraphClient, MicrosoftTokens
from bot.mail.sources import collect
from handlers.errors import PermanentDeliveryError, TemporaryDeliveryError
from tests.bot.mail.crashing import collect_with_a_kill_at_every_step
from tests.bot.mail.graph_server import USER, Graph, running_graph
from tests.bot.mail.letters import HEAD, queued
from tests.bot.mail.servers import VALID_FROM, VALID_UNTIL
from tests.bot.mail.stores import FileStore

TENANT = "11111111-1111-1111-1111-111111111111"


@pytest.fixture
def graph() -> Iterator[Graph]:
    with running_graph() as up:
        yield up


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "store.db")


def tokens(graph: Graph, credential: str | dict[str, str] | None = None) -> MicrosoftTokens:
    return MicrosoftTokens(
        tenant_id=TENANT,
        client_id="lotsen",
        credential=credential or graph.secret,
        http_client=graph.login_session(),
        instance_discovery=False,
    )


def client(graph: Graph, waited: list[float] | None = None) -> GraphClient:
    pause = (waited if waited is not None else []).append
    return GraphClient(tokens(graph), base_url=graph.base_url, pause=pause)


def open_source(graph: Graph, waited: list[float] | None = None) -> GraphSource:
    return GraphSource(client(graph, waited), user=USER, mailbox="synpunkter")


@pytest.fixture
def source(graph: Graph) -> Iterator[GraphSource]:
    with closing(open_source(graph)) as opened:
        yield opened


def day(number: int) -> str:
    return f"2026-03-{number:02d}T08:00:00Z"


def test_mails_are_taken_oldest_first_over_many_pages_and_moved_away(
    graph: Graph, store: FileStore, source: GraphSource
) -> None:
    for number in (5, 3, 8, 1, 7, 2, 6, 4):
        graph.add(f"dag {number}", day(number))

    assert collect(source, store).stored == 8
    assert store.subjects() == [f"dag {number}" for number in range(1, 9)]
    assert {message.folder for message in graph.messages} == {"folder-0"}


def test_later_rounds_ask_only_for_what_has_changed(
    graph: Graph, store: FileStore, source: GraphSource
) -> None:
    graph.add("ett", day(1))
    collect(source, store)
    graph.add("två", day(2))
    graph.calls.clear()

    assert collect(source, store).stored == 1
    assert [path for method, path in graph.calls if path.endswith("$value")] != []
    assert len(graph.calls) == 3  # the change, the mail, the move


def test_the_moment_of_arrival_is_the_servers(graph: Graph, source: GraphSource) -> None:
    graph.add("ett", day(1))

    [mail] = source.fetch(None)

    assert mail.received_at == datetime(2026, 3, 1, 8, tzinfo=UTC)


def test_throttling_is_waited_for_as_long_as_asked(graph: Graph, store: FileStore) -> None:
    waited: list[float] = []
    graph.add("ett", day(1))
    graph.faults = [(429, "TooManyRequests", {"Retry-After": "7"}), (503, "Busy", {})]

    with closing(open_source(graph, waited)) as source:
        assert collect(source, store).stored == 1

    assert waited == [7, 2]


def test_a_long_wait_is_left_to_the_next_round(graph: Graph, store: FileStore) -> None:
    waited: list[float] = []
    graph.add("ett", day(1))
    graph.faults = [(429, "TooManyRequests", {"Retry-After": "3600"})]

    with closing(open_source(graph, waited)) as source:
        with pytest.raises(MailboxTrouble, match="graph_429"):
            collect(source, store)
        assert waited == []
        assert collect(source, store).stored == 1


def test_a_dead_token_is_replaced_in_the_same_round(
    graph: Graph, store: FileStore, source: GraphSource
) -> None:
    collect(source, store)
    graph.tokens.clear()
    graph.add("ett", day(1))

    assert collect(source, store).stored == 1


def test_a_wrong_secret_is_told_and_heals_by_itself(graph: Graph, store: FileStore) -> None:
    graph.add("ett", day(1))

    with closing(open_source(graph)) as source:
        right, graph.secret = graph.secret, "ett annat"
        with pytest.raises(MailboxTrouble, match="token_refused"):
            collect(source, store)
        graph.secret = right
        assert collect(source, store).stored == 1


def test_a_certificate_opens_the_mailbox_too(graph: Graph, store: FileStore) -> None:
    graph.add("ett", day(1))
    access = tokens(graph, certificate_credential())
    opened = GraphSource(GraphClient(access, base_url=graph.base_url), user=USER, mailbox="m")

    with closing(opened) as source:
        assert collect(source, store).stored == 1


def test_when_graph_forgets_where_we_were_everything_is_looked_at_again(
    graph: Graph, store: FileStore, source: GraphSource
) -> None:
    graph.add("ett", day(1))
    collect(source, store)
    graph.add("två", day(2))
    graph.forgotten = True

    result = collect(source, store)

    assert (result.stored, result.known) == (1, 0)
    assert store.subjects() == ["ett", "två"]


def test_a_mail_that_was_stored_but_not_moved_is_moved_after_a_restart(
    graph: Graph, store: FileStore
) -> None:
    message = graph.add("ett", day(1))
    with closing(open_source(graph)) as source:
        collect(source, store)
    message.folder = "inbox"  # as if the move had never reached the server

    with closing(open_source(graph)) as source:
        assert collect(source, store).known == 1
    assert message.folder != "inbox"


def test_one_mail_that_is_not_given_delays_no_other_and_is_asked_for_again(
    graph: Graph, store: FileStore, source: GraphSource
) -> None:
    bad = graph.add("trasig", day(1))
    graph.add("hel", day(2))
    graph.broken.add(bad.id)

    with pytest.raises(MailboxTrouble, match="graph_mail_not_given"):
        collect(source, store)
    assert store.subjects() == ["hel"]

    graph.broken.clear()
    collect(source, store)
    assert store.subjects() == ["hel", "trasig"]


def test_our_token_follows_no_link_to_another_server(
    graph: Graph, store: FileStore, source: GraphSource
) -> None:
    for number in range(1, 6):
        graph.add(str(number), day(number))
    graph.foreign_link = True

    with pytest.raises(MailboxTrouble, match="graph_foreign_link"):
        collect(source, store)


def test_a_mailbox_that_is_not_there_is_told(graph: Graph, store: FileStore) -> None:
    with (
        closing(GraphSource(client(graph), user="ingen@lotskoping.example", mailbox="m")) as source,
        pytest.raises(MailboxTrouble, match="graph_mailbox_missing"),
    ):
        collect(source, store)


def test_killed_at_any_step_no_mail_is_lost_or_doubled(graph: Graph, store: FileStore) -> None:
    def add(number: int) -> None:
        graph.add(str(number), day(1))

    number = collect_with_a_kill_at_every_step(lambda: open_source(graph), store, add)

    assert sorted(store.subjects()) == sorted(str(at) for at in range(number))


def test_mail_is_sent_whole_with_our_own_header(graph: Graph) -> None:
    mail = compose(queued(), HEAD)

    with closing(client(graph)) as access:
        GraphSender(access, user=USER).send(mail)

    assert graph.sent == [mail.as_bytes()]


@pytest.mark.parametrize(
    ("faults", "recipient", "error"),
    [
        ([], "400@exempel.example", PermanentDeliveryError),
        ([(403, "ErrorAccessDenied", {})], "asa@exempel.example", TemporaryDeliveryError),
        ([(429, "TooMany", {"Retry-After": "900"})], "asa@exempel.example", TemporaryDeliveryError),
    ],
)
def test_what_graph_says_of_a_mail_decides(
    graph: Graph,
    faults: list[tuple[int, str, dict[str, str]]],
    recipient: str,
    error: type[Exception],
) -> None:
    graph.faults = faults

    with closing(client(graph)) as access, pytest.raises(error):
        GraphSender(access, user=USER).send(compose(queued(recipient=recipient), HEAD))


def certificate_credential() -> dict[str, str]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "lotsen")])
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(VALID_FROM)
        .not_valid_after(VALID_UNTIL)
        .sign(key, hashes.SHA256())
    )
    return {
        "private_key": key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode(),
        "public_certificate": signed.public_bytes(serialization.Encoding.PEM).decode(),
    }
