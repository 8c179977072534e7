"""The outreach crew on a model across a real wire that has the manners real models have.

What it does though told not to is put right by code, or comes back to it in a sentence it can act on, or is shown to
the sales person as a doubt. Where a test has nothing particular to say, the offline model answers.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from crewdesk.connectors.crm.sqlite import SqliteCrm
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.outreach.lead import Lead, Note
from crewdesk.domain.outreach.mail import MailBody
from crewdesk.facade import Desk
from crewdesk.handles import Run
from crewdesk.models.chat_messages import ChatRequest, Fault, Reply
from crewdesk.models.server import ChatServer
from support.answering import as_offline, schema_of
from support.homes import lay_out_small, use_server

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
ADA = Lead(
    id="L-1",
    company="Harbour Lines",
    first_name="Ada",
    last_name="Byron",
    email="ada@harbour-lines.example",
    phone="+44 20 7946 0958",
    address="1 Quay Street, Bristol",
    country="GB",
    language="en",
    industry="logistics",
    employees="120",
    interest="code review by agents",
    basis="request",
    notes=(Note(date="2026-11-20", author="Sam", text="Met at a fair."),),
)
ASKED = "You asked us about “code review by agents”."
OFFER = "Crewdesk drafts reviews of pull requests: analysers and tests show what is new against the base."
READ = f"""\
Hello Ada Byron,

{ASKED}

- {OFFER}

Would that help you, Ada?

Best regards,

The Crewdesk team
https://crewdesk.example.com"""


class Asked(NamedTuple):
    """A run as far as it came, and what the model was asked on the way."""

    run: Run
    requests: list[ChatRequest]

    @property
    def mail(self) -> MailBody:
        (gate,) = self.run.gates
        assert gate.artifact is not None
        return MailBody.model_validate(gate.artifact.body)

    @property
    def problems(self) -> list[str]:
        (gate,) = self.run.gates
        return [str(one) for one in gate.record.card["problems"]]  # type: ignore[union-attr]

    def of(self, schema: str) -> list[str]:
        """Give what was said in each request for such an answer."""
        asked = [request for request in self.requests if schema_of(request.body)["title"] == schema]
        return ["\n".join(request.said_by("system", "user", "tool")) for request in asked]


def carried_out(home: Path, says: Mapping[str, Sequence[str | Reply | Fault]]) -> Asked:
    """Start a run; for each kind of answer the model says these things first, one after the other."""
    lay_out_small(home, sources=())
    SqliteCrm("crm", folder=home / "crm", clock=lambda: NOW).put(ADA)
    left: dict[str, list[str | Reply | Fault]] = {schema: list(lines) for schema, lines in says.items()}
    otherwise: Callable[[ChatRequest], Reply | Fault] = as_offline(home, "outreach")

    def respond(request: ChatRequest) -> Reply | Fault:
        lines = left.get(str(schema_of(request.body)["title"]))
        if not lines:
            return otherwise(request)
        line = lines.pop(0)
        return Reply(line) if isinstance(line, str) else line

    with ChatServer(respond) as server:
        use_server(home, server.base_url)
        run = Desk(home).start("outreach", lead="L-1")
        assert [lines for lines in left.values() if lines] == [], "everything was said"
        return Asked(run, server.requests)


def draft(text: str, *, subject: str = "Your enquiry", language: str = "") -> str:
    variants: list[Json] = [{"subject": subject, "text": text}]
    body: JsonObject = {"variants": variants, "confidence": 0.8, "language": language}
    return json.dumps(body, ensure_ascii=False)


LOOK = Reply(tools=(("search_offer", '{"query": "offer"}'),))


def test_what_code_can_put_right_costs_no_second_call_and_reads_as_it_should(tmp_path: Path) -> None:
    text = (
        "**Subject:** Code review\n\nDear {{ lead.first_name }},\n\nHello [[lead.first_name]] [[lead.last_name]],\n\n"
        f"{ASKED} (crm-1)\n\n* **{OFFER}** [offer-en-2, offer-en-2]\n\nWould that help you, [Lead.First_Name]?\n\n"
        "Best regards,\n\n[Your Name]\nThe Crewdesk Team\n\n[^crm-1]: The record"
    )
    chatter = f"Sure {{here}} it is:\n```json\n{draft(text, subject='Subject: Code review', language='English')}\n```"

    asked = carried_out(tmp_path, {"MailDraft": [LOOK, chatter], "Verdict": ['{"verdict": "Accept"}'] * 4})

    assert asked.mail.text == READ
    assert (asked.mail.subject, asked.mail.language) == ("Code review", "en")
    assert [(one.statement, one.passages) for one in asked.mail.statements] == [
        (ASKED, ("crm-1",)),
        (f"- {OFFER}", ("offer-en-2",)),
    ]
    assert asked.problems == []
    assert len(asked.of("MailDraft")) == 2


BAD = (
    "Your 400 trucks lose 30 % of their time. We guarantee fewer.[^offer-en-2] Crewdesk is in logistics.[^crm-1]\n\n"
    "Nothing is posted before one of your developers approves.[^offer-en-99]\n\n"
    "What would help you, [[lead.vorname]]? https://crewdesk.example.com/?utm_source=mail"
)
HELD = (
    "400 is in no source it names",
    "“guarantee” is a word to avoid",
    "Name a passage of ours for what is said of us: “Crewdesk is in logistics.”",
    "no tool returned the source offer-en-99",
    "nobody filled in; write without it: [[lead.vorname]]",
    "These links follow the reader",
)
GERMAN = "Was würde Ihnen zurzeit am meisten helfen, und wie können wir Ihnen dabei von Nutzen sein? " * 12


@pytest.mark.parametrize(
    ("text", "held"),
    [(BAD, HELD), (GERMAN, ("should be written in the language 'en'", "words; a first mail has 150 at most"))],
    ids=["made up", "not as asked"],
)
def test_what_it_may_not_write_comes_back_to_it_and_else_to_the_person(
    tmp_path: Path, text: str, held: Sequence[str]
) -> None:
    asked = carried_out(tmp_path, {"MailDraft": [LOOK, draft(text), draft(text)]})

    assert [problem for problem in held if problem not in asked.of("MailDraft")[-1]] == []
    assert [problem for problem in held if problem not in " ".join(asked.problems)] == []


def test_wrong_calls_busy_servers_and_answers_without_json_are_told_and_mended(tmp_path: Path) -> None:
    wrong = [("search_offer", '{"q": "reviews"}'), ("search_offer", "no json"), ("send_mail", '{"to": "me"}')]
    busy = [Fault("error", status=429, retry_after="0"), Fault("error", status=500)]
    says: dict[str, list[str | Reply | Fault]] = {
        "MailDraft": [
            *busy,
            *(Reply(tools=(call,)) for call in wrong),
            "Here is a mail.",
            LOOK,
            draft(f"{ASKED}[^crm-1]"),
        ],
        "Plan": ["I would begin with the record."],
        "Verdict": ["Looks good."],
    }

    asked = carried_out(tmp_path, says)

    assert ASKED in asked.mail.text
    assert "there is no JSON object in the answer" in asked.of("MailDraft")[-1]
    assert asked.problems == []


def test_what_an_analyst_makes_up_is_no_fact_of_a_mail_before_a_person_looked(tmp_path: Path) -> None:
    made_up: list[Json] = [{"statement": "They run 400 trucks.", "passages": ["[^crm-1]"]}]
    answer = json.dumps({"summary": "", "facts": made_up, "confidence": 0.9})

    asked = carried_out(tmp_path, {"Facts": [answer] * 4})

    assert {gate.record.task for gate in asked.run.gates} == {"company", "news"}
    assert "400 is in no source it names" in asked.of("Facts")[-1]
    assert asked.of("MailDraft") == []


def test_each_is_told_what_they_need_of_the_lead_and_no_more(tmp_path: Path) -> None:
    """Somebody's phone, address and mail help nobody to write; not even their placeholders are sent."""
    asked = carried_out(tmp_path, {})
    told = [word for schema in ("Facts", "Needs", "MailDraft", "Verdict") for word in asked.of(schema)]

    assert [word for word in told for field in ("phone", "address", "email") if f"[[lead.{field}]]" in word] == []
    assert all("code review by agents" in word for word in asked.of("MailDraft"))
    assert sum(request.prompt_tokens for request in asked.requests) < 18_000, "of four characters each"
