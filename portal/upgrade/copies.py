"""Says whether there is a backup to go back to, of this house, young enough and not cut off, without opening one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from portal.backup.take import day_of
from portal.upgrade.finding import Finding, Weight
from portal.vault.backups import Kind, is_cut, read_cover
from portal.vault.errors import SealBroken

OLDEST_BACKUP_DAYS: Final = 1


def copies(folder: Path | None, today: date, root: bytes | None) -> Iterator[Finding]:
    """What can be said of a folder of backups from outside; `root` is this house's key, where it has one."""
    if folder is None:
        yield Finding(Weight.READ, "Nothing is known about a backup: name its folder with --backups.")
        return
    if not folder.is_dir():
        yield Finding(Weight.STOP, f"There is no folder {folder}: name the one the backups are in.")
        return
    dated = ((day_of(path), path.stat().st_mtime, path) for path in folder.glob("porchlight-*.house"))
    found = sorted((day, written, path) for day, written, path in dated if day is not None)
    if not found:
        cut = "; one was cut off (.part)" if list(folder.glob("porchlight-*.part")) else ""
        yield Finding(Weight.STOP, f"There is no backup in {folder}{cut}: take one first.")
        return
    day, _, newest = found[-1]
    keys = newest.with_suffix(".keys")
    age = (today - day).days
    if not keys.exists():
        yield Finding(Weight.STOP, f"The backup of {day} has lost its .keys file: take another.")
    elif wrong := _wrong(newest, Kind.HOUSE, root) or _wrong(keys, Kind.KEYS, root):
        yield Finding(Weight.STOP, f"{wrong}: take another.")
    elif age > OLDEST_BACKUP_DAYS:
        yield Finding(Weight.STOP, f"The newest backup is {age} days old: take one first.")
    else:
        yield Finding(Weight.FINE, f"The newest backup is of {day}, and from outside whole: `verify` opens it.")


def _wrong(path: Path, kind: Kind, root: bytes | None) -> str:
    """What is wrong with this file, as far as it shows without the sheets; empty where nothing does."""
    try:
        with path.open("rb") as source:
            cover = read_cover(source)
            if cover.kind is not kind:
                return f"{path.name} is no {kind.name.lower()} file"
            if root is not None and cover.root_public != root:
                return f"{path.name} is of another house, or from before its sheets were made anew"
            return f"{path.name} was cut off" if is_cut(source) else ""
    except SealBroken:
        return f"{path.name} was cut off, or is no backup"
    except OSError as error:
        return f"{path.name} cannot be read ({error.strerror})"
