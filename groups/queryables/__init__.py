"""What rules may ask, for those who write them."""
