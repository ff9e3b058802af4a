"""The HTML edge: pages for the public, the clerk, the inspector and the province."""
