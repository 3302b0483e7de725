"""`python -m tests.bench [NAME …]`: measures and prints a table; fails only when a measurement fails, not on a goal."""

import importlib
import sys

MODULES = ("start", "queue", "panel", "transcript", "sessions", "composer", "scene", "long_work", "wire", "model")


def main():
    rows = [
        row for name in sys.argv[1:] or MODULES for row in importlib.import_module(f".{name}", __package__).measure()
    ]
    width = max(len(row.name) for row in rows)
    print(f"\n{'measured':{width}}  goal        met  value")
    for row in rows:
        print(f"{row.name:{width}}  {row.goal:10}  {'yes' if row.ok else 'NO ':3}  {row.value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
