from pymolcode_plugin.scene.counting import count_each


def test_each_is_counted_and_what_pymol_rejects_counts_nothing(hiv_protease):
    assert count_each(hiv_protease, ("chain A", "resn 478", "chain Z", "no such words", "")) == (758, 35, 0, 0, 0)


def test_when_the_time_is_over_the_rest_is_left(hiv_protease):
    assert count_each(hiv_protease, ("chain A", "chain A"), limit_s=-1) == (758, 0)
