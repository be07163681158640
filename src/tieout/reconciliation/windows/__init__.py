"""Which dates a question is about: presets of the screens, or any range."""
