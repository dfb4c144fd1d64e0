"""The formats of an empty thread: the key a receipt leaves behind, and the keys that were sealed to it."""

from __future__ import annotations

from portal.vault import tip_channels
from portal.vault.tips import ReceiptKeys, TipKeys
from tests.portal.vault.a_format import Format
from tests.portal.vault.fixed import fixed_id, fixed_key

RECEIPT = ReceiptKeys(fixed_id("find"), fixed_key("receipt lock"))
OTHER = ReceiptKeys(fixed_id("find"), fixed_key("other"))
ID, KEYS = fixed_id("one"), TipKeys(fixed_key("one"), fixed_key("other"))
PEPPER, OLD_PEPPER = fixed_key("pepper 2"), fixed_key("pepper 1")


def _read_kept(kept: bytes, find: bytes = RECEIPT.find, peppers: tuple[bytes, ...] = (OLD_PEPPER, PEPPER)) -> object:
    """What is sealed to it opens with the receipt that left it, and with no other."""
    return tip_channels.open_channel(tip_channels.seal_channel(kept, find, ID, KEYS, peppers), RECEIPT)


CHANNELS = (
    Format(
        "tip-channel",
        lambda: tip_channels.channel(RECEIPT, PEPPER),
        _read_kept,
        (ID, KEYS),
        {"find": OTHER.find[::-1], "peppers": (OLD_PEPPER,)},
    ),
    Format(
        "tip-channel-copy",
        lambda: tip_channels.seal_channel(
            tip_channels.channel(RECEIPT, PEPPER), RECEIPT.find, ID, KEYS, (OLD_PEPPER, PEPPER)
        ),
        lambda sealed, receipt=RECEIPT: tip_channels.open_channel(sealed, receipt),
        (ID, KEYS),
        {"receipt": OTHER},
    ),
)
