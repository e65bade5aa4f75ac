"""`SampleReport` -> str: text for people, JSON for programs, TSV for tables. No decision is made here."""
