"""The desk: what comes in on paper or by word of mouth, many at a time."""
