"""What can go wrong in a way that somebody can mend: one class per failure, one text per code.

A problem is *data*: a code and typed fields (DESIGN, decision 12). Its words (message, cause,
remedy, the screen that mends it) are kept once, in the catalogue, under the code. A statement that
refuses a thousand rows writes a thousand codes with fields and no text at all; the screen renders
them later with the same words that an exception would have used.

The catalogue belongs to :mod:`tieout.problems`, which lies above the kernel. It hands its texts
down once, with :func:`use_catalogue`, when it is imported.

::

    class CurrencyUnknown(Problem):
        \"\"\"The currency of a row is not set up.\"\"\"

        code = "LOAD-106"
        line: int
        currency: str

    raise CurrencyUnknown(line=7, currency="XYZ")
"""

from __future__ import annotations

import dataclasses
import enum
import string
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self, TypeAlias, dataclass_transform
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Mapping

Json: TypeAlias = "bool | int | str | list[Json] | None"

NOT_RECORDED: Final = "(not recorded)"
REASON_CODE: Final = "reason_code"
"""The field of a logged problem that names the problem inside it; its fields stand beside the outer ones."""


@dataclass(frozen=True, slots=True)
class ProblemText:
    """The words of one code: templates in the catalogue, sentences once rendered.

    ``process`` names where the problem arises, ``link`` the screen that mends it (empty: none does).
    ``inner`` is the reason of a problem that only says that something failed.
    """

    code: str
    process: str
    message: str
    cause: str
    remedy: str
    link: str
    inner: ProblemText | None = None

    def nested(self) -> tuple[ProblemText, ...]:
        """Return this problem and the reasons inside it, the outer one first."""
        return (self, *(self.inner.nested() if self.inner else ()))

    def placeholders(self) -> frozenset[str]:
        """Return the names of the fields that these templates need.

        Only a bare ``{name}`` is a placeholder: an index, an attribute, a conversion or a format
        would let a catalogue row compute, so each raises :class:`ValueError`.
        """
        names: set[str] = set()
        for template in (self.message, self.cause, self.remedy):
            for _, name, format_spec, conversion in string.Formatter().parse(template):
                if name is None:
                    continue
                if format_spec or conversion or not name.isidentifier():
                    raise ValueError(
                        f"{self.code}: a placeholder is a bare {{name}}, not {name!r} in {template!r}"
                    )
                names.add(name)
        return frozenset(names)

    def filled(self, fields: Mapping[str, Json]) -> ProblemText:
        """Return the sentences for ``fields``.

        A row that was logged before its text gained a placeholder still reads: what it lacks shows
        as ``(not recorded)``.
        """
        words = dict.fromkeys(self.placeholders(), NOT_RECORDED) | {
            name: _words(v) for name, v in fields.items()
        }
        return dataclasses.replace(
            self,
            message=self.message.format_map(words),
            cause=self.cause.format_map(words),
            remedy=self.remedy.format_map(words),
        )


class UnknownCodeError(LookupError):
    """A code is not in the catalogue: a mistake in the program, since codes are never taken back."""


class _Catalogue:
    """The texts in force; replaced as a whole by :func:`use_catalogue`."""

    texts: ClassVar[Mapping[str, ProblemText]] = {}


def use_catalogue(texts: Mapping[str, ProblemText]) -> None:
    """Make ``texts`` (code to templates) the words of all problems from now on."""
    _Catalogue.texts = texts


def render(code: str, fields: Mapping[str, Json]) -> ProblemText:
    """Return the words for a code and its fields, as they stand in the problem log.

    Where the fields name the code of a reason, its words are ``inner``, with its own cause and remedy.
    Raises :class:`UnknownCodeError` for a code without a catalogue row.
    """
    try:
        template = _Catalogue.texts[code]
    except KeyError:
        raise UnknownCodeError(f"{code} is not in the problem catalogue") from None
    reason = fields.get(REASON_CODE)
    words = template.filled(fields)
    if not isinstance(reason, str) or reason == code:
        return words
    others = {name: value for name, value in fields.items() if name != REASON_CODE}
    return dataclasses.replace(words, inner=render(reason, others))


@dataclass_transform(kw_only_default=True, eq_default=False)
@dataclass(eq=False, kw_only=True, repr=False)
class Problem(Exception):  # noqa: N818  "Problem" is the word of the whole product
    """Something that a user can meet and mend. A subclass declares ``code`` and its typed fields.

    Every subclass becomes a keyword-only dataclass by being declared.
    """

    code: ClassVar[str]
    _inner: ClassVar[Problem | None] = None  # of one that only says that something failed: the reason

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        # eq=False: exceptions are compared and hashed by identity; the traceback module relies on it.
        dataclasses.dataclass(cls, eq=False, kw_only=True, repr=False)

    @classmethod
    def field_names(cls) -> frozenset[str]:
        """Return the names of the fields that every such problem carries."""
        return frozenset(field.name for field in dataclasses.fields(cls))

    def because(self, inner: Problem) -> Self:
        """Say the reason of a problem that only says that something failed; its own fields go first."""
        self.__dict__["_inner"] = inner
        return self

    def fields(self) -> dict[str, Json]:
        """Return the fields as JSON knows them: decimals, dates and identifiers as their exact text.

        Those of the reason stand beside them, and its code.
        """
        own = {name: _json(value) for name, value in self._values().items()}
        if self._inner is None:
            return own
        return {**self._inner.fields(), **own, REASON_CODE: self._inner.code}

    def as_row(self) -> dict[str, Json | dict[str, Json]]:
        """Return what the problem log keeps of it: ``{"code": ..., "fields": {...}}``, safe for JSON."""
        return {"code": self.code, "fields": self.fields()}

    @property
    def text(self) -> ProblemText:
        """The rendered words; raises :class:`UnknownCodeError` while no catalogue row has the code."""
        return render(self.code, self.fields())

    @property
    def message(self) -> str:
        """What happened, to which record."""
        return self.text.message

    @property
    def cause(self) -> str:
        """Why it happened."""
        return self.text.cause

    @property
    def remedy(self) -> str:
        """What to do next."""
        return self.text.remedy

    def __str__(self) -> str:
        # Never fails: it is what a traceback prints, also before the catalogue is loaded.
        if self.code in _Catalogue.texts:
            return f"{self.code}: {self.message}"
        return f"{self.code}: " + ", ".join(
            f"{name}={_words(value)}" for name, value in self.fields().items()
        )

    def __repr__(self) -> str:
        arguments = ", ".join(f"{name}={value!r}" for name, value in self._values().items())
        return f"{type(self).__name__}({arguments})"

    def __reduce__(self) -> tuple[Any, ...]:
        # An exception is pickled by its positional arguments; a problem has none.
        return partial(type(self), **self._values()), (), {"_inner": self._inner}

    def _values(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}


def _json(value: object) -> Json:
    """Return ``value`` for JSON without losing a digit; a type without one exact text is refused."""
    plain = value.value if isinstance(value, enum.Enum) else value
    match plain:
        case None | bool() | int() | str():
            return plain
        case Decimal():
            return format(plain, "f")
        case date():
            return plain.isoformat()
        case UUID():
            return str(plain)
        case tuple() | list():
            return [_json(item) for item in plain]
        case set() | frozenset():
            return sorted((_json(item) for item in plain), key=str)
    raise TypeError(f"a problem carries no {type(plain).__name__}: {plain!r}")


def _words(value: Json) -> str:
    """Return ``value`` as it stands in a sentence."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(_words(item) for item in value)
        case _:
            return str(value)
