"""Names the kinds of columns, and the ways to look one up, that a server and a file have to be told apart for."""

from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Column, ColumnElement, Integer, literal
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

# Seconds since 1970. A server counts an Integer in four bytes, which end in 2038; a file does not.
Seconds: Final = BigInteger().with_variant(Integer(), "sqlite")


_SERVER: Final = postgresql.dialect()  # type: ignore[no-untyped-call]


def is_small_on_a_server(column: Column[Any]) -> bool:
    """Whether a server keeps this number in four bytes; a file takes any."""
    kind = column.type.dialect_impl(_SERVER)
    return isinstance(kind, Integer) and not isinstance(kind, BigInteger)


class _Begins(FunctionElement[bool]):
    """Column, pattern of LIKE, pattern of GLOB."""

    type = Boolean()
    name = "begins"
    inherit_cache = True


def begins(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """Whether a column begins with this word of ours, which holds no sign of a pattern but the underline.

    In a file LIKE takes no heed of capitals, and so of no index; GLOB takes both.
    """
    return _Begins(column, literal(f"{word}%"), literal(f"{word}*"))


@compiles(_Begins)
def _like(element: _Begins, compiler: SQLCompiler, **more: Any) -> str:  # Any: what a compiler hands on
    column, like, _ = element.clauses
    return f"{compiler.process(column, **more)} LIKE {compiler.process(like, **more)}"


@compiles(_Begins, "sqlite")
def _glob(element: _Begins, compiler: SQLCompiler, **more: Any) -> str:  # Any: as above
    column, _, glob = element.clauses
    return f"{compiler.process(column, **more)} GLOB {compiler.process(glob, **more)}"
