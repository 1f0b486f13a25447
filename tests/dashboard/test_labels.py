"""Names of points run into no other name and no point."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ugc.dashboard.look import labels
from ugc.dashboard.look.labels import Point, sides

ALL = ("right", "left", "above", "below")

points = st.lists(
    st.builds(
        Point,
        x=st.floats(0, 400),
        y=st.floats(-300, 300),
        radius=st.floats(1, 20),
        name=st.text(max_size=20),
    ),
    max_size=12,
)


def test_the_first_free_side_is_taken() -> None:
    alone = Point(100, 100, 8, "Price")
    assert sides([alone], 400, ALL) == ["right"]
    near = Point(130, 100, 8, "Speed")
    assert sides([alone, near], 400, ALL) == ["left", "right"]
    assert sides([alone, near], 400, ("right",)) == [None, "right"]
    at_the_edge = Point(395, 100, 8, "Price")
    assert sides([at_the_edge], 400, ALL) == ["left"]
    assert sides([Point(5, 5, 4, "A name that is wider than all")], 60, ALL) == [None]
    assert sides([], 400, ALL) == []


@given(points)
def test_nothing_meets(found: list[Point]) -> None:
    chosen = sides(found, 400, ALL)
    boxes = [labels._label(one, side) for one, side in zip(found, chosen, strict=True) if side]
    for place, box in enumerate(boxes):
        assert box.left >= 0
        assert box.right <= 400
        assert not any(box.meets(other) for other in boxes[place + 1 :])
    for one, side in zip(found, chosen, strict=True):
        circles = [labels._circle(other) for other in found if other is not one]
        assert side is None or not any(labels._label(one, side).meets(circle) for circle in circles)
