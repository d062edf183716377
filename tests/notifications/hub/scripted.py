"""A provider whose answers a test writes down beforehand."""

from collections.abc import Awaitable, Callable, Sequence

from notifications.channels.ports import Channel, Outcome, Outgoing

Answer = Callable[[Sequence[Outgoing]], Awaitable[Sequence[Outcome]]]


class ScriptedSender:
    """A sender for what no simulator does on purpose: several answers at once, or a late moment."""

    def __init__(self, channel: Channel, answer: Answer) -> None:
        """Answer every batch by `answer`."""
        self.channel = channel
        self._answer = answer

    async def send(self, items: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Send, as the script says."""
        return await self._answer(items)

    async def close(self) -> None:
        """Have nothing to close."""
