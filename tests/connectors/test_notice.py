"""Notices reach real servers by Apprise and by a plain post, in time, and no word of an address comes back."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import ExitStack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crewdesk.connectors.notice import AppriseNotifier
from crewdesk.domain.notices import Notice
from support.receivers import PostOffice, Receiver, serving

SECRET = "s3cret-hook-8d1f"  # noqa: S105 - nobody's secret
NOTICE = Notice(
    "due", "7KQ2-1", "7KQ2", "content", None, "content: gate 7KQ2-1 is due", "Gate 7KQ2-1 waits: ‹Good›? & so"
)
TEAMS = "https://prod-1.westeurope.logic.azure.com:443/workflows/" + "ab" * 16
TEAMS += "/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=" + "Ab1" * 14


@pytest.fixture(name="server")
def _server() -> Iterator[Receiver]:
    server = Receiver()
    with serving(server):
        yield server


@pytest.fixture(name="mail")
def _mail() -> Iterator[PostOffice]:
    server = PostOffice()
    with serving(server):
        yield server


def tell(seconds: float = 20, **variables: str) -> Mapping[str, str]:
    return AppriseNotifier(variables.get, seconds=seconds).tell(NOTICE, list(variables))


def test_a_service_that_apprise_knows_is_told_title_text_and_how_much_it_matters(server: Receiver) -> None:
    assert tell(HOUSE_NOTIFY_URLS=f"json://{server.place}/{SECRET}") == {"HOUSE_NOTIFY_URLS#1": ""}

    [(path, body)] = server.posts
    assert path.strip("/") == SECRET
    assert (body["title"], body["message"], body["type"]) == (NOTICE.title, NOTICE.text, "warning")


def test_a_plain_web_address_is_sent_a_json_object_with_a_text(server: Receiver) -> None:
    address = f"http://{server.place}/hooks/{SECRET}%2Fx?key=a%20b"

    assert tell(CHAT_WEBHOOK_URL=address) == {"CHAT_WEBHOOK_URL#1": ""}

    [(path, body)] = server.posts
    assert path == f"/hooks/{SECRET}%2Fx?key=a%20b"
    assert (body["text"], body["gate"], body["kind"]) == (NOTICE.text, "7KQ2-1", "due")


def test_a_mail_has_the_title_as_its_subject_and_reaches_everybody_it_names(mail: PostOffice) -> None:
    address = f"mailto://127.0.0.1:{mail.port}?from=desk@example.org&to=ada@example.org,bo@example.org&format=text"

    assert tell(HOUSE_NOTIFY_URLS=address) == {"HOUSE_NOTIFY_URLS#1": ""}

    assert sorted(name for to, _ in mail.mails for name in to) == ["ada@example.org", "bo@example.org"]
    for _, message in mail.mails:
        body = message.get_body(("plain",))
        assert body is not None
        assert (message["Subject"], body.get_content().strip()) == (NOTICE.title, NOTICE.text)


def test_several_addresses_are_told_whatever_stands_between_them(server: Receiver) -> None:
    given = f"json://{server.place}/1, json://{server.place}/2\njson://{server.place}/3 http://{server.place}/4"

    outcome = tell(HOUSE_NOTIFY_URLS=given)

    assert outcome == {f"HOUSE_NOTIFY_URLS#{n}": "" for n in (1, 2, 3, 4)}
    assert sorted(path.strip("/") for path, _ in server.posts) == ["1", "2", "3", "4"]


def test_an_address_that_stands_twice_is_told_once(server: Receiver) -> None:
    address = f"json://{server.place}/x"

    assert tell(HOUSE_NOTIFY_URLS=f"{address} {address}", ADA_NOTIFY_URLS=address) == {"HOUSE_NOTIFY_URLS#1": ""}
    assert len(server.posts) == 1


def test_one_address_alone_is_told_where_it_is_named(server: Receiver) -> None:
    variables = {"HOUSE_NOTIFY_URLS": f"json://{server.place}/1 json://{server.place}/2"}

    outcome = AppriseNotifier(variables.get).tell(NOTICE, ["HOUSE_NOTIFY_URLS#2"])

    assert outcome == {"HOUSE_NOTIFY_URLS#2": ""}
    assert [path.strip("/") for path, _ in server.posts] == ["2"]


def test_nobody_is_told_where_the_variable_is_not_set() -> None:
    assert AppriseNotifier({}.get).tell(NOTICE, ["HOUSE_NOTIFY_URLS", "ADA_NOTIFY_URLS#1"]) == {}


def test_one_that_fails_keeps_the_others_from_nothing(server: Receiver) -> None:
    outcome = tell(HOUSE_NOTIFY_URLS=f"json://127.0.0.1:1/{SECRET} json://{server.place}/ok nowhere://{SECRET}")

    assert outcome == {
        "HOUSE_NOTIFY_URLS#1": "HOUSE_NOTIFY_URLS#1 (JSON) did not take it.",
        "HOUSE_NOTIFY_URLS#2": "",
        "HOUSE_NOTIFY_URLS#3": "HOUSE_NOTIFY_URLS#3 (an address that cannot be read) is of no service that Apprise "
        "knows.",
    }
    assert len(server.posts) == 1


@pytest.mark.parametrize("scheme", ["json", "http"])
@pytest.mark.parametrize("status", [302, 403, 500])
def test_a_service_that_refuses_has_not_taken_it_and_sends_it_nowhere_else(
    server: Receiver, status: int, scheme: str
) -> None:
    server.status = status

    [trouble] = tell(HOUSE_NOTIFY_URLS=f"{scheme}://{server.place}/{SECRET}").values()

    assert ("did not take it" if scheme == "json" else f"answered with status {status}") in trouble
    assert [path.strip("/") for path, _ in server.posts] == [SECRET]


def test_a_mail_that_is_refused_is_not_taken() -> None:
    server = PostOffice(refused="bo@")
    with serving(server):
        address = f"mailto://127.0.0.1:{server.port}?from=desk@example.org&to=bo@example.org"
        assert tell(HOUSE_NOTIFY_URLS=address) == {
            "HOUSE_NOTIFY_URLS#1": "HOUSE_NOTIFY_URLS#1 (E-Mail) did not take it."
        }


@pytest.mark.parametrize("scheme", ["json", "http"])
def test_who_does_not_answer_is_not_waited_for_and_the_others_are_told(server: Receiver, scheme: str) -> None:
    slow = Receiver()
    slow.open.clear()
    with serving(slow):
        given = f"{scheme}://{slow.place}/{SECRET}?rto=30 json://{server.place}/ok"

        outcome = tell(seconds=0.8, HOUSE_NOTIFY_URLS=given)

    assert "did not answer within" in outcome["HOUSE_NOTIFY_URLS#1"]
    assert outcome["HOUSE_NOTIFY_URLS#2"] == ""


@pytest.mark.parametrize(
    "address",
    [
        f"json://127.0.0.1:1/{SECRET}",
        f"http://127.0.0.1:1/{SECRET}",
        f"https://127.0.0.1:1/{SECRET}",
        f"http://[{SECRET}",
        f"http://127.0.0.1:99999/{SECRET}",
        f"mailto://desk:{SECRET}@127.0.0.1:1?to=ada@example.org",
        f"nowhere://{SECRET}",
        SECRET,
    ],
)
def test_no_word_and_no_log_holds_the_address(address: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(1)

    outcome = tell(HOUSE_NOTIFY_URLS=address)

    assert all(outcome.values())
    assert SECRET not in str(outcome) + caplog.text


@pytest.mark.parametrize("scheme", ["json", "http"])
def test_no_log_holds_the_address_of_a_service_that_answers(
    server: Receiver, scheme: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(1)

    tell(HOUSE_NOTIFY_URLS=f"{scheme}://{server.place}/{SECRET}")
    logging.getLogger("urllib3.connectionpool").debug("others go on logging")

    assert len(server.posts) == 1
    assert SECRET not in caplog.text
    assert "others go on logging" in caplog.text


@pytest.mark.parametrize(
    ("address", "service"),
    [
        ("https://hooks.slack.com/services/T0AAAAAAA/B0AAAAAAA/abcdefghijklmnopqrstuvwx", "Slack"),
        (TEAMS, "Power Automate / Workflows (for MSTeams)"),
        ("https://discord.com/api/webhooks/123456789012345678/" + "a" * 60, "Discord"),
        ("mailtos://name:password@mail.example.com?to=ada@example.com", "E-Mail"),
        ("https://chat.example.com/hooks/abcdefgh", "a web address"),
        ("nowhere://x", "an address that cannot be read"),
    ],
)
def test_services_are_named_by_the_addresses_they_give_out(address: str, service: str) -> None:
    notifier = AppriseNotifier({"HOUSE_NOTIFY_URLS": address}.get)

    assert notifier.services("HOUSE_NOTIFY_URLS") == [service]
    assert notifier.services("ADA_NOTIFY_URLS") == []


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["", "json://", "https://", "mailto://", "slack://", "ntfy://"]))
def test_whatever_the_variable_holds_nothing_is_raised(text: str, scheme: str) -> None:
    services = AppriseNotifier({"HOUSE_NOTIFY_URLS": scheme + text}.get).services("HOUSE_NOTIFY_URLS")

    assert all(isinstance(service, str) and service for service in services)


def test_many_addresses_take_no_longer_than_one() -> None:
    with ExitStack() as stack:
        slow = [Receiver() for _ in range(5)]
        for server in slow:
            server.open.clear()
            stack.enter_context(serving(server))
        outcome = tell(seconds=0.5, HOUSE_NOTIFY_URLS=" ".join(f"json://{server.place}/x" for server in slow))
        began = [len(server.posts) for server in slow]

    assert len(outcome) == 5
    assert all("did not answer" in trouble for trouble in outcome.values())
    assert began == [1] * 5
