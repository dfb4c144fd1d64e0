"""The guarded door of pictures: one of this visit's own tip, and no other."""

from sqlalchemy.ext.asyncio import AsyncConnection

from portal.errors import NotThere
from tips.access import Visit
from tips.files import store
from tips.files.store import StoredFile


async def file_for_visit(connection: AsyncConnection, visit: Visit, file_id: bytes) -> StoredFile | None:
    """The picture, or None when nothing has this id yet. Raises NotThere for one of another tip."""
    file = await store.read_file(connection, file_id)
    if file is not None and file.tip != visit.tip:
        raise NotThere("no such picture")
    return file
