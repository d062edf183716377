"""Groups follow the facts and the calendar, and previews are answered from memory."""
