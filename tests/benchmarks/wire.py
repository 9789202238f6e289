"""The least HTTP/1.1 a load needs: one keep-alive connection, complete answers, nothing interpreted."""

import asyncio
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection to one server."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    host: str

    @classmethod
    async def open(cls, url: str) -> Self:
        """A connection to the server of `url`."""
        parts = urlsplit(url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        return cls(reader, writer, parts.netloc)

    async def post(self, path: str, body: bytes, headers: str) -> bytes:
        """The body of the answer to a POST; `headers` are whole lines."""
        head = f"POST {path} HTTP/1.1\r\nHost: {self.host}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
        self.writer.write(head.encode() + body)
        answer = await self.reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(answer.decode())
        length = answer.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        return await self.reader.readexactly(int(length))

    def close(self) -> None:
        """Closes the connection."""
        self.writer.close()
