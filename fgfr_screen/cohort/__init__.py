"""Many samples: manifest -> workers around a durable ledger -> results, tables, registry and summary."""
