"""Cases of residents: their history of status events, as other systems tell it."""
