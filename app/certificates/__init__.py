"""Who certified what, where, for which crops, from when until when."""
