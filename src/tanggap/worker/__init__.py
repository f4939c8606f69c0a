"""The loop that lets time pass: it looks round, and sends what has come due through the same door as everybody."""
