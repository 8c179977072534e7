"""Words that count, measure and date, in the languages we meet most."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SMALL: Mapping[str, str] = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty",
    "de": "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn "
    "sechzehn siebzehn achtzehn neunzehn zwanzig",
    "fr": "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
    "es": "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince",
    "it": "uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici",
    "pt": "um dois três quatro cinco seis sete oito nove dez onze doze treze catorze quinze dezesseis",
    "nl": "een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien",
    "sv": "ett två tre fyra fem sex sju åtta nio tio elva tolv",
    "da": "et to tre fire fem seks syv otte ni ti elleve tolv",
    "no": "ett to tre fire fem seks sju åtte ni ti elleve tolv",
    "pl": "jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście",
    "ru": "один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать",
    "tr": "bir iki üç dört beş altı yedi sekiz dokuz on onbir oniki",
}
_MORE: Mapping[str, str] = {
    "en": "thirty=30 forty=40 fifty=50 sixty=60 seventy=70 eighty=80 ninety=90 dozen=12 twice=2 double=2 "
    "doubled=2 thrice=3 triple=3 tripled=3 half=0.5 third=3 fourth=4 fifth=5 sixth=6 seventh=7 "
    "eighth=8 ninth=9 tenth=10 eleventh=11 twelfth=12 hundred=100 thousand=1000",
    "de": "ein=1 eine=1 dreißig=30 vierzig=40 fünfzig=50 sechzig=60 siebzig=70 achtzig=80 neunzig=90 "
    "hundert=100 tausend=1000 dutzend=12 hälfte=0.5 zweimal=2 doppelt=2 dreimal=3 dreifach=3",
    "fr": "une=1 vingt=20 trente=30 quarante=40 cinquante=50 soixante=60 cent=100 mille=1000 moitié=0.5 douzaine=12",
    "es": "un=1 una=1 veinte=20 treinta=30 cuarenta=40 cincuenta=50 sesenta=60 cien=100 mil=1000 mitad=0.5 docena=12",
    "it": "un=1 una=1 venti=20 trenta=30 quaranta=40 cinquanta=50 cento=100 mille=1000 metà=0.5 dozzina=12",
    "pt": "uma=1 duas=2 vinte=20 trinta=30 quarenta=40 cinquenta=50 cem=100 mil=1000 metade=0.5 dúzia=12",
    "nl": "twintig=20 dertig=30 veertig=40 vijftig=50 honderd=100 duizend=1000 helft=0.5 dozijn=12",
}
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def number_words(language: str) -> Mapping[str, str]:
    """Give the written-out numbers of a language; none where we have no list."""
    small = {word: str(i) for i, word in enumerate(_SMALL.get(language, "").split(), start=1)}
    more = dict(pair.split("=") for pair in _MORE.get(language, "").split())
    found = small | more
    if language == "en":
        found |= {f"{ten}-{one}": f"{tens * 10 + i}" for tens, ten in enumerate(_TENS, 2) for i, one in _ONES}
    return found


_ONES = tuple(enumerate(_SMALL["en"].split()[:9], start=1))

FIRST = frozenset(_SMALL[language].split()[0] for language in _SMALL) | _set("ein eine un una une uma")
"""Words for one: mostly articles, so they are figures only before a unit."""

MAGNITUDES: Mapping[str, Decimal] = {
    word: Decimal(value)
    for value, spellings in {
        "100": "hundred hundert hundreds",
        "1000": "k thousand thousands tausend tsd mille mil duizend tysięcy тыс тысяч 千 천",
        "10000": "万 萬 만",
        "1000000": "mn mio million millions millionen millón millones milione milioni milhão milhões miljoen "
        "miljoner milionów млн миллион миллиона миллионов milyon 백만",
        "100000000": "亿 億 억",
        "1000000000": "bn mrd billion billions milliarde milliarden milliard milliards miliardo miliardi miljard "
        "miljarder млрд миллиард миллиарда миллиардов milyar",
        "1000000000000": "tn trillion trillions 兆",
    }.items()
    for word in spellings.split()
}
CAPITAL_MAGNITUDES: Mapping[str, Decimal] = {"K": Decimal(1000), "M": Decimal(10**6), "B": Decimal(10**9)}
"""Letters that scale a number only when they are capitals, as in 5M."""

UNITS: Mapping[str, str] = {
    word: unit
    for unit, spellings in {
        "%": "% percent per_cent percentage pct prozent prozentpunkte pour_cent por_ciento por_cento per_cento "
        "procent процент процента процентов yüzde パーセント 퍼센트 프로 百分点 بالمئة بالمائة",
        "USD": "$ us$ usd dollar dollars dólares dollari доллар долларов 美元 ドル 달러",
        "EUR": "€ eur euro euros евро 欧元 ユーロ 유로",
        "GBP": "£ gbp pound pounds pfund livres",
        "JPY": "jpy yen ¥ 円",
        "CNY": "cny rmb yuan 元 人民币",
        "INR": "₹ inr rupee rupees",
        "ms": "ms millisecond milliseconds millisekunde millisekunden 毫秒 ミリ秒",
        "s": "s sec secs second seconds sekunde sekunden seconde secondes segundo segundos secondo secondi "
        "секунд 秒 초",
        "min": "min mins minute minutes minuten minuto minutos minuti минут 分钟 分 분",
        "h": "h hr hrs hour hours stunde stunden heure heures hora horas ora ore uur часов 小时 時間 시간",
        "d": "day days tag tage tagen jour jours día días giorno giorni dia dias dag dagen дней 天 日間 일",
        "week": "week weeks woche wochen semaine semaines semana semanas settimana settimane weken недель 周 週間 주",
        "month": "month months monat monate monaten mois mes meses mese mesi mês maand maanden "
        "месяцев 个月 か月 ヶ月 개월",
        "year": "year years yr yrs jahr jahre jahren ans année années año años anno anni ano anos jaar лет 年間 년",
        "KB": "kb kib kilobyte kilobytes",
        "MB": "mb mib megabyte megabytes",
        "GB": "gb gib gigabyte gigabytes",
        "TB": "tb tib terabyte terabytes",
        "km": "km kilometre kilometres kilometer kilometers",
        "mile": "mile miles",
        "kg": "kg kilogram kilograms kilogramm",
        "token": "token tokens",
    }.items()
    for spelling in spellings.split()
    for word in (spelling.replace("_", " "),)
}
STRICT_UNITS = frozenset({"%", "USD", "EUR", "GBP", "JPY", "CNY", "INR"})
"""Units that a bare number in the source does not vouch for."""

MONTHS: Mapping[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january januar jänner janvier enero gennaio janeiro januari styczeń stycznia январь января ocak",
            "february februar février febrero febbraio fevereiro februari luty lutego февраль февраля şubat",
            "march märz mars marzo março maart marca март марта mart",
            "april avril abril aprile kwietnia апрель апреля nisan",
            "may mai mayo maggio maio mei maja май мая mayıs",
            "june juni juin junio giugno junho czerwca июнь июня haziran",
            "july juli juillet julio luglio julho lipca июль июля temmuz",
            "august août agosto augustus augusti sierpnia август августа ağustos",
            "september septembre septiembre settembre setembro września сентябрь сентября eylül",
            "october oktober octobre octubre ottobre outubro października октябрь октября ekim",
            "november novembre noviembre novembro listopada ноябрь ноября kasım",
            "december dezember décembre diciembre dicembre dezembro grudnia декабрь декабря aralık",
        ),
        start=1,
    )
    for name in names.split()
}
ORDINAL_NOUNS = _set(
    "quartal halbjahr jahrhundert platz stock tag mal auflage version kapitel schritt stufe kvartal årsdag poradie"
)
"""What an ordinal written with a dot counts, beside months: `im 2. Quartal`."""
NUMBER_ENDINGS = _set("st nd rd th er re e ème eme º ª ter te x s")
"""Letters that may stand right behind the digits of a number: 1st, 10x, 1990s."""
ORDINALS = _set("third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth")
"""Written-out ordinals; before a comma they only order the text."""
PREFIXES = _set("pre- post- mid- sub- top- under- over- non- early- late- multi-")
"""Small words that a number is hyphened to without making a name with it."""
CURRENCY_CODES = _set("usd eur gbp jpy cny inr rmb")
