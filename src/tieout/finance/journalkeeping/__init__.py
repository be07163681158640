"""What a person does to integration journals that are not posted: update to draft, delete."""
