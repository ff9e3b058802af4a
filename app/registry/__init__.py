"""Who grows what, where: organisations, growers, plots, planting areas and their codes."""
