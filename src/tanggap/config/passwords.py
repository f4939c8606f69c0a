"""How passwords are hashed: Argon2id at a cost two cores can bear (19 MiB, two passes; OWASP's first choice)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Django's hasher with less memory: the default of 100 MiB is a lever for whoever wants to stop the server."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
