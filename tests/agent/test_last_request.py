import json

from pymolcode_plugin.agent.last_request import LastRequest

PICTURE = "iVBORw0KGgo" + "A" * 160_000


def text_of(body, *, url="https://h/v1", headers=None):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return LastRequest("POST", url, headers or {}, body).text


def test_pictures_are_shown_as_their_size_in_both_vendors_formats():
    chat = {
        "messages": [{"content": [{"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PICTURE}"}}]}]
    }
    other = {"content": [{"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PICTURE}}]}
    for body in (chat, other):
        text = text_of(body)
        assert "(picture, 120 kB)" in text
        assert "AAAA" not in text


def test_a_picture_in_a_body_that_is_no_json_is_shown_as_its_size():
    assert text_of(f"not json data:image/png;base64,{PICTURE}".encode()).endswith("not json (picture, 120 kB)")


def test_keys_are_in_neither_headers_nor_address():
    headers = {
        "Authorization": "Bearer canary", "x-api-key": "canary", "Cookie": "a=canary", "api-key": "canary",
        "Proxy-Authorization": "Basic canary", "X-Goog-Api-Key": "canary", "Content-Type": "application/json",
    }  # fmt: skip
    text = text_of({}, url="https://me:canary@h/v1?key=canary&alt=sse", headers=headers)
    assert "canary" not in text
    assert text.startswith("POST https://h/v1?key=********&alt=sse\nContent-Type: application/json\n\n")


def test_it_is_cut_at_a_million_characters_and_says_so():
    text = text_of({"prompt": "x" * 1_500_000})
    assert len(text) < 1_000_100
    assert text.endswith("more characters)")


def test_its_content_is_in_no_repr():
    request = LastRequest("POST", "https://h/canary", {"a": "canary"}, b"canary")
    assert "canary" not in repr(request)


def test_a_body_that_is_no_text_is_still_shown():
    assert "\ufffd" in text_of(b"\xff\xfe")
