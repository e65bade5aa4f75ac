"""One module per sub-command: options -> one library call -> print."""
