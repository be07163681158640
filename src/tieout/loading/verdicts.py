"""Why a record that was judged fit was not entered after all: what its stage refuses, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from tieout.database.landing import ALREADY_THERE, CHANGED, LOADED, Verdict
from tieout.finance.general.problems import REFUSED as REFUSED_GENERAL
from tieout.kernel.problems import Problem
from tieout.loading.columns import Chunk
from tieout.loading.judging import key_words
from tieout.loading.reference_problems import REFUSED
from tieout.operations.journals.problems import REFUSED as REFUSED_LINES

_REFUSED: Final[Mapping[str, type[Problem]]] = {**REFUSED, **REFUSED_LINES, **REFUSED_GENERAL}
ENTERED: Final = frozenset({LOADED, CHANGED, ALREADY_THERE})


def refusals(chunk: Chunk, verdicts: Iterable[Verdict]) -> dict[int, Problem]:
    """Return the problem of each record that was not entered, by place."""
    return {one.row: _refusal(chunk, one) for one in verdicts if one.outcome not in ENTERED}


def _refusal(chunk: Chunk, verdict: Verdict) -> Problem:
    entity, key = chunk.format.entity, chunk.format.key
    said = {
        "row": chunk.number(verdict.row),
        "key": key_words(entity, [chunk.value(name, verdict.row) for name in key]),
        "field": verdict.field,
        "stored": verdict.stored,
        "value": verdict.value,
    }
    kind = _REFUSED.get(verdict.outcome)
    if kind is None:
        raise LookupError(f"{verdict.outcome} is no verdict of entering")
    return kind(**{name: said[name] for name in kind.field_names()})
