"""Properties of atoms that PyMOL shows to expressions, by PyMOL's names.

Source: https://pymolwiki.org/index.php/Iterate, the exposed variables.
"""

from __future__ import annotations

# In the order in which they are said to whoever used another word. Without coordinates and what is of one state.
# fmt: off
ATOM_PROPERTIES = (
    "name", "resn", "resi", "resv", "chain", "segi", "alt", "elem", "b", "q", "ss", "type", "vdw", "formal_charge",
    "partial_charge", "index", "ID", "rank", "model", "oneletter", "color", "numeric_type", "text_type", "reps",
    "cartoon", "flags", "valence", "geom", "protons", "explicit_degree", "explicit_valence",
)
# fmt: on
