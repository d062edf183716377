"""Every channel's sender against its simulator, beside the rivals that a reader would try."""

from collections.abc import Sequence

from aiohttp import ClientSession

from tests.benchmarks.foundation.channels.fcm import fcm_line
from tests.benchmarks.foundation.channels.load import measure_line
from tests.benchmarks.foundation.channels.mail import mail_line
from tests.benchmarks.foundation.channels.sms import sms_line
from tests.benchmarks.foundation.channels.web_push import web_push_line
from tests.benchmarks.foundation.ground import Ground
from tests.benchmarks.harness.figures import Figure

LINES = (fcm_line, web_push_line, mail_line, sms_line)


async def measure_senders(ground: Ground) -> Sequence[Figure]:
    """Measure the channels one after another; the simulators run in a process of their own."""
    figures: list[Figure] = []
    async with ClientSession() as http:
        for opened in LINES:
            async with opened(ground, http) as line:
                figures += await measure_line(ground, line)
    return figures
