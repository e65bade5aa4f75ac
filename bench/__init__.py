"""Paired timings of whole processes against peers; `python -m bench` prints a Markdown table."""
