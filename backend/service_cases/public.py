"""What other packages may use of cases."""

from backend.service_cases.intake import Intake, match_waiting_events

__all__ = ["Intake", "match_waiting_events"]
