"""The pages: entrances for people. They read the clock, know the actor, ask queries, and call actions."""
