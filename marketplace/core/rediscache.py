"""Django's Redis cache with one client for all commands of a thread: making one costs more than most commands."""

from typing import Any

from django.core.cache.backends import redis


class OneClient(redis.RedisCacheClient):
    """Keeps the client of each server; clients share their pool's connections and hold nothing of their own."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._clients: dict[Any, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """The client of the server to read from or write to."""
        pool = self._get_connection_pool(write)  # type: ignore[attr-defined]  # Django's own, which the stubs leave out
        if pool not in self._clients:
            self._clients[pool] = self._client(connection_pool=pool)  # type: ignore[attr-defined]  # likewise
        return self._clients[pool]


class RedisCache(redis.RedisCache):
    """The cache of the settings."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = OneClient
