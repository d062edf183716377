"""What every feature stands on; knows no term of the field."""
