"""What arrived from operations, untouched; the integration journal is made from it."""
