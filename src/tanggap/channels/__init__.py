"""Wire formats, one module per channel: pure, they know neither database nor case."""
