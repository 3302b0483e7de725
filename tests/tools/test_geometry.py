import math

from hypothesis import given
from hypothesis import strategies as st

from pymolcode_plugin.core.scene import AtomRow
from pymolcode_plugin.tools import geometry

numbers = st.floats(-50, 50)


def atom(xyz):
    x, y, z = xyz
    return AtomRow(object="o", chain="A", resn="GLY", resi="1", name="CA", element="C", b=0, x=x, y=y, z=z)


groups = st.lists(st.tuples(numbers, numbers, numbers).map(atom), min_size=1, max_size=15)


@given(groups, groups)
def test_the_nearest_pair_is_that_of_all_pairs(first, second):
    distance, one, other = geometry.nearest(first, second)
    assert distance == min(math.dist(geometry.xyz(a), geometry.xyz(b)) for a in first for b in second)
    assert distance == math.dist(geometry.xyz(one), geometry.xyz(other))
    assert one in first
    assert other in second
