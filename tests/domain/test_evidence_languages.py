"""The evidence check in languages other than English: the true sentence passes, the false one is flagged."""

# ruff: noqa: E501 - a table reads best with a case on each line

from __future__ import annotations

import pytest
from evidence_help import check, flags

CASES = [
    ("de", "Die Kosten fielen 2024 um 40 Prozent.", "2024 fielen die Kosten um 40 %.", "2024 fielen die Kosten um 41 %.", "41 %"),
    ("de", "Zwölf Teams nutzen Acme.", "12 Teams nutzen Acme.", "13 Teams nutzen Acme.", "13"),
    ("de", "Es kostet 1.000 Euro.", "Es kostet 1000 €.", "Es kostet 2.000 €.", "2.000 €"),
    ("fr", "Les coûts ont baissé de 3,5 millions d'euros.", "Les coûts ont baissé de 3,5 millions.", "Les coûts ont baissé de 4,5 millions.", "4,5 millions"),
    ("fr", "Trois équipes sur 12 ont échoué.", "Les 3 équipes ont échoué.", "Les quatre équipes ont échoué.", "quatre"),
    ("es", "Los costes bajaron un 40 por ciento.", "Los costes bajaron un 40 %.", "Los costes bajaron un 14 %.", "14 %"),
    ("it", "I costi sono scesi del 40 per cento.", "I costi sono scesi del 40%.", "I costi sono scesi del 45%.", "45%"),
    ("pt", "Os custos caíram 40 por cento em março de 2024.", "Os custos caíram 40%.", "Os custos caíram 4%.", "4%"),
    ("nl", "De kosten daalden met 40 procent.", "De kosten daalden met 40%.", "De kosten daalden met 30%.", "30%"),
    ("ru", "В 2024 году расходы упали на 40 процентов.", "Расходы упали на 40 %.", "Расходы упали на 50 %.", "50 %"),
    ("tr", "Maliyetler %40 düştü.", "Maliyetler %40 düştü.", "Maliyetler %45 düştü.", "%45"),
    ("ja", "コストは2024年に40%減少した。", "2024年、コストは40パーセント減少した。", "コストは2024年に45%減少した。", "45%"),
    ("zh", "2024年成本下降了40%。", "成本在2024年下降了百分之40。", "成本在2024年下降了百分之50。", "百分之50"),
    ("ko", "비용은 2024년에 40퍼센트 줄었다.", "비용은 40% 줄었다.", "비용은 45% 줄었다.", "45%"),
    ("ar", "انخفضت التكاليف بنسبة 40% في عام 2024.", "انخفضت التكاليف بنسبة ٤٠٪.", "انخفضت التكاليف بنسبة ٤٥٪.", "٤٥٪"),
    ("fa", "هزینه‌ها ۴۰٪ کاهش یافت.", "هزینه‌ها 40% کاهش یافت.", "هزینه‌ها ۴۵٪ کاهش یافت.", "۴۵٪"),
    ("he", "העלויות ירדו ב-40% בשנת 2024.", "העלויות ירדו ב-40%.", "העלויות ירדו ב-45%.", "45%"),
    ("hi", "लागत 40% घटी।", "लागत ४०% घटी।", "लागत ४५% घटी।", "४५%"),
    ("th", "ต้นทุนลดลง 40% ในปี 2024", "ต้นทุนลดลง ๔๐%", "ต้นทุนลดลง ๔๕%", "๔๕%"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "source", "true", "false", "figure"), CASES)
def test_a_true_figure_passes_and_a_false_one_is_flagged(
    language: str, source: str, true: str, false: str, figure: str
) -> None:
    assert flags(true, source, language=language) == []
    assert ("number", figure) in flags(false, source, language=language)


@pytest.mark.parametrize(
    ("language", "sentence", "said"),
    [
        ("de", "Sie sagt: „Nichts geht hinaus.“", "Nichts geht hinaus"),
        ("de", "Sie sagt: »Nichts geht hinaus.«", "Nichts geht hinaus"),
        ("fr", "Elle dit : « Rien ne sort. »", "Rien ne sort"),
        ("sv", "Hon säger: ”Inget lämnar huset.”", "Inget lämnar huset"),
        ("ja", "彼女は「何も出ない」と言った。", "何も出ない"),
        ("zh", "她说：“什么都不出去。”", "什么都不出去"),
        ("ar", "قالت: «لا شيء يخرج».", "لا شيء يخرج"),
        ("en", 'She says, "Nothing leaves."', "Nothing leaves"),
        ("en", "She says, ‘Nothing leaves.’", "Nothing leaves"),
        ("en", "She says, 'Nothing leaves.'", "Nothing leaves"),
    ],
)
def test_a_quotation_in_any_style_is_compared_word_for_word(language: str, sentence: str, said: str) -> None:
    before = sentence.partition(said)[0]

    assert "quote" not in [kind for kind, _ in flags(sentence, f"{before} {said}", language=language)]
    assert "quote" in [kind for kind, _ in flags(sentence, before, language=language)]


@pytest.mark.parametrize(
    ("language", "sentence", "source", "missing"),
    [
        ("de", "Die Kosten fielen bei Contoso Labs.", "Die Kosten fielen.", "Contoso Labs"),
        ("de", "Die Kosten fielen laut der NASA.", "Die Kosten fielen.", "NASA"),
        ("fr", "Les coûts ont baissé chez Contoso.", "Les coûts ont baissé.", "Contoso"),
        ("ru", "Расходы упали в Москве.", "Расходы упали.", "Москве"),
        ("ja", "OpenAIのコストは減少した。", "コストは減少した。", "OpenAI"),
        ("ar", "انخفضت التكاليف في OpenAI كثيرا.", "انخفضت التكاليف كثيرا.", "OpenAI"),
    ],
)
def test_a_name_the_source_lacks_is_flagged(language: str, sentence: str, source: str, missing: str) -> None:
    assert ("name", missing) in flags(sentence, source, language=language)


def test_a_name_may_stand_in_another_case() -> None:
    assert flags("Расходы упали в Москве.", "Расходы упали. Москва растёт.", language="ru") == []


def test_german_nouns_are_no_names() -> None:
    assert flags("Der Aufwand sinkt mit jeder Prüfung.", "Die Prüfung senkt den Aufwand.", language="de") == []


@pytest.mark.parametrize(
    ("language", "body", "expected"),
    [
        ("ja", "これは事実です。[^p]次の文。", [("これは事実です。", ("p",)), ("次の文。", ())]),
        ("zh", "成本下降。[^p][^q]世界很大。", [("成本下降。", ("p", "q")), ("世界很大。", ())]),
        ("ar", "هذا نص.[^p] وهذا آخر.", [("هذا نص.", ("p",)), ("وهذا آخر.", ())]),
        ("hi", "यह एक वाक्य है।[^p] यह दूसरा वाक्य है।", [("यह एक वाक्य है।", ("p",)), ("यह दूसरा वाक्य है।", ())]),
        ("de", "Am 3. Mai kam z. B. Dr. Ott.[^p] Sie ging.", [("Am 3. Mai kam z. B. Dr. Ott.", ("p",)), ("Sie ging.", ())]),
    ],
)  # fmt: skip
def test_a_footnote_belongs_to_the_sentence_it_follows(
    language: str, body: str, expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert [(claim.sentence, claim.passages) for claim in check(body, language=language).claims] == expected


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "Prüfen Sie jeden Schritt."),
        ("de", "Was kostet das?"),
        ("fr", "Commencez par un seul agent."),
        ("es", "Mida el coste de cada paso."),
        ("ja", "各ステップを確認してください。"),
        ("ja", "価格は上がりますか。"),
        ("zh", "请检查每一步。"),
        ("ar", "هل هذا صحيح؟"),
    ],
)
def test_instructions_and_questions_state_nothing(language: str, sentence: str) -> None:
    assert check(sentence, language=language).claims == ()
