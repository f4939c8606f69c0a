"""Pages on which an institution is arranged: posts and who holds them, columns, accounts; and one's own leave."""
