"""A code on a box: what a label says, its QR symbol, and the picture or sheet that is printed."""
