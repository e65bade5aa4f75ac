"""What was tested, and what the absence of an event is worth."""
