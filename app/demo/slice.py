"""What the demo brings: its command."""

from app.core.slices import Slice
from app.demo.cli import demo

SLICE = Slice(
    name="demo",
    commands=(demo,),
)
