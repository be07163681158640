"""How strangers' files become records: no database."""
