"""Recalls: lots stopped with all that was made of them, who has the goods, what became of them."""
