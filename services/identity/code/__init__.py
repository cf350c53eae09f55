"""Six digits sent by mail: issued as an id, made when the letter is written, checked once."""
