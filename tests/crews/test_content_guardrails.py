"""What the content crew's guardrails ask an author to mend."""

from __future__ import annotations

import pytest
from content_help import BODY, STATEMENT, draft, facts, package, post, research, shares

from crewdesk.crews.content import guardrails
from crewdesk.crews.content.outputs import Publication, TopicChoice
from crewdesk.crews.output import Output
from crewdesk.crews.table import GUARDRAILS, OUTPUTS
from crewdesk.domain.facts import Facts

ADDRESS = "https://blog.example.com/posts/gates-that-wait/"
SOUND: list[Output] = [
    TopicChoice(topic="Gates", angle="Why?", why_now="Now.", confidence=1),
    research("gates-1"),
    draft(),
    package(),
    post(),
    Publication(address=ADDRESS, ready=True, confidence=1),
    shares(LinkedIn=ADDRESS, Mastodon=ADDRESS, X=ADDRESS),
]


@pytest.mark.parametrize("name", GUARDRAILS)
@pytest.mark.parametrize("output", SOUND, ids=lambda output: type(output).__name__)
def test_no_guardrail_has_anything_against_sound_work(name: str, output: Output) -> None:
    assert GUARDRAILS[name](output, facts()) == []


@pytest.mark.parametrize("name", GUARDRAILS)
@pytest.mark.parametrize("output", SOUND, ids=lambda output: type(output).__name__)
def test_a_guardrail_answers_even_when_nothing_is_known_of_the_run(name: str, output: Output) -> None:
    assert all(isinstance(problem, str) for problem in GUARDRAILS[name](output, Facts()))


def test_every_schema_was_tried() -> None:
    ours = {name for name, schema in OUTPUTS.items() if schema.__module__ == Publication.__module__}

    assert {type(output).__name__ for output in SOUND} == ours


def test_a_finding_must_rest_on_a_passage_that_a_tool_returned() -> None:
    found = guardrails.passages_exist(research("gates-1", "gates-11", "moon"), facts())

    assert found == ["No tool returned these passages: gates-11 (did you mean gates-1?), moon."]


def test_a_footnote_must_lead_to_a_passage_that_a_tool_returned() -> None:
    found = guardrails.footnotes_exist(draft(f"{BODY} Gates never fail.[^moon]"), facts())

    assert found == ["No tool returned these passages: moon."]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("# Head\n\nToo short.[^gates-1]", "The text has 2 words; a post needs 120 at least."),
        (f"# Gates that wait\n\n{BODY}", "The text begins with a title"),
    ],
)
def test_a_draft_must_say_something_and_leave_its_title_out(body: str, said: str) -> None:
    found = guardrails.has_body(draft(body), facts())

    assert [problem for problem in found if problem.startswith(said)]


def test_a_japanese_draft_is_long_enough_by_its_characters() -> None:
    assert guardrails.has_body(draft("門は人が決めるまで待つ。" * 25, language="ja"), facts()) == []


def test_one_sentence_without_source_is_named_with_its_line() -> None:
    found = guardrails.every_fact_sourced(draft(f"{STATEMENT}\n\nGates never fail."), facts())

    assert found == ["1 sentence names no source; give each its footnote or take it out: line 3, “Gates never fail.”."]


def test_ten_sentences_are_named_at_most_and_long_ones_are_cut() -> None:
    body = "\n\n".join(f"The gate of {'many ' * 20}people never fails." for _ in range(12))

    [found] = guardrails.every_fact_sourced(draft(body), facts())

    assert found.startswith("12 sentences name no source")
    assert found.count("line ") == 10
    assert found.count("many …”") == 10


def test_figures_that_are_in_no_source_are_left_to_the_person_at_the_gate() -> None:
    assert guardrails.every_fact_sourced(draft("A gate waits for 45 days.[^gates-1]"), facts()) == []


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("title", "A gate " * 9, "The title has 63 characters; results show 60."),
        ("title", "門は人が決めるまで待つ設計要素である" * 2, "The title has 72 characters; results show 60."),
        ("description", "A gate waits.", "The meta description has 13 characters; say 50 to 160."),
        ("slug", "..", "The slug '..' should be words in small letters with single hyphens between."),
        ("slug", "a\\b", "The slug 'a\\\\b' should be"),
        ("slug", "Gates--wait-", "The slug 'Gates--wait-' should be"),
        ("keywords", ["gate", "zebra gate"], "These keywords are not in the text: zebra gate."),
        ("title", "73 % of gates wait", "The title or description gives figures that the text does not: 73 %."),
    ],
)
def test_a_search_result_that_does_not_fit_is_sent_back(field: str, value: object, problem: str) -> None:
    for output in (package(**{field: value}), post(**{field: value})):
        found = guardrails.search_result_fits(output, facts())

        assert [said for said in found if said.startswith(problem)], found


@pytest.mark.parametrize("slug", ["gates-that-wait", "v2-1", "人が決める", "über-gates", "गेट-प्रतीक्षा"])
def test_a_slug_may_be_in_any_script(slug: str) -> None:
    assert guardrails.search_result_fits(package(slug=slug), facts()) == []


def test_a_link_must_begin_at_words_of_the_text() -> None:
    links = [{"anchor": "named person", "slug": "people"}, {"anchor": "zebra", "slug": "animals"}]

    assert guardrails.links_exist(package(links=links), facts()) == [
        "These words for links are not in the text: zebra."
    ]


@pytest.mark.parametrize(
    ("texts", "problem"),
    [
        ({"LinkedIn": ADDRESS, "Mastodon": ADDRESS}, "X needs one draft; there are 0."),
        ({"LinkedIn": ADDRESS, "Mastodon": ADDRESS, "X": ADDRESS, "Fax": ADDRESS}, "Nobody asked for a draft for Fax."),
        (
            {"LinkedIn": ADDRESS, "Mastodon": ADDRESS, "X": "Read it."},
            "The draft for X does not give the post's address.",
        ),
        (
            {"LinkedIn": ADDRESS, "Mastodon": ADDRESS, "X": ADDRESS + "a" * 280},
            f"The draft for X has {280 + len(ADDRESS)} characters; 280 fit.",
        ),
    ],
)
def test_each_network_gets_one_draft_within_its_limit(texts: dict[str, str], problem: str) -> None:
    assert guardrails.within_limits(shares(**texts), facts()) == [problem]


def test_a_letter_with_its_accent_is_one_character() -> None:
    text = ADDRESS + "e\u0301" * 10

    assert guardrails.within_limits(shares(Short=text), facts(networks="Short 60")) == []


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("LinkedIn 1300, Mastodon: 500; X (280)", {"LinkedIn": 1300, "Mastodon": 500, "X": 280}),
        ("LinkedIn 1300\nBluesky = 300 characters", {"LinkedIn": 1300, "Bluesky": 300}),
        ("", {}),
        ("no limits here", {}),
    ],
)
def test_limits_are_read_as_people_write_them(text: str, limits: dict[str, int]) -> None:
    assert guardrails.network_limits(text) == limits
