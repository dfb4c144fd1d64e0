"""Decides which sign-in names and passphrases are good enough, without asking anybody outside."""

import unicodedata
from functools import cache
from typing import ClassVar, Final

from portal.errors import PorchlightError

SHORTEST: Final = 15
LONGEST: Final = 256
LONGEST_NAME: Final = 60
FIRST: Final = 3000  # of the list (ASVS 5.0, 6.2.4)
MOST_PIECES: Final = 3  # so few of them in a row are guessed in a day on one machine

# Rows of keys and the alphabet: a passphrase that only walks along one of them is a first guess.
_ROWS: Final = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "azertyuiopqsdfghjklmwxcvbn", "01234567890")

# Words that make up the long entries of the public lists of stolen passwords, in the desk's two languages, and the
# words of this house. A passphrase of nothing else is guessed within the first thousand tries.
_COMMON_WORDS: Final = """
    administrator administrateur advocate hotline porchlight password passphrase passwort motdepasse secret welcome
    bienvenue bonjour letmein iloveyou jetaime admin master monkey dragon sunshine princess football baseball superman
    batman qwerty azerty correct horse battery staple trustno changeme default please login signin summer winter
    spring autumn hello world test user pass word this that my is the a i you love me and for one two three soleil
    chouchou doudou loulou azert abc xyz qaz wsx edc asdf zxcv
"""
_COMMON: Final = frozenset(_COMMON_WORDS.split())


class PassphraseWeak(PorchlightError):
    """The passphrase is too short, too long or among the first that anybody would try."""

    phrase: ClassVar[str] = "desk.error.passphrase_weak"
    status: ClassVar[int] = 422


class PassphraseShort(PassphraseWeak):
    """Fewer than 15 characters."""

    phrase: ClassVar[str] = "desk.error.passphrase_short"


class PassphraseLong(PassphraseWeak):
    """More than 256 characters."""

    phrase: ClassVar[str] = "desk.error.passphrase_long"


class NameWrong(PorchlightError):
    """A sign-in name is empty, too long, or holds signs that are no letters."""

    phrase: ClassVar[str] = "desk.error.name_wrong"
    status: ClassVar[int] = 422


def fold_name(typed: str) -> str:
    """The one form of a sign-in name: NFKC, folded case, no space around. Never raises; the result may be empty."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()[:LONGEST_NAME]


def check_name(typed: str) -> str:
    """The folded name of a new account. Raises NameWrong when it is empty, too long or holds control signs."""
    name = unicodedata.normalize("NFKC", typed).strip()
    if not 2 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise NameWrong("name")
    return fold_name(name)


def passphrase_bytes(typed: str) -> bytes:
    """What is hashed: NFC as UTF-8, so that two keyboards write the same passphrase. Spaces count."""
    return unicodedata.normalize("NFC", typed).encode()


def check_passphrase(typed: str, name: str) -> bytes:
    """The bytes of a new passphrase, or PassphraseShort, PassphraseLong, PassphraseWeak.

    No rule about signs and digits: length is what counts (NIST SP 800-63B), and what everybody would try first is
    refused: one sign or word repeated, a walk along the keys, common words alone, the sign-in name and little else.
    """
    normal = unicodedata.normalize("NFC", typed)
    if len(normal) < SHORTEST:
        raise PassphraseShort("short")
    if len(normal) > LONGEST:
        raise PassphraseLong("long")
    folded = "".join(sign for sign in unicodedata.normalize("NFKC", normal).casefold() if sign.isalnum())
    rest = folded.replace("".join(sign for sign in name if sign.isalnum()) or "\0", "")
    if len(set(rest)) < 5 or _repeats(folded) or _walks(folded) or _is_common(rest) or _is_listed(folded, rest):
        raise PassphraseWeak("weak")
    return passphrase_bytes(normal)


def _repeats(folded: str) -> bool:
    # A text that is one piece said over and over is found inside its own double, shifted.
    at = (folded + folded).find(folded, 1)
    return at < len(folded) and at <= 8


def _walks(folded: str) -> bool:
    # Pairs that are neighbours on a row, in either direction; nine in ten of them make a walk.
    neighbours = {row[at : at + 2] for line in _ROWS for row in (line, line[::-1]) for at in range(len(row) - 1)}
    pairs = [folded[at : at + 2] for at in range(len(folded) - 1)]
    return sum(pair in neighbours for pair in pairs) >= 0.9 * len(pairs)


def _is_common(rest: str) -> bool:
    letters = "".join(sign for sign in rest if sign.isalpha())
    if len(letters) < 3:
        return True  # digits alone: a date, a phone number
    return _pieces(letters, _COMMON) is not None


def _is_listed(folded: str, rest: str) -> bool:
    """Whether it is on the public lists of stolen passwords, or two or three of their first three thousand in a row."""
    listed = stolen()
    letters = "".join(sign for sign in rest if sign.isalpha())
    pieces = _pieces(letters, first_stolen())
    return folded in listed or (pieces is not None and pieces <= MOST_PIECES)


def _pieces(letters: str, words: frozenset[str]) -> int | None:
    """Of how few of these words the text consists; None when it does not. Counted forward: no text makes it slow."""
    longest = max(map(len, words))
    fewest: list[int | None] = [0]
    for end in range(1, len(letters) + 1):
        ways = [at for at in range(max(0, end - longest), end) if letters[at:end] in words]
        least = min((before for at in ways if (before := fewest[at]) is not None), default=None)
        fewest.append(None if least is None else least + 1)
    return fewest[-1]


@cache
def stolen() -> tuple[str, ...]:
    """Passwords that were stolen, the most frequent first: thirty thousand, out of a package, asked of nobody.

    Read when the first passphrase is chosen: most processes never need it.
    """
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return tuple(FREQUENCY_LISTS["passwords"])


@cache
def first_stolen() -> frozenset[str]:
    """The first three thousand of them that could be a word of a passphrase."""
    return frozenset(word for word in stolen()[:FIRST] if len(word) > 2)
