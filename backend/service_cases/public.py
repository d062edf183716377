"""What other packages may use of cases."""

from backend.service_cases.jobs import case_handlers

__all__ = ["case_handlers"]
