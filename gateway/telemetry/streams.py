"""Figures of subscriptions and of the WebSockets that some of them come on."""

from prometheus_client import CollectorRegistry, Counter, Gauge


class StreamMetrics:
    """What is open, what was, and how it ended. Transports and endings are of our own naming."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.open = Gauge("gateway_streams", "Subscriptions that are open.", ["transport"], registry=registry)
        self.opened = Counter(
            "gateway_streams_opened_total", "Subscriptions that were opened.", ["transport"], registry=registry
        )
        self.closed = Counter(
            "gateway_streams_closed_total",
            "Subscriptions by why they ended.",
            ["transport", "ending"],
            registry=registry,
        )
        self.messages = Counter(
            "gateway_stream_messages_total", "Answers to events of subscriptions.", ["transport"], registry=registry
        )
        self.sockets = Gauge("gateway_sockets", "WebSockets that are open.", registry=registry)
        self.sockets_closed = Counter(
            "gateway_sockets_closed_total",
            "WebSockets by who closed them, with the code if it was the gateway.",
            ["by"],
            registry=registry,
        )
