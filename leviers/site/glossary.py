"""What acronyms and words of the trade mean, and where a page says it: at their first use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache

from markupsafe import escape

# Each with the words that it stands for and, where they do not say enough, what that is.
GLOSSARY: dict[str, tuple[str, str]] = {
    "AASQA": ("association agréée de surveillance de la qualité de l'air", "une par région"),
    "ADEME": ("Agence de la transition écologique", ""),
    "ALDO": ("outil de l'ADEME sur le carbone des sols et des forêts", "une estimation, d'une année"),
    "CITEPA": ("association qui tient l'inventaire national des émissions", ""),
    "COG": ("code officiel géographique de l'Insee", "la liste des communes et de leurs codes"),
    "COP": ("conférence des parties", "ici la COP régionale, où l'État et les collectivités répartissent l'effort"),
    "CPER": ("contrat de plan État-Région", ""),
    "CRTE": ("contrat pour la réussite de la transition écologique", "entre l'État et un groupe de communes"),
    "DPE": ("diagnostic de performance énergétique", "classe un logement de A à G"),
    "EPCI": ("établissement public de coopération intercommunale", "une intercommunalité"),
    "GPL": ("gaz de pétrole liquéfié", ""),
    "HVE": ("haute valeur environnementale", "un label agricole"),
    "hub": (
        "hub d'indicateurs territoriaux de transition écologique de l'Ecolab (CGDD)",
        "la plateforme de l'État qui publie ces séries par territoire",
    ),
    "IGT": ("inventaire territorialisé des gaz à effet de serre", ""),
    "ISDND": ("installation de stockage de déchets non dangereux", "une décharge"),
    "kit COP": (
        "données de travail que le SGPE a remises aux COP",
        "cibles par levier, ratios, valeurs observées dans l'unité des cibles",
    ),
    "PCAET": (
        "plan climat-air-énergie territorial",
        "obligatoire pour une intercommunalité à partir d'une taille que fixe la loi",
    ),
    "PPE": ("programmation pluriannuelle de l'énergie", "l'objectif national pour chaque énergie"),
    "SDES": ("service statistique du ministère de la transition écologique", ""),
    "SEQE": ("système d'échange de quotas d'émission", "de grands sites y déclarent leurs émissions"),
    "SEQE-UE": (
        "système d'échange de quotas d'émission de l'Union européenne",
        "de grands sites y déclarent leurs émissions",
    ),
    "séries raboutées": ("deux séries mises bout à bout", "la seconde prolonge la première depuis une année commune"),
    "SGPE": ("secrétariat général à la planification écologique", ""),
    "SNBC": ("stratégie nationale bas-carbone", "la trajectoire d'émissions de la France"),
    "SRADDET": (
        "schéma régional d'aménagement, de développement durable et d'égalité des territoires",
        "le plan de la Région, que les documents locaux prennent en compte",
    ),
    "UTCATF": ("utilisation des terres, changement d'affectation des terres et foresterie", ""),
}
_TERMS = re.compile(
    r"(?<![\w-])(?:" + "|".join(sorted(map(re.escape, GLOSSARY), key=len, reverse=True)) + r")(?![\w-])"
)
_READ = re.compile(r"(<[^>]*>)(\s*[^<\s][^<]*)")
_UNEXPLAINED = re.compile(r"<(?:title|desc|text|option|script|style|code|dfn|abbr)\b")
PRINTED = re.compile(r"(<section class=\"fiche.*?</section>)", re.DOTALL)


def explained(html: str, written: Callable[[str], str]) -> str:
    """A page that explains each term at its first use on the screen; the printed sheet has its own list.

    ``written`` gives a text its typography.
    """
    seen: set[str] = set()

    def in_text(found: re.Match[str]) -> str:
        tag, text = found.groups()
        return found[0] if _terms_in(text) <= seen or _UNEXPLAINED.match(tag) else tag + _TERMS.sub(at_first, text)

    def at_first(found: re.Match[str]) -> str:
        term = found[0]
        if term in seen:
            return term
        seen.add(term)
        meaning = written(" : ".join(filter(None, GLOSSARY[term])))
        return f'<abbr title="{escape(meaning)}">{term}</abbr>'

    return "".join(part if i % 2 else _READ.sub(in_text, part) for i, part in enumerate(PRINTED.split(html)))


def terms_of(html: str) -> Iterable[tuple[str, str]]:
    """The terms that a text uses, each with the words that it stands for."""
    used = {term for found in _READ.finditer(html) for term in _terms_in(found[2])}
    return [(term, words) for term, (words, _) in GLOSSARY.items() if term in used]


@cache  # the same words stand on many pages
def _terms_in(text: str) -> frozenset[str]:
    return frozenset(_TERMS.findall(text))
