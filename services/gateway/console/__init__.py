"""What operators look at: samples of how every service stands, taken every few seconds."""
