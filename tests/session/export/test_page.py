import base64
import re

import pytest

from pymolcode_plugin.core.events import ApprovalAnswered, ApprovalAsked, Notice, StepFinished
from pymolcode_plugin.session.export.page import as_page

from .events import asked, said, step, undone

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def body(*events, title="A chat", about=()):
    return as_page(events, title, about)


def test_nothing_that_was_written_or_read_becomes_html():
    text = body(
        asked(EVIL),
        said(EVIL + "\n\n`" + EVIL + "`\n\n[x](javascript:alert(1)) **" + EVIL + "**"),
        *step("a", EVIL, title=EVIL, text=EVIL, diff=EVIL, warnings=(EVIL,), files=(EVIL,)),
        StepFinished(turn_id="t", call_id="z", ok=False, error=EVIL),
        ApprovalAsked(call_id="a", question=EVIL, command=EVIL, effects=(EVIL,)),
        ApprovalAnswered(call_id="a", allowed=False, reason=EVIL),
        Notice(text=EVIL),
        title=EVIL,
        about=(EVIL,),
    )
    assert "<script" not in text
    assert "<img src=x" not in text
    assert "javascript:" not in re.findall(r'href="[^"]*"', text)
    assert text.count("&lt;script&gt;") >= 10


def test_it_is_one_file_that_loads_nothing_and_follows_light_and_dark():
    text = body(asked("Hello"))
    assert "default-src 'none'" in text
    assert "color-scheme: light dark" in text
    assert not re.search(r'(?:src|href)="(?!data:)', text)


def test_pictures_are_inside(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(PNG)
    (tmp_path / "b.png").write_bytes(b"no picture")
    encoded = base64.b64encode(PNG).decode()
    look = step("a", image_png=PNG)
    assert body(*look).count(f"data:image/png;base64,{encoded}") == 1
    saved = step("b", files=(str(path), str(tmp_path / "b.png"), str(tmp_path / "gone.png")))
    text = body(*saved)
    assert text.count("<img") == 1
    assert f"base64,{encoded}" in text


def test_a_step_shows_how_it_went():
    assert 'class="step undone"' in body(*step("a", "zoom"), undone("a"))
    assert 'class="step failed"' in body(*step("a", ok=False, error="no"))
    assert "✓ A step" in body(*step("a", "zoom", diff="moved the view"))


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("# Head\ntext", "<h3>Head</h3>\n<p>text</p>"),
        ("- a\n- **b**", "<ul><li>a</li><li><strong>b</strong></li></ul>"),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        ("```py\na < b\n```\nend", "<pre>a &lt; b</pre>\n<p>end</p>"),
        ("```\nnot closed", "<pre>not closed</pre>"),
        (
            "| a | b |\n|---|---|\n| 1 | `x` |",
            "<th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td><code>x</code>",
        ),
        ("[RCSB](https://www.rcsb.org/a?b=1&c=2)", '<a href="https://www.rcsb.org/a?b=1&amp;c=2">RCSB</a>'),
        ("2 * 3 * 4 and a*b", "<p>2 * 3 * 4 and a*b</p>"),
    ],
)
def test_what_models_write_is_laid_out(markdown, expected):
    assert expected in body(said(markdown))
