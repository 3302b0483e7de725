from hypothesis import given
from hypothesis import strategies as st

from pymolcode_plugin.gui.heights import Heights

STEPS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30), st.lists(st.integers(0, 50), max_size=6), st.integers(0, 90)),
    max_size=20,
)


@given(STEPS, st.integers(0, 20), st.integers(-50, 2000), st.integers(0, 300))
def test_tops_are_sums_whatever_was_changed_in_between(steps, margin, height, view):
    heights, plain = Heights(margin), []
    for start, n_out, new, other in steps:
        start = min(start, len(plain))
        heights.splice(start, start + n_out, new)
        plain[start : start + n_out] = new
        heights.top(len(plain))  # reckoned in between, or only at the end
        if plain:
            heights.set(other % len(plain), other)
            plain[other % len(plain)] = other
    tops = [margin + sum(plain[:number]) for number in range(len(plain) + 1)]
    assert [heights.top(number) for number in range(len(plain) + 1)] == tops
    assert heights.total == tops[-1] + margin
    first, last = heights.between(height, height + view)
    reached = [n for n in range(len(plain)) if tops[n] < height + view and tops[n + 1] > height]
    assert set(reached) <= set(range(first, last))
    at = heights.at(height)
    assert at == -1 if not plain else 0 <= at < len(plain)
    if plain and tops[0] <= height < tops[-1]:
        assert tops[at] <= height < tops[at + 1]
