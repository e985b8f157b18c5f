"""BCP 47 tags as the three letters of ISO 639-2/T, for tags that have room for no more."""

from __future__ import annotations

from typing import Final

UNKNOWN: Final = "und"

TABLE: Final = """
af=afr am=amh ar=ara az=aze be=bel bg=bul bn=ben bs=bos ca=cat ckb=kur cs=ces cy=cym da=dan
de=deu el=ell en=eng eo=epo es=spa et=est eu=eus fa=fas fi=fin fit=fiu fo=fao fr=fra fy=fry
ga=gle gd=gla gl=glg gu=guj he=heb hi=hin hr=hrv hu=hun hy=hye id=ind is=isl it=ita ja=jpn
ka=kat kk=kaz kl=kal km=khm kmr=kur ko=kor ku=kur la=lat lb=ltz lo=lao lt=lit lv=lav mk=mkd
mn=mon mr=mar ms=msa mt=mlt my=mya nb=nob ne=nep nl=nld nn=nno no=nor pa=pan pl=pol prs=fas
ps=pus pt=por rm=roh ro=ron ru=rus se=sme si=sin sk=slk sl=slv so=som sq=sqi sr=srp sv=swe
sw=swa ta=tam te=tel th=tha ti=tir tl=tgl tr=tur uk=ukr ur=urd uz=uzb vi=vie yi=yid zh=zho
"""
THREE_LETTERS: Final = dict(pair.split("=") for pair in TABLE.split())


def three_letters(language: str) -> str:
    """`sv-SE` is `swe`; three letters stay as they are; the unknown is `und`."""
    primary = language.lower().split("-")[0]
    if primary in THREE_LETTERS:
        return THREE_LETTERS[primary]
    is_code = len(primary) == 3 and primary.isascii() and primary.isalpha()
    return primary if is_code else UNKNOWN
