"""What holds for every value, tried on many and compared with naive models."""
