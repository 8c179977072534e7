"""What code holds against the outreach crew's work, in sentences that its author can act on."""

from __future__ import annotations

from dataclasses import replace

import pytest
from outreach_help import BODY, SAID, edited, facts, mail

from crewdesk.crews.outreach import guardrails as held
from crewdesk.crews.outreach.outputs import Facts as FactsFound
from crewdesk.crews.outreach.outputs import Needs
from crewdesk.domain.outreach.mail import Fact, Need
from crewdesk.domain.passages import Passage

CHECKS = (
    held.mail_fits,
    held.mail_is_sourced,
    held.claims_are_ours,
    held.no_tracking,
    held.placeholders_known,
    held.facts_rest_on_passages,
    held.needs_rest_on_facts,
)


def found(statement: str, *passages: str) -> FactsFound:
    return FactsFound(summary="", facts=[Fact(statement=statement, passages=passages)], confidence=0.9)


def need(because: str, *passages: str) -> Needs:
    one = Need(need="Reviews", because=because, passages=passages, confidence=0.7)
    return Needs(needs=[one], confidence=0.7)


def test_a_sound_mail_passes_every_check() -> None:
    assert [problem for check in CHECKS for problem in check(mail(), facts())] == []


def test_a_fact_needs_passages_that_exist_and_say_so() -> None:
    known = facts()

    assert held.facts_rest_on_passages(found("Acme moves 40 parcels a minute.", "page-1"), known) == []
    assert held.facts_rest_on_passages(found("Acme moves parcels.", "page-9"), known) == [
        "“Acme moves parcels.”: no tool returned the source page-9."
    ]
    assert held.facts_rest_on_passages(found("Acme moves 400 parcels a minute.", "page-1"), known) == [
        "“Acme moves 400 parcels a minute.”: 400 is in no source it names."
    ]
    assert "no source is named" in held.facts_rest_on_passages(found("Acme moves parcels."), known)[0]


def test_a_need_names_a_fact_that_was_found() -> None:
    known = facts()

    assert held.needs_rest_on_facts(need(SAID, "crm-1"), known) == []
    assert held.needs_rest_on_facts(need("They are interested in code review.", "crm-1"), known) == []
    assert held.needs_rest_on_facts(need("They lose money every day.", "crm-1"), known)[0] == (
        "Nobody found this, though a need rests on it; name a fact as it was found: “They lose money every day.”."
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (f"{'Crewdesk drafts reviews of pull requests.[^offer-1] ' * 40}", "words; a first mail has 150 at most"),
        ("Hello,", "The mail says nothing"),
        ("Wir haben gesehen, dass Sie das nicht mehr von Hand machen und es Ihnen auch nicht fehlt.", "language 'en'"),
    ],
)
def test_a_mail_that_does_not_fit(text: str, problem: str) -> None:
    assert any(problem in one for one in held.mail_fits(mail(text), facts()))


def test_a_subject_fits_on_one_line_of_sixty_characters() -> None:
    assert held.mail_fits(mail(subject="x" * 61), facts()) == ["The subject has 61 characters; mail programs show 60."]
    assert held.mail_fits(mail().model_copy(update={"subject": "a\nb"}), facts()) == [
        "The subject is more than one line."
    ]
    assert held.mail_fits(mail(subject=" [^crm-1] "), facts()) == ["The subject is empty."]


def test_a_mail_in_a_language_with_letters_of_its_own_has_some_of_them() -> None:
    known = facts(language="ar")

    assert held.mail_fits(mail(known=known), known) == ["The mail should be written in the language 'ar'."]
    assert held.mail_fits(mail("هل يفيدكم ذلك؟", known=known), known) == []


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("You lose money every day.", "no source is named"),
        ("Acme moves 400 parcels a minute.[^page-1]", "400 is in no source it names"),
        ("Acme opens a hall in Marseille.[^page-1]", "Marseille is in no source it names"),
        ("Your website says “we love parcels”.[^page-1]", "says “we love parcels”"),
        ("Acme moves parcels in Lyon.[^moon]", "no tool returned the source moon"),
        ("Bananas ripen quickly beside other apples.[^page-1]", "it shares only 0 of"),
    ],
)
def test_what_is_stated_rests_on_a_passage_that_says_so(sentence: str, why: str) -> None:
    first, *_, last = held.mail_is_sourced(mail(f"{BODY}\n\n{sentence}"), facts())

    assert why in first
    assert last == "Give each its passages as they are, ask instead of stating, or take it out."


@pytest.mark.parametrize(
    "sentence",
    [
        "What slows you down?",
        "I can show you how.",
        "We would be happy to talk about Acme.",
        "If you would rather not hear from us, tell us.",
        "Kind regards",
    ],
)
def test_courtesy_needs_no_source(sentence: str) -> None:
    assert held.mail_is_sourced(mail(f"{BODY}\n\n{sentence}"), facts()) == []


def test_a_figure_does_not_hide_in_courtesy() -> None:
    assert held.mail_is_sourced(mail(f"{BODY}\n\nI can show you how to save 30 %."), facts())


def test_a_person_may_reword_a_sentence_and_it_still_rests_on_its_passage() -> None:
    text = mail().text.replace("Your website says that Acme moves", "On your website we read that Acme moves")

    assert held.mail_is_sourced(edited(text), facts()) == []


def test_a_figure_that_a_person_changed_is_told() -> None:
    problems = held.mail_is_sourced(edited(mail().text.replace("40 parcels", "90 parcels")), facts())

    assert "90 is in no source it names" in problems[0]
    assert problems[0].startswith("Line 3, ")


def test_a_subject_promises_no_figure_that_the_mail_does_not_give() -> None:
    assert held.mail_is_sourced(mail(subject="40 parcels a minute"), facts()) == []
    assert held.mail_is_sourced(mail(subject="Save 30 %"), facts())[0] == (
        "The subject gives figures that the mail does not: 30 %."
    )


def test_what_is_said_of_us_rests_on_what_we_say_of_ourselves() -> None:
    text = "Crewdesk moves 40 parcels a minute.[^page-1]"

    assert held.claims_are_ours(mail(text), facts()) == [
        "Name a passage of ours for what is said of us: “Crewdesk moves 40 parcels a minute.”."
    ]


def test_what_we_do_not_claim_is_said_by_nobody() -> None:
    assert held.claims_are_ours(mail("Crewdesk makes every model right.[^offer-1]"), facts()) == [
        "We do not claim this: “Crewdesk makes every model right.”."
    ]


def test_words_that_promise_what_nobody_can_prove_go_back() -> None:
    known = facts()
    claims = "---\ntitle: Claims\nnever: [guarantee, the leading]\n---\n" + known.inputs["house_claims"]
    known = replace(known, inputs={**known.inputs, "house_claims": claims})

    assert held.claims_are_ours(mail("We guarantee that models err less.[^offer-1]", known=known), known) == [
        "What knowledge/house/claims.md never says: “guarantee” is a word to avoid (line 3)."
    ]
    assert held.claims_are_ours(mail("You wrote of “the leading tools”.[^crm-1]", known=known), known) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("<img src='https://t.example/p.gif'> Hello?", "holds HTML or an image"),
        ("![x](https://crewdesk.example.com/p.gif) What?", "holds HTML or an image"),
        ("See https://crewdesk.example.com/?utm_source=mail", "follow the reader"),
        ("See https://bit.example/x", "lead neither to us nor to a source: https://bit.example/x"),
        ("See https://crewdesk.example.com.evil.example/x", "lead neither to us nor to a source"),
        ("See www.evil.example", "lead neither to us nor to a source"),
        ("See https://acme.example/?q=[[lead.email]]", "follow the reader"),
        ("See https://crewdesk.example.com?[[lead.last_name]]", "follow the reader"),
        ("Write to eve@evil.example", "neither ours nor the reader's: eve@evil.example"),
    ],
)
def test_a_mail_follows_nobody_and_leads_nowhere_else(text: str, problem: str) -> None:
    assert any(problem in one for one in held.no_tracking(mail(text), facts()))


@pytest.mark.parametrize("link", ["https://crewdesk.example.com/docs", "https://acme.example/jobs"])
def test_a_mail_may_lead_to_us_and_to_what_its_sources_name(link: str) -> None:
    assert held.no_tracking(mail(f"{BODY}\n\nSee {link}"), facts()) == []


def test_what_a_strangers_passage_says_is_no_place_to_lead_to() -> None:
    note = Passage("crm-2", "Note in the CRM", "CRM, L-1", "Acme says: see https://evil.example/login for more.")
    known = replace(facts(), passages={**facts().passages, "crm-2": note})
    text = f"{BODY}\n\nYou wrote: see https://evil.example/login for more.[^crm-2]"

    assert held.no_tracking(mail(text, known=known), known) == [
        "These links lead neither to us nor to a source: https://evil.example/login."
    ]


@pytest.mark.parametrize("end", [".", "@", ""])
def test_a_host_that_ends_elsewhere_in_browsers_is_none_of_ours(end: str) -> None:
    said = held.no_tracking(edited(f"See https://evil.example\\{end}crewdesk.example.com/x"), facts())

    assert ["lead neither to us nor to a source" in problem for problem in said] == [True]


def test_a_subject_leads_nowhere_either() -> None:
    (problem,) = held.no_tracking(mail(subject="Log in at www.evil.example"), facts())

    assert problem == "These links lead neither to us nor to a source: www.evil.example."


def test_the_readers_address_and_ours_may_stand_in_a_mail() -> None:
    assert (
        held.no_tracking(mail(f"{BODY}\n\nYou gave us [[lead.email]]; ours is ada@crewdesk.example.com."), facts())
        == []
    )


@pytest.mark.parametrize("left", ["[[lead.phone]]", "[Your name]", "{{first_name}}", "[[lead.company]]", "[^crm-1"])
def test_nothing_is_left_that_nobody_filled_in(left: str) -> None:
    (problem,) = held.placeholders_known(edited(f"Hello {left} there"), facts())

    assert left.rstrip("]") in problem


def test_every_check_leaves_other_outputs_alone() -> None:
    assert [problem for check in CHECKS[:5] for problem in check(need("x"), facts())] == []
    assert [problem for check in CHECKS[5:] for problem in check(mail(), facts())] == []


def test_the_other_way_to_write_it_is_held_to_the_same() -> None:
    problems = [one for check in CHECKS for one in check(mail(BODY, "You lose money every day. Why?"), facts())]

    assert problems[0] == ("In the other variant: Line 3, “You lose money every day.”: no source is named.")
