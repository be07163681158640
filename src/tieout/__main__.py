"""``python -m tieout``: the same as ``tieout``."""

from tieout.config.program import run

if __name__ == "__main__":
    run()
