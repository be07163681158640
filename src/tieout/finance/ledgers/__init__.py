"""Legal entities and what their ledgers are made of: accounts, calendars, rates, parameters, profiles."""
