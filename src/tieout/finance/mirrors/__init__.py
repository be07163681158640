"""What operations masters and finance looks up, mirrored by maps."""
