"""Names of languages in themselves, and the two letters of each (ISO 639-1)."""

from __future__ import annotations

from typing import Final

_OWN_NAMES: Final = """
ar العربية
bg български
bs bosanski
ca català
ckb کوردیی ناوەندی
cs čeština
cy Cymraeg
da dansk
de Deutsch
el ελληνικά
en English
eo esperanto
es español
et eesti
eu euskara
fa فارسی
fi suomi
fit meänkieli
fo føroyskt
fr français
ga Gaeilge
gd Gàidhlig
gl galego
he עברית
hi हिन्दी
hr hrvatski
hu magyar
hy հայերեն
id Bahasa Indonesia
is íslenska
it italiano
ja 日本語
ka ქართული
kk қазақ тілі
kl kalaallisut
kmr kurmancî
ko 한국어
ku kurdî
lt lietuvių
lv latviešu
mk македонски
mn монгол
mt Malti
nb norsk bokmål
nl Nederlands
nn norsk nynorsk
no norsk
pl polski
prs دری
ps پښتو
pt português
rm rumantsch
ro română
ru русский
se davvisámegiella
sk slovenčina
sl slovenščina
sma åarjelsaemien gïele
smj julevsámegiella
so Soomaali
sq shqip
sr српски
sv svenska
sw Kiswahili
ta தமிழ்
th ไทย
ti ትግርኛ
tl Tagalog
tr Türkçe
uk українська
ur اردو
uz oʻzbekcha
vi Tiếng Việt
yi ייִדיש
zh 中文
"""
OWN_NAMES: Final = {
    code: name for code, _, name in (row.partition(" ") for row in _OWN_NAMES.split("\n") if row)
}

TWO_LETTERS: Final = frozenset(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia
    id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo
    lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl
    ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk
    tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """.split()
)


def is_known_language(tag: str) -> bool:
    """True when a BCP 47 tag begins with a language that is known here."""
    primary = tag.lower().split("-")[0]
    return primary in TWO_LETTERS or primary in OWN_NAMES


def own_name(tag: str) -> str:
    """`English` for `en`, `português (BR)` for `pt-BR`; the tag itself where no name is known."""
    name = OWN_NAMES.get(tag.lower()) or OWN_NAMES.get(tag.lower().split("-")[0])
    if name is None:
        return tag
    _, _, rest = tag.partition("-")
    return f"{name} ({rest})" if rest else name
