"""The relay job on Django Channels: a group for each conversation, as its documentation's chat does it."""

from __future__ import annotations

import json
import os
from typing import Any

import django
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import path

LAYERS = {"core": "channels_redis.core.RedisChannelLayer", "pubsub": "channels_redis.pubsub.RedisPubSubChannelLayer"}
# redis-py raises beyond 100 connections of its own, and ends a wait after 5 s, as long as the core layer blocks.
HOST = {"address": os.environ["REDIS_URL"], "max_connections": 1000, "socket_timeout": None}

settings.configure(
    SECRET_KEY=os.urandom(32).hex(),
    ALLOWED_HOSTS=["127.0.0.1"],
    INSTALLED_APPS=["channels"],
    ROOT_URLCONF=__name__,
    CHANNEL_LAYERS={"default": {"BACKEND": LAYERS[os.environ["LAYER"]], "CONFIG": {"hosts": [HOST]}}},
    LOGGING_CONFIG=None,
)
django.setup()


class Relay(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One socket of either side."""

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """First the conversations it joins, then words: sent to the group of the other side, then acknowledged."""
        said = json.loads(text_data or "")
        if "join" in said:
            self.side, other = said["as"], {"visitor": "advocate", "advocate": "visitor"}
            self.other = other[self.side]
            for name in said["join"]:
                await self.channel_layer.group_add(f"{name}.{self.side}", self.channel_name)
            await self.send(text_data=json.dumps({"joined": len(said["join"])}))
            return
        event = {"type": "words", "text": text_data}
        await self.channel_layer.group_send(f"{said['talk']}.{self.other}", event)
        await self.send(text_data=json.dumps({"talk": said["talk"], "taken": said["key"]}))

    async def words(self, event: dict[str, Any]) -> None:
        """Words of the other side."""
        await self.send(text_data=event["text"])


urlpatterns: list[Any] = []
app = ProtocolTypeRouter({"http": get_asgi_application(), "websocket": URLRouter([path("relay", Relay.as_asgi())])})
