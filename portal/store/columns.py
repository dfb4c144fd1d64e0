"""Names the kinds of columns that a server and a file have to be told apart for."""

from typing import Final

from sqlalchemy import BigInteger, Integer

# Seconds since 1970. A server counts an Integer in four bytes, which end in 2038; a file does not.
Seconds: Final = BigInteger().with_variant(Integer(), "sqlite")
