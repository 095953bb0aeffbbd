"""The watch itself: without it the other tests of this folder would pass whatever a page does."""

import pytest


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("<img src='https://fonts.example/a.png'>", "request that leaves this machine: https://fonts.example/a.png"),
        ("<script>console.error('broken')</script>", "console: broken"),
        ("<script>setTimeout(() => { throw new Error('thrown') })</script>", "script: thrown"),
    ],
)
def test_what_a_page_must_not_do_is_noticed(page, watch, content, complaint):
    page.set_content(content)
    page.wait_for_timeout(300)
    assert complaint in watch.complaints
    watch.complaints.clear()


def test_a_quiet_page_is_not_complained_of(page, watch):
    page.set_content("<img alt='' src='data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA='>")
    assert not watch.complaints
