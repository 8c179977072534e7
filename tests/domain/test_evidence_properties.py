"""What holds for the evidence check whatever the text."""

from __future__ import annotations

from evidence_help import check
from hypothesis import given, settings
from hypothesis import strategies as st

from crewdesk.domain.evidence import check_evidence, passages_cited
from crewdesk.domain.passages import Passage

LANGUAGES = st.sampled_from(
    ["en", "de", "ja", "zh", "ar", "hi", "th", "ru", "tr", "fr-CA", "pt_BR", "", "xx", "\ud800"]
)
MARKS = ["[^p]", "[^q]", "[^", "](", "![", "```\n", "**", "_", "> ", "- ", "1. ", "|---|\n", "|", "<!--", "-->",
         "&#50;", "\u2028", "A.\u00a0", "“", "”", '"', "。", "「", "\ud800", "½", "٣", "40%", "1,000", "May", "2024",
         "\n", "\r\n", " ", ". ", "Acme", "one", "http://x.y/1", "\\", "\x00", "年", "月"]  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(st.one_of(st.sampled_from(MARKS), st.text(max_size=4)), max_size=40).map("".join)
)
WORDS = st.sampled_from(
    [
        "gate",
        "crew",
        "cost",
        "run",
        "agent",
        "draft",
        "editor",
        "waits",
        "decides",
        "Acme",
        "OpenAI",
        "three",
        "twelve",
        "half",
        "40%",
        "2024",
        "1,200",
        "3.5",
        "v2.1",
        "GPT-4",
    ]
)
SENTENCES = st.lists(WORDS, min_size=3, max_size=15).map(lambda words: f"The {' '.join(words)}.")


@given(body=TEXTS, passage=TEXTS, language=LANGUAGES)
@settings(max_examples=300, deadline=None)
def test_no_text_makes_it_fail(body: str, passage: str, language: str) -> None:
    evidence = check_evidence(body, {"p": Passage("p", passage, "s", passage)}, language=language, vocabulary=(body,))

    lines = body.count("\n") + body.count("\r") + 1
    assert all(1 <= claim.line <= lines for claim in evidence.claims)
    assert 0 <= evidence.sourced <= evidence.statements
    assert evidence.to_json()["summary"] == evidence.summary()
    assert {name for claim in evidence.claims for name in claim.passages} <= {*passages_cited(body), *_defined(body)}


def _defined(body: str) -> set[str]:
    return {part.split("]")[0] for part in body.split("[^")[1:]}


@given(body=TEXTS, language=LANGUAGES)
@settings(max_examples=100, deadline=None)
def test_the_same_text_is_judged_the_same_twice(body: str, language: str) -> None:
    assert check(body, language=language, p=body) == check(body, language=language, p=body)


@given(sentences=st.lists(SENTENCES, min_size=1, max_size=6))
@settings(max_examples=150, deadline=None)
def test_a_copy_of_a_passage_with_its_footnotes_is_never_flagged(sentences: list[str]) -> None:
    body = " ".join(f"{sentence}[^p]" for sentence in sentences)

    evidence = check(body, p=" ".join(sentences))

    assert evidence.unsupported == ()
    assert evidence.statements == len(sentences)


@given(
    figure=st.integers(min_value=13, max_value=10**9).map(str),
    place=st.integers(min_value=0, max_value=9),
    other=st.sampled_from("123456789"),
    form=st.sampled_from(["{} runs", "{} %", "{} euros", "{} seconds", "v{}.0.1", "GPT-{}", "${}", "{} million"]),
)
@settings(max_examples=300, deadline=None)
def test_a_changed_digit_in_a_copy_is_always_flagged(figure: str, place: int, other: str, form: str) -> None:
    place %= len(figure)
    changed = figure[:place] + other + figure[place + 1 :]
    source = f"The crew of Acme counted {form.format(figure)} and the gate held."

    evidence = check(f"The crew of Acme counted {form.format(changed)} and the gate held.[^p]", p=source)

    assert bool(evidence.count("number")) == (changed != figure)


@given(
    text=st.lists(
        st.sampled_from(["gates", "open", "close", "wait", "for", "people", "who", "decide"]), min_size=3, max_size=12
    )
)
@settings(max_examples=100, deadline=None)
def test_a_changed_word_in_a_quotation_is_always_flagged(text: list[str]) -> None:
    source = f"She said: {' '.join(text)}, and left."
    text[len(text) // 2] = "zebra"

    evidence = check(f"She said “{' '.join(text)}” and left.[^p]", p=source)

    assert evidence.count("quote") == 1
