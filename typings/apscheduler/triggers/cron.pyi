from datetime import datetime, tzinfo

class CronTrigger:
    @classmethod
    def from_crontab(cls, expr: str, timezone: tzinfo | None = ...) -> CronTrigger: ...
    def get_next_fire_time(
        self, previous_fire_time: datetime | None, now: datetime
    ) -> datetime | None: ...
