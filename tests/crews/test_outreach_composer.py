"""The mail is put together by code: framed once, its footnotes taken out and kept, personal data put back."""

from __future__ import annotations

from typing import cast

import pytest
from outreach_help import BODY, SIGNATURE, draft, facts, mail

from crewdesk.crews.outreach.composers import compose_outreach
from crewdesk.crews.outreach.frame import tidied
from crewdesk.crews.outreach.outputs import Outreach

FOOTER = "To hear no more from us, answer with no."
READ = """\
Hello Ada,

You asked us about “code review”. Your website says that Acme moves 40 parcels a minute.

Crewdesk drafts reviews of pull requests.

Would that help you?

The Crewdesk team
https://crewdesk.example.com"""


def test_the_mail_reads_without_footnotes_and_each_sentence_keeps_its_passages() -> None:
    made = mail()

    assert made.text == READ
    assert [(one.statement, one.passages) for one in made.statements] == [
        ("You asked us about “code review”.", ("crm-1",)),
        ("Your website says that Acme moves 40 parcels a minute.", ("page-1",)),
        ("Crewdesk drafts reviews of pull requests.", ("offer-1",)),
    ]


def test_only_what_something_rests_on_is_a_source_with_its_day() -> None:
    made = mail("You asked us about “code review”.[^crm-1]")

    assert [(one.id, one.date) for one in made.sources] == [("crm-1", "2026-11-20")]


def test_personal_data_are_put_back_and_nothing_else_is() -> None:
    made = mail("[[lead.name]], what would help [[lead.company]]?")

    assert (made.to, made.to_name) == ("ada@acme.example", "Ada Byron")
    assert "Ada Byron, what would help [[lead.company]]?" in made.text


@pytest.mark.parametrize(
    "text",
    [
        f"Hello [[lead.first_name]],\n\n{BODY}\n\nThe Crewdesk team\nhttps://crewdesk.example.com",
        f"Hello [[lead.first_name]],\n{BODY}\n\nThe Crewdesk team",
        f"Dear Ada!\n\n{BODY}\n\nThe Crewdesk team\nhttps://crewdesk.example.com\n\n--\n{FOOTER}",
        f"\r\n{BODY}\r\n",
    ],
)
def test_greeting_signature_and_footer_stand_once_whatever_the_writer_added(text: str) -> None:
    assert mail(text).text == READ


def test_the_signatures_front_matter_never_stands_in_a_mail() -> None:
    assert "---" in SIGNATURE
    assert "title:" not in mail().text


def test_a_subject_is_one_line_without_footnotes() -> None:
    assert mail(subject=" Code\r\nBcc: all@example.com[^crm-1] ").subject == "Code Bcc: all@example.com"
    assert len(mail(subject="x" * 900).subject) == 200


def test_what_nobody_sees_is_taken_out_and_right_to_left_letters_stay() -> None:
    assert tidied("a\u202eb\u2066c\x00d\ufeff  \n\n\n\nשלום\u200f  ") == "abcd\n\nשלום\u200f"


def test_a_second_variant_is_kept_only_where_it_differs() -> None:
    same = mail(BODY, BODY.replace("Would that help you?", "Would it help you?"))
    second = mail(BODY, "Acme moves 40 parcels a minute, as your website says.[^page-1] What slows you down?")

    assert same.other is None
    assert second.other is not None
    assert second.other.text.startswith("Hello Ada,\n\nAcme moves 40 parcels")
    assert second.statements[-1].statement == "Acme moves 40 parcels a minute, as your website says."


def test_sentences_without_spaces_keep_their_passages() -> None:
    made = mail("コードレビューについてお問い合わせいただきました。[^crm-1]現在の課題は何でしょうか。")

    assert [one.statement for one in made.statements] == ["コードレビューについてお問い合わせいただきました。"]
    assert "いただきました。現在の" in made.text


def test_footnotes_are_read_however_a_model_writes_them() -> None:
    made = mail("You asked us about “code review” [^crm-1, page-1]. What slows you down?")

    assert "about “code review”. What" in made.text
    assert made.statements[0].passages == ("crm-1", "page-1")


def test_a_mail_in_another_language_than_the_leads_keeps_its_writers_greeting() -> None:
    known = facts(language="ja")
    made = cast("Outreach", compose_outreach(draft(f"Dear Ada Byron,\n\n{BODY}", language="en"), known))

    assert made.language == "en"
    assert made.text.startswith("Dear Ada Byron,\n\nYou asked")


def test_a_first_sentence_with_an_exclamation_is_no_greeting() -> None:
    assert "Thank you for calling us back!\n\nWhat" in mail("Thank you for calling us back!\n\nWhat helps?").text


@pytest.mark.parametrize("text", ["[^crm-1]", "Hello [[lead.first_name]],", " \n "])
def test_a_draft_without_words_is_still_composed(text: str) -> None:
    assert mail(text).statements == []


def test_a_name_of_any_length_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    known = facts()
    monkeypatch.setitem(cast("dict[str, str]", known.veil.values), "first_name", "A" * 10_000)

    assert len(mail("What helps?", known=known, subject="For [[lead.first_name]]").subject) == 200
