"""What the outreach crew's shipped recipes make of records, pages and feeds."""

from __future__ import annotations

from typing import Any, cast

import pytest
from extractive_house import CONFIG, block, passage, play, request, shipped_recipes
from ruamel.yaml import YAML

from crewdesk.crews.outreach import outputs
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.models.extractive import ExtractiveModel

SOLD = "Words people use for it"
OFFERS = [
    passage("offer-1", "Offer — In one sentence", "We run crews that stop where a person decides, and so can you."),
    passage("offer-2", "Offer — Reviews", f"We draft reviews of your code. You post them.\n\n{SOLD}: code review."),
    passage("offer-3", "Offer — Audits", f"We write a journal of it all. You read it.\n\n{SOLD}: audit, ISO 27001."),
]
RECORD = passage("crm-1", "The CRM's record", "Company: Acme. Interest: code review.", "CRM, L-1")
NOTE = passage("crm-2", "Note in the CRM", "They fear the next audit.", "CRM, L-1")
PAGE = passage("page-1", "Acme", "Acme prepares an audit by ISO 27001.", "https://acme.example/")
NEWS = passage(
    "news-1", "Port News, 2026-11-20 — Acme opens a hall in Hull", "Acme opened a hall.", "https://n.example/1"
)


@pytest.fixture(name="model", scope="module")
def _model() -> ExtractiveModel:
    crew = cast("JsonObject", YAML(typ="safe").load((CONFIG / "crews/outreach/offline.yaml").read_text("utf-8")))
    return ExtractiveModel({**shipped_recipes(), **crew})


def read(*notes: JsonObject, **lead: Json) -> str:
    record: JsonObject = {"id": "L-1", "company": "Acme", "language": "en", **lead}
    known = [RECORD, *notes]
    output = block("Output of read", {"lead": record, "passages": [{"id": one["id"]} for one in known]})
    return "\n\n".join([output, block("Passages", list[Json](known))])


def screened(language: str = "en") -> str:
    return block("Output of screen", {"eligible": True, "language": language, "greeting": "Hello,"})


def found(*facts: tuple[str, str], task: str = "company") -> str:
    listed: list[Json] = [{"statement": said, "passages": [id_]} for said, id_ in facts]
    return block(f"Output of {task}", {"summary": "", "facts": listed})


def made(model: ExtractiveModel, name: str, *blocks: str, gave: dict[str, list[JsonObject]]) -> dict[str, Any]:
    kind = getattr(outputs, name)
    tools = {tool: lambda passages=passages, **_: {"passages": list[Json](passages)} for tool, passages in gave.items()}
    answer = play(model, request(kind.model_json_schema(), *blocks, tools=tuple(tools)), cast("Any", tools))
    kind.model_validate(answer)
    return cast("dict[str, Any]", answer)


def mail(model: ExtractiveModel, *blocks: str) -> tuple[dict[str, Any], str]:
    draft = made(model, "MailDraft", *blocks, gave={"search_offer": OFFERS})
    return draft, draft["variants"][0]["text"]


def needs(model: ExtractiveModel, *blocks: str) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", made(model, "Needs", *blocks, gave={"search_offer": OFFERS})["needs"])


def test_facts_are_told_with_where_they_come_from(model: ExtractiveModel) -> None:
    gave = {"read_company_pages": [PAGE], "find_company_news": [NEWS]}
    facts = made(model, "Facts", read(NOTE, industry="freight", interest="code review"), gave=gave)["facts"]

    assert [(one["statement"], one["passages"]) for one in facts] == [
        ("Acme is listed under “freight”.", ["crm-1"]),
        ("They are interested in “code review”.", ["crm-1"]),
        ("A note of ours says: “They fear the next audit”.", ["crm-2"]),
        ("Their website says: “Acme prepares an audit by ISO 27001”.", ["page-1"]),
    ]


def test_news_are_told_by_their_titles(model: ExtractiveModel) -> None:
    gave = {"read_company_pages": [PAGE], "find_company_news": [NEWS]}
    facts = made(model, "Facts", "Find what is new in our feeds.", read(), gave=gave)["facts"]

    assert [one["statement"] for one in facts] == ["Reported: “Acme opens a hall in Hull”."]


def test_where_nothing_is_known_nothing_is_stated(model: ExtractiveModel) -> None:
    answer = made(model, "Facts", read(), gave={"read_company_pages": [], "find_company_news": []})

    assert (answer["facts"], answer["summary"]) == ([], "")


def test_a_need_is_as_sure_as_what_it_rests_on(model: ExtractiveModel) -> None:
    asked = ("They are interested in “code review”.", "crm-1")
    noted = ("A note of ours says: “They fear the next audit”.", "crm-2")

    known = needs(model, read(NOTE), screened(), found(asked, noted))

    assert [(one["need"], one["because"], one["passages"], one["confidence"]) for one in known] == [
        ("Reviews", asked[0], ["crm-1", "offer-2"], 0.7),
        ("Audits", noted[0], ["crm-2", "offer-3"], 0.55),
    ]
    assert needs(model, read(), screened(), found(("Acme is listed under “freight”.", "crm-1"))) == []


def need(name: str, because: str, *passages: str, confidence: float = 0.7) -> str:
    one: JsonObject = {"need": name, "because": because, "passages": list[Json](passages), "confidence": confidence}
    return block("Output of needs", {"needs": [one]})


def test_a_note_of_ours_is_not_quoted_to_whom_it_is_about(model: ExtractiveModel) -> None:
    because = "A note of ours says: “They fear the next audit”."
    _, text = mail(model, read(NOTE), screened(), need("Audits", because, "crm-2", "offer-3"))

    assert "We write a journal of it all.[^offer-3] You read it.[^offer-3]" in text
    assert "fear" not in text


def test_a_page_that_a_need_rests_on_is_quoted(model: ExtractiveModel) -> None:
    because = "Their website says: “Acme prepares an audit by ISO 27001”."
    _, text = mail(model, read(), screened(), need("Audits", because, "page-1", "offer-3"))

    assert "Your website says: “Acme prepares an audit by ISO 27001”.[^page-1]" in text


def test_news_are_named_once(model: ExtractiveModel) -> None:
    told = found(("Reported: “Acme opens a hall in Hull”.", "news-1"), task="news")
    _, text = mail(model, read(interest="code review"), screened(), told)

    assert text.count("“Acme opens a hall in Hull”.[^news-1]") == 1


@pytest.mark.parametrize(
    ("basis", "interest", "opening"),
    [
        ("request", "code review", "Thank you for getting in touch. You asked us about “code review”.[^crm-1]"),
        ("consent", "code review", "We have noted here that you are interested in “code review”.[^crm-1]"),
        ("request", "one two three four five six seven eight", "This is your request as we noted it: “one two"),
        ("request", "see https://evil.example", "We would like to know whether we can be of use to Acme."),
        ("request", "x" * 500, "We would like to know whether we can be of use to Acme."),
        ("request", "code[^moon] **review**.", "You asked us about “code review”.[^crm-1]"),
    ],
)
def test_the_mail_opens_with_what_is_known(model: ExtractiveModel, basis: str, interest: str, opening: str) -> None:
    _, text = mail(model, read(basis=basis, interest=interest), screened())

    assert opening in text


def test_with_no_need_a_mail_says_less_and_why(model: ExtractiveModel) -> None:
    draft, text = mail(model, read(), screened())

    assert text == (
        "We would like to know whether we can be of use to Acme.\n\n"
        "We run crews that stop where a person decides, and so can you.[^offer-1]\n\n"
        "What would help you most at the moment?\n\nKind regards"
    )
    assert "The CRM does not say what they are interested in, so the mail asks." in draft["open_questions"]


def test_a_language_without_templates_is_told(model: ExtractiveModel) -> None:
    lead = read(language="sv", first_name="[[lead.first_name]]", last_name="[[lead.last_name]]")
    draft, text = mail(model, lead, screened("sv"))

    assert draft["language"] == "en"
    assert text.startswith("Hello [[lead.first_name]] [[lead.last_name]],\n\nWe would")
    assert draft["open_questions"][0] == "There are no templates for the language sv, so the mail is in English."


def test_notes_shorten_a_mail_and_leave_sentences_out(model: ExtractiveModel) -> None:
    known = (read(interest="code review"), screened(), need("Reviews", "They asked.", "crm-1", "offer-2"))

    _, shorter = mail(model, *known, block("Notes", ["Shorter, please."]))
    _, without = mail(model, *known, block("Notes", ["Leave out your code."]))
    _, same = mail(model, *known)

    assert ("You post them." in shorter, "You post them." in without, "You post them." in same) == (False, True, True)
    assert ("reviews of your code" in shorter, "reviews of your code" in without) == (True, False)
