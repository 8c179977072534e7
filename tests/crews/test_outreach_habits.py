"""What models do though told not to is put right by code, so that nobody is asked again for it, and nothing else is."""

from __future__ import annotations

import pytest
from outreach_help import BODY, mail

from crewdesk.crews.outreach.habits import put_right
from crewdesk.crews.outreach.outputs import Facts
from crewdesk.domain.outreach.mail import Variant

READ = mail().text
FOOTER = mail().footer
PASSAGES = ("crm-1", "crm-12", "offer-en-1")


def put(text: str, subject: str = "Reviews") -> str:
    return put_right(Variant(subject=subject, text=text), PASSAGES).text


@pytest.mark.parametrize(
    "spelled",
    [
        "[[Lead.First_Name]]",
        "[[ lead.first_name ]]",
        "[lead.first_name]",
        "{{lead.first_name}}",
        "{{ lead.firstName }}",
        "{lead.first_name}",
        "<lead.first_name>",
        r"\[\[lead.first\_name\]\]",
        "[[lead.first name]]",
        "[First Name]",
        "{{first_name}}",
        "lead.first_name",
    ],
)
def test_a_placeholder_in_another_spelling_is_the_placeholder(spelled: str) -> None:
    assert put(f"Would that help, {spelled}?") == "Would that help, [[lead.first_name]]?"


@pytest.mark.parametrize(
    "text",
    ["[[lead.vorname]]", "[Your name]", "{{company}}", "[name]", "https://x.example/lead.name", "lead.com", "a[0] < b"],
)
def test_what_may_mean_something_else_stays_for_the_checks(text: str) -> None:
    assert put(text) == text


@pytest.mark.parametrize(
    "spelled",
    ["[crm-1]", " (crm-1)", "【crm-1】", "^[crm-1]", "[[crm-1]]", "[^ crm-1]", " [Source: crm-1]", "[crm-1](#crm-1)"],
)
def test_a_footnote_in_another_spelling_is_the_footnote(spelled: str) -> None:
    (said, *_) = mail(BODY.replace("[^crm-1]", spelled)).statements

    assert mail(BODY.replace("[^crm-1]", spelled)).text == READ
    assert said.passages == ("crm-1",)


def test_several_ids_in_one_footnote_are_several() -> None:
    assert put("So it is.[crm-12, offer-en-1] And so.[crm-1][crm-12]") == (
        "So it is.[^crm-12][^offer-en-1] And so.[^crm-1][^crm-12]"
    )


def test_footnotes_that_are_explained_below_are_those_passages() -> None:
    text = "So it is.[^1] And so.[^2]\n\n[^1]: crm-1\n[^2]: See passage crm-12, offer-en-1"

    assert put(text).strip() == "So it is.[^crm-1] And so.[^crm-12][^offer-en-1]"


@pytest.mark.parametrize("text", ["We sell (crm-99).", "See [crm] and (offer).", "An array[1] of crm-1s."])
def test_what_names_no_passage_is_no_footnote(text: str) -> None:
    assert put(text) == text


def test_a_plain_mail_has_no_markdown() -> None:
    text = (
        "## What we do\n\n* **Reviews** of *pull requests*\n• `gates` and __journals__\n\n---\n"
        "[Our site](https://crewdesk.example.com) or [https://a.example](https://a.example)<br>1 * 2 * 3, a_b_c, 5 **"
    )

    assert put(text) == (
        "What we do\n\n- Reviews of pull requests\n- gates and journals\n\n"
        "Our site (https://crewdesk.example.com) or https://a.example\n1 * 2 * 3, a_b_c, 5 **"
    )


@pytest.mark.parametrize("label", ["Subject: Hello", "**Subject:** Hello", "Betreff: Hallo", "件名：こんにちは"])
def test_a_subject_in_the_text_is_no_text_and_its_label_no_subject(label: str) -> None:
    made = put_right(Variant(subject=label, text=f"{label}\n\nA word on reviews."), ())

    assert made.text.strip() == "A word on reviews."
    assert made.subject in ("Hello", "Hallo", "こんにちは")


def test_the_house_s_words_are_never_lost_whole() -> None:
    assert put_right(Variant(subject="**", text="Subject: x"), ()) == Variant(subject="**", text="…")


@pytest.mark.parametrize(
    "text",
    [
        f"Subject: Reviews\n\nDear Ada,\n\n{BODY}\n\n[Your Name]\nThe Crewdesk Team",
        f"Hi Ada!\n\nHello [[lead.first_name]],\n\n{BODY}\n\n--\nWrite to us and you hear no more.",
        f"{BODY}\n\nthe crewdesk team,\n<Your position>\n\n{FOOTER}",
    ],
)
def test_what_is_written_around_a_mail_stands_there_once(text: str) -> None:
    assert mail(text).text == READ


def test_a_passage_is_named_by_its_id_whatever_stands_around_it() -> None:
    named = [{"statement": "So.", "passages": ["[^crm-1]", "[crm-12]", "page-1"]}]

    (fact,) = Facts.model_validate({"summary": "", "facts": named, "confidence": 1}).facts
    assert fact.passages == ("crm-1", "crm-12", "page-1")
