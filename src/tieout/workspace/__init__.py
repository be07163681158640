"""The web face: the *Project Operations integration* workspace. A thin door over the verbs (DESIGN D13)."""
