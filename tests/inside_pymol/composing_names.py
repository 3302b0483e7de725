"""Many things that can be mentioned, as a scene of a screening has them."""

from pymolcode_plugin.core.mentions import Mentionable


def names(number):
    kinds = ("object", "object", "object", "selection", "chain", "ligand", "file")
    return tuple(
        Mentionable(kind=kinds[n % len(kinds)], name=f"structure_{n}", written=f"structure_{n}", detail=f"{n:,} atoms")
        for n in sorted(range(number), key=lambda n: n % len(kinds))
    )
