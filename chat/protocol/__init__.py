"""The words spoken over the chat's websockets, one module for each speaker; `PROTOCOL.md` tells them to a reader."""
