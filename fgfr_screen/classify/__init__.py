"""Facts -> class, outcome and reasons of an event."""
