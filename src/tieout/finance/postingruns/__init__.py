"""Who has journals in hand, and until when: a run holds them by a lease that it renews."""
